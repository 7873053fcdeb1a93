/** A key that is locked when the first task is to be merged: a person is asked, unlocks it, and everything is signed once. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { skep } from "../cli/support/skep.ts";
import { makeRig, type Rig } from "../e2e/support/rig.ts";
import { TWO_TASKS } from "../e2e/support/two-tasks.ts";
import { checkoutState } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

/** A home whose signing program signs once the file `unlocked` is there. */
function userHome(): { readonly home: string; unlock(): void } {
  const home = tempDir("home");
  const signs = path.join(home, "gpg");
  const unlocked = path.join(home, "unlocked");
  const text = `[ -e '${unlocked}' ] || { echo "gpg: the agent is locked" >&2; exit 2; }
cat > /dev/null; echo "-----SIGNED-----"; echo "[GNUPG:] SIG_CREATED D" >&2`;
  writeFileSync(signs, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  writeFileSync(path.join(home, ".gitconfig"), `[gpg]\n\tprogram = ${signs}\n`);
  return { home, unlock: () => writeFileSync(unlocked, "") };
}

test("[merge.sign.live] a swarm that cannot sign asks, signs after the answer though its host is killed, runs the hook, and lands signed", async () => {
  const { home, unlock } = userHome();
  const env = { HOME: home, XDG_CONFIG_HOME: "" };
  const rig = await makeRig({ playbook: TWO_TASKS, config: "merge: {sign: always, hooks: [commit-msg]}\nland: {strategy: squash}", env });
  rigs.push(rig);
  const hooks = path.join(rig.repo.commonDir, "hooks");
  mkdirSync(hooks, { recursive: true });
  // A message that is another each time: a repeat must still find what was merged.
  writeFileSync(path.join(hooks, "commit-msg"), '#!/bin/sh\necho "Ticket: $$" >> "$1"\n', { mode: 0o755 });
  const before = checkoutState(rig.repo);
  const swarm = await rig.create("Write two files");
  const gate = await rig.until(swarm, "the gate", ({ gates, openGates }) => gates.get([...openGates][0] as never) ?? null, 100_000);
  expect(gate).toMatchObject({ kind: "signing", task: "t1", question: expect.stringContaining("could not be signed") });
  const { branch, base } = swarm.state;
  expect(rig.repo.git("rev-parse", branch)).toBe(base);
  unlock();
  rig.killAt(["after merge_task", "after merge_task"]);
  expect((await skep(["answer", gate.id, "retry"], { cwd: rig.repo.root, env })).code).toBe(0);
  await rig.until(swarm, "the end", (state) => state.status === "completed" && state.closed, 100_000);
  expect(rig.killsLeft()).toEqual([]);
  expect(checkoutState(rig.repo)).toEqual(before);

  const shas = rig.repo.git("rev-list", `${base}..${branch}`).split("\n");
  expect(shas.length).toBe(2);
  expect((await skep(["land"], { cwd: rig.repo.root, env })).code).toBe(0);
  for (const sha of [...shas, rig.repo.git("rev-parse", "main")]) {
    const commit = rig.repo.git("cat-file", "commit", sha);
    expect(commit).toContain("gpgsig -----SIGNED-----");
    expect(commit).toMatch(/\nTicket: \d+/);
  }
}, 240_000);
