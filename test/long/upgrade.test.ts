/** A swarm that an earlier skep began: the next host takes it over and brings it to its end under its own rules. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { createLogger } from "../../src/base/logger.ts";
import { RULES } from "../../src/domain/model.ts";
import { CONTINUED } from "../../src/domain/upgrade.ts";
import { openProject } from "../../src/engine/project.ts";
import { HARNESSES, harnessIds } from "../../src/harness/index.ts";
import { skep } from "../cli/support/skep.ts";
import { makeRig, type Rig } from "../e2e/support/rig.ts";
import { TWO_TASKS } from "../e2e/support/two-tasks.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

const [EARLIER = 0] = CONTINUED;

/** As if an earlier version had written it; nobody has the log open. */
function rewrite(log: string, rules: number): void {
  const text = readFileSync(log, "utf8");
  writeFileSync(log, text.replace(`"rules":${RULES},`, `"rules":${rules},`));
}

test("[host.upgrade] a swarm of earlier rules is finished and landed by this version, and one of later rules says what to do", async () => {
  const rig = await makeRig({ playbook: TWO_TASKS });
  rigs.push(rig);
  const at = { cwd: rig.repo.root, env: rig.env };
  const asleep = await openProject({
    ...{ clock: systemClock, logger: createLogger("test", "silent"), env: process.env, cwd: rig.repo.root },
    ...{ harnesses: new Map(harnessIds.map((id) => [id, HARNESSES[id]])), startHost: false },
  });
  const { handle } = await asleep.create({ goal: "Write two files", team: "minimal", flags: {} });
  await asleep.close();
  const log = path.join(rig.project.home, "swarms", handle.id, "events.jsonl");
  rewrite(log, EARLIER);
  const early = await skep(["pause", handle.id], at);
  expect(early).toMatchObject({ code: 1, stderr: expect.stringContaining("VERSION_SKEW") });

  const swarm = await rig.project.open(handle.id);
  expect(swarm.state.rules).toBe(EARLIER);
  await rig.project.wantHost();
  await rig.until(swarm, "the end", (state) => state.status === "completed" && state.closed);
  const events = (await swarm.events(0)).flatMap((commit) => commit.events);
  expect(events.filter(({ type }) => type === "rules_raised")).toEqual([{ type: "rules_raised", from: EARLIER, to: RULES }]);
  expect(await skep(["land", handle.id], at)).toMatchObject({ code: 0 });
  expect(rig.repo.git("status", "--porcelain")).toBe("");

  writeFileSync(log, readFileSync(log, "utf8").replace(`"to":${RULES}}`, `"to":${RULES + 7}}`));
  const late = await skep(["undo", "t1", "--swarm", handle.id], at);
  expect(late).toMatchObject({ code: 1, stderr: expect.stringContaining("Next: update skep (npm install -g skep@latest)") });
}, 120_000);
