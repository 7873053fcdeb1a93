/**
 * What a killed host leaves running: a session it had not written down yet, what a session's agent started and let go of, a
 * check. The next host ends each of them before it goes on, and touches nothing beside them.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { identify } from "../../src/proc/identity.ts";
import { e2eMain, makeRig, type Rig } from "../e2e/support/rig.ts";
import { TWO_TASKS } from "../e2e/support/two-tasks.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

const DEAF = `process.on("SIGTERM", () => undefined);
require("node:fs").writeFileSync(process.argv[2], String(process.pid));
setInterval(() => undefined, 1000);
`;
/** Starts it in a session of its own and ends: nothing but what it inherited leads from it to the agent. */
const LET_GO = `require("node:child_process")
  .spawn(process.execPath, ["deaf.cjs", process.argv[2]], { detached: true, stdio: "ignore" }).unref();
`;
/** Hangs the first time, passes from then on. */
const CHECK = `if (!require("node:fs").existsSync(process.argv[2])) require("./deaf.cjs");
`;
const pids = (file: string): readonly number[] =>
  existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").filter(Boolean).map(Number) : [];

test("[host.leftovers] the next host ends what a killed one left: a session not yet written down, what an agent let go of, a check; strangers in the same folder stay", {
  timeout: 150_000,
}, async () => {
  const folder = tempDir("left");
  const [sessions, stray, check] = ["sessions", "stray", "check"].map((name) => path.join(folder, name)) as [string, string, string];
  const stays = fileURLToPath(new URL("../bin/stays.mjs", import.meta.url));
  const main = await e2eMain();
  const rig = await makeRig({
    playbook: TWO_TASKS.replace("- sleepMs: 0", `- run: [node, let-go.cjs, ${stray}]\n      - sleepMs: 4000`),
    files: { "deaf.cjs": DEAF, "let-go.cjs": LET_GO, "check.cjs": CHECK },
    config: `checks: {commands: [{name: test, argv: [node, check.cjs, ${check}]}]}`,
    harness: (scripted) => [
      "  default: scripted",
      `  adapters: ${JSON.stringify({ scripted: { settings: { ...(scripted as object), entry: [stays, sessions, main] } } })}`,
    ],
  });
  rigs.push(rig);
  rig.killAt(["after start_session"]);
  const swarm = await rig.create("Write two files");

  await rig.until(swarm, "a session that is written down", (state) => [...state.sessions.values()].some(({ status }) => status === "live"));
  expect(rig.killsLeft()).toEqual([]);
  const [unwritten = 0] = pids(sessions);
  await until(() => pids(sessions).length > 1, { what: "the next run of that session" });
  expect(identify(unwritten)).toBeNull();

  const letGo = await until(() => pids(stray)[0], { what: "the agent's program", timeoutMs: 60_000 });
  const { id, run, worktree } = await rig.until(swarm, "its session", ({ sessions }) => {
    const session = [...sessions.values()].find(({ job, worktree }) => job.kind === "task" && worktree !== null);
    return session ? { id: session.id, run: session.run, worktree: session.worktree ?? "" } : null;
  });
  const idle = ["-e", "setInterval(() => undefined, 1000)"];
  const env = { ...process.env, SKEP_SESSION: `${swarm.id}0/${id}`, SKEP_STEP: `${swarm.id}0` };
  const strangers = [process.env, env].map((own) => spawn(process.execPath, idle, { cwd: worktree, env: own, stdio: "ignore" }));
  try {
    rig.killHost();
    await rig.until(swarm, "the session's next run", (state) => (state.sessions.get(id)?.run ?? 0) > run);
    expect(identify(letGo)).toBeNull();

    const hangs = await until(() => pids(check)[0], { what: "the check", timeoutMs: 60_000 });
    rig.killHost();
    await rig.until(swarm, "the end", (state) => state.status === "completed" && state.closed, 90_000);
    expect(identify(hangs)).toBeNull();
    expect(strangers.map(({ exitCode, signalCode }) => [exitCode, signalCode])).toEqual([
      [null, null],
      [null, null],
    ]);
    expect(rig.hostLog()).toContain("ended what an earlier host left running");
    expect(swarm.state.tasks.get("t1" as never)).toMatchObject({ status: "merged", attempt: 2 });
  } finally {
    for (const one of strangers) one.kill("SIGKILL");
  }
  await until(() => pids(sessions).every((pid) => identify(pid) === null), { what: "every session's program was gone" });
});
