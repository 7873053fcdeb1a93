/**
 * What a killed host leaves running: a session it had not written down yet, what a session's agent started and let go of, a
 * check. The next host ends each of them before it goes on, and touches nothing beside them.
 */
import { spawn } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";
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

test("[host.leftovers][supervision.last-words] the next host ends what a killed one left: a session not yet written down, what an agent let go of, a check; strangers in the same folder stay", {
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
    // The crash of the first attempt, and the sessions that were asked to end.
    const ends = (await swarm.events(0)).flatMap(({ events }) =>
      events.flatMap((event) => (event.type === "session_ended" ? [event] : [])),
    );
    expect(ends.some(({ lapsed }) => lapsed) && ends.some(({ lapsed }) => !lapsed)).toBe(true);
    for (const { output } of ends) {
      const words = output === null ? "" : await swarm.read(output);
      expect(words).toMatch(/my key is \[redacted\], my last words\n$/);
      expect(words.length).toBeLessThanOrEqual(4_000);
    }
  } finally {
    for (const one of strangers) one.kill("SIGKILL");
  }
  await until(() => pids(sessions).every((pid) => identify(pid) === null), { what: "every session's program was gone" });
});

test("[host.leftovers.stopped] a swarm that is stopped while no host runs: the next host ends its sessions and puts its worktrees away", {
  timeout: 90_000,
}, async () => {
  const sessions = path.join(tempDir("left"), "sessions");
  const stays = fileURLToPath(new URL("../bin/stays.mjs", import.meta.url));
  const main = await e2eMain();
  const rig = await makeRig({
    playbook: TWO_TASKS.replace("- call: plan_submit", "- sleepMs: 60000\n  - call: plan_submit"),
    harness: (scripted) => [
      "  default: scripted",
      `  adapters: ${JSON.stringify({ scripted: { settings: { ...(scripted as object), entry: [stays, sessions, main] } } })}`,
    ],
  });
  rigs.push(rig);
  const swarm = await rig.create("Write two files");
  const worktree = await rig.until(
    swarm,
    "the queen",
    (state) => [...state.sessions.values()].find(({ status }) => status === "live")?.worktree ?? null,
  );
  const pid = await until(() => pids(sessions)[0], { what: "her program" });
  const { keeper } = JSON.parse(readFileSync(path.join(rig.project.home, "host", "keeper.json"), "utf8")) as { keeper: { pid: number } };
  process.kill(keeper.pid, "SIGKILL");
  rig.killHost();
  expect(await swarm.submit({ type: "stop_swarm", why: "enough" }, { kind: "operator" })).toMatchObject({ ok: true });
  expect(identify(pid)).not.toBeNull();
  expect(await rig.project.wantHost()).toBe(true);
  await rig.until(swarm, "the end", (state) => state.status === "stopped" && state.closed && state.sessions.size === 0);
  expect([identify(pid), existsSync(worktree)]).toEqual([null, false]);
});

test("[engine.start.undone] a program that cannot be started: the reason and the next step are on record, nothing is left of the start, and the same attempt goes on once it can", {
  timeout: 120_000,
}, async () => {
  const folder = tempDir("program");
  const program = path.join(folder, "worker.mjs");
  const one = fileURLToPath(new URL("../bin/one-task.mjs", import.meta.url));
  const put = (): void => copyFileSync(one, program);
  put();
  const settings = {
    argv: [program, "{mcp_file}"],
    output: { text: "text", error: "error" },
    entry: ["--import", import.meta.resolve("tsx"), fileURLToPath(new URL("../bin/command-runner.ts", import.meta.url))],
  };
  const rig = await makeRig({
    playbook: TWO_TASKS,
    harness: (scripted) => [
      "  default: scripted",
      `  adapters: ${JSON.stringify({ scripted: { settings: scripted }, command: { settings } })}`,
      "  roles: {developer: {harness: command}}",
    ],
  });
  rigs.push(rig);
  const swarm = await rig.create("Write two files");
  rmSync(program);
  const failed = await rig.until(swarm, "the failed start", (state) => {
    const [key, failure] = [...state.failures].find(([key]) => key.startsWith("start_session:")) ?? [];
    const session = [...state.sessions.values()].find(({ id }) => key?.startsWith(`start_session:${id}-`));
    return failure && session ? { error: failure.error, id: session.id, tokenHash: session.tokenHash, proc: session.proc } : null;
  });
  expect(failed).toMatchObject({
    error: expect.stringMatching(/^HARNESS_MISSING: command was not found: .+ Next: install it/),
    tokenHash: null,
    proc: null,
  });
  expect(existsSync(path.join(rig.project.home, "swarms", swarm.id, "sessions", failed.id))).toBe(false);
  put();
  await rig.until(swarm, "the end", (state) => state.status === "completed" && state.closed, 90_000);
  expect(swarm.state.tasks.get("t1" as never)).toMatchObject({ status: "merged", attempt: 1 });
  expect(swarm.state.gates.size).toBe(0);
});
