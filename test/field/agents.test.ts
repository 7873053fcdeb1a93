/** Signs of life, and who is ended for the lack of them. Screens, words and guesses are none. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { EngineCommand } from "../../src/domain/commands.ts";
import type { Effect } from "../../src/domain/effects.ts";
import { endHost } from "../../src/engine/host/occupy.ts";
import { claudeCodec } from "../../src/harness/claude-codec.ts";
import { cleanEnv } from "../../src/proc/env.ts";
import { spawnGroup } from "../../src/proc/group.ts";
import { identify, thisProcess } from "../../src/proc/identity.ts";
import { groupLives } from "../../src/proc/tree.ts";
import { id, usualResult } from "../domain/world.ts";
import { orderFor } from "../harness/support/order.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";
import { calls, die, gates, HOUR, submit, task, working } from "./support/flow.ts";

test("[field.quiet-killed] a healthy agent that prints nothing is killed: its files count as work, and what cannot be told ends nobody", () => {
  for (const found of [
    { readable: true, files: true },
    { readable: false, files: false },
  ]) {
    const world = working();
    let looks = 0;
    for (let stall = 0; stall < 6; stall += 1) {
      world.now += world.state.limits.supervision.stallMs;
      const look = world.owed().find(({ kind }) => kind === "look_at_session");
      if (look?.kind !== "look_at_session") continue;
      const { session, run, due } = look;
      const active = found.files ? ({ at: world.now, by: "files" } as const) : null;
      world.must({ type: "record_look", session, run, ...due, active, readable: found.readable, reachable: true });
      looks += 1;
    }
    expect(looks).toBeGreaterThanOrEqual(3);
    expect(world.session("dev-0"), JSON.stringify(found)).toMatchObject({ status: "live", turn: "running", watch: { probe: null } });
    expect(world.owed().map(({ kind }) => kind)).not.toContain("stop_session");
  }
});

test("[field.killed-unasked] a supervisor ends a worker it never spoke to: it is told, then warned of, then asked, and ended last", () => {
  const world = working();
  const did: string[] = [];
  for (let stall = 0; stall < 3; stall += 1) {
    world.now += world.state.limits.supervision.stallMs;
    const look = world.owed().find(({ kind }) => kind === "look_at_session");
    if (look?.kind !== "look_at_session") throw new Error("nobody looks");
    const { session, run, due } = look;
    world.must({ type: "record_look", session, run, ...due, active: null, readable: true, reachable: true });
    did.push(...(world.history.at(-1)?.events ?? []).flatMap((event) => (event.type === "session_stalled" ? [event.does] : [])));
  }
  expect(did).toEqual(["nudge", "warn", "end"]);
  expect(world.session("dev-0")).toMatchObject({ status: "live" });
  expect(world.owed().map(({ kind }) => kind)).toContain("probe_session");
});

test("[field.spinner] a spinner on the screen counts as work: of a program's output only its own events are signs of life", () => {
  const codec = claudeCodec(orderFor({}));
  for (const line of ["⠋ Thinking… (esc to interrupt)", "\u001b[2K✻ Working (12s)", ""]) {
    const heard = codec.read(line);
    expect(heard.filter(({ type }) => type !== "noise")).toEqual([]);
  }
  expect(codec.read(JSON.stringify({ type: "assistant", message: { content: [{ type: "text", text: "hm" }] } }))).not.toEqual([]);
});

test("[field.quoted-error] an agent that writes about rate limits is taken for one that hit them: only failed turns name a problem", () => {
  const codec = claudeCodec(orderFor({}));
  const text = "I handled `429 rate limit exceeded: quota` in fetch.ts";
  const said = codec.read(JSON.stringify({ type: "assistant", message: { content: [{ type: "text", text }] } }));
  const result = { type: "result", subtype: "success", is_error: false, result: text, total_cost_usd: 0, usage: {} };
  const ended = codec.read(JSON.stringify(result));
  expect(ended).toContainEqual(expect.objectContaining({ type: "turn_ended", ok: true }));
  for (const event of [...said, ...ended]) expect(event).not.toHaveProperty("problem");
});

test("[field.error-as-timeout] an agent that fails at once is reported as a timeout much later: its end is told when it ends, with the reason", () => {
  const world = working();
  const before = world.now;
  die(world, "dev-0", "exited with code 7: no such model");
  expect(world.now).toBe(before);
  expect(task(world).history).toMatchObject([{ result: "lapsed", why: "exited with code 7: no such model" }]);
});

test("[field.orphans] programs that an agent started outlive it: the whole process group goes, also what ignores signals", async () => {
  const child = "process.on('SIGTERM', () => {}); console.log(process.pid); setInterval(() => {}, 1000)";
  const script = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], { stdio: "inherit" })`;
  const group = await spawnGroup([process.execPath, "-e", script], { cwd: tempDir(), env: cleanEnv(process.env) });
  if (!group.started) throw new Error(group.problem);
  const { value } = await group.lines[Symbol.asyncIterator]().next();
  expect(identify(Number(value))).not.toBeNull();
  await group.end(50);
  await until(() => identify(Number(value)) === null, { what: "the grandchild to be gone" });
  expect(groupLives(group.pid)).toBe(false);
});

test("[field.wrong-kill] a stop hits another program that has the number by now: only the process that was started is ended", async () => {
  const other = spawn(process.execPath, ["-e", "process.stdin.pipe(process.stdout)"], { stdio: ["pipe", "pipe", "ignore"] });
  await once(other, "spawn");
  const pid = other.pid ?? 0;
  await endHost({ ...thisProcess(), id: "h1", pid, start: "1" }, systemClock, "SIGKILL");
  other.stdin.write("still here");
  expect(String((await once(other.stdout, "data"))[0])).toBe("still here");
  await endHost({ ...thisProcess(), id: "h1", pid, start: identify(pid) ?? "" }, systemClock, "SIGKILL");
  await until(() => other.signalCode === "SIGKILL", { what: "the program to be ended under its own name" });
});

test("[field.inherited-secrets] workers inherit every secret of the user's shell: an allow-list goes in, and skep's own tokens never", () => {
  const mine = { PATH: "/bin", HOME: "/h", AWS_SECRET_ACCESS_KEY: "a", GITHUB_TOKEN: "g", SKEP_TOKEN: "t", DB_PASSWORD: "p" };
  expect(cleanEnv(mine, {}, Object.keys(mine))).toEqual({ PATH: "/bin", HOME: "/h" });
});

test("[field.nudged-for-ever] a worker that does nothing is nudged or continued without end: one reminder, then its attempt is over", () => {
  const world = working();
  world.endTurn("dev-0");
  world.settle();
  expect(world.session("dev-0")).toMatchObject({ nudged: true, turn: "running" });
  world.endTurn("dev-0");
  world.settle();
  expect(task(world).history).toMatchObject([{ attempt: 1, result: "lapsed" }]);
});

test("[field.words-only] an agent that reports and does nothing is continued turn after turn: its turns without progress are counted, then it is told, then replaced", () => {
  const world = working();
  world.must({ type: "report_progress", task: id.task("t1"), attempt: 1, progress: "begun" }, world.by("dev-0"));
  const { id: session } = world.session("dev-0");
  const words: string[] = [];
  // In its place a model would answer the last question, too.
  const answered = (effect: Effect): EngineCommand =>
    effect.kind === "probe_session"
      ? { type: "record_probe", session: effect.session, run: effect.run, answered: true, note: "begun" }
      : usualResult(world.state, effect);
  for (let turns = 0; turns < 60 && world.state.sessions.get(session)?.restarts === 0; turns += 1) {
    world.endTurn("dev-0");
    for (let owed = world.owed(); owed.length + world.due().length > 0; owed = world.owed()) {
      for (const command of world.due()) world.send(command);
      for (const effect of owed) {
        if (effect.kind === "start_turn") words.push(effect.turn.kind);
        world.send(answered(effect));
      }
    }
  }
  expect(words).toEqual(["nudge", "nudge", "nudge", "nudge", "nudge", "idle"]);
  expect(world.session("dev-0")).toMatchObject({ id: session, restarts: 1, turn: "running" });
  expect(task(world)).toMatchObject({ attempt: 1, status: "claimed" });
});

test("[field.gate-swept] a question that waits for a person is swept away as a stuck step: it stays open for as long as it takes", () => {
  const world = working();
  const question = { title: "CSV?", question: "CSV?", options: ["yes", "no"], fallback: null, minutes: null };
  world.must({ type: "ask_human", ...question }, world.by("dev-0"));
  world.endTurn("dev-0");
  world.settle();
  for (let days = 0; days < 3; days += 1) {
    world.now += 24 * HOUR;
    world.settle();
  }
  expect(gates(world)).toMatchObject([{ kind: "ask", status: "open", answer: null }]);
  expect(task(world)).toMatchObject({ status: "claimed", attempt: 1 });
  world.must({ type: "answer_gate", gate: gates(world)[0]?.id as never, answer: "yes" }, { kind: "operator" });
  world.settle();
  expect(world.session("dev-0").turn).toBe("running");
});

test("[field.idle-burn] an idle swarm burns tokens on patrols and pings: while nothing changes no model is called, for days", () => {
  const world = working();
  submit(world);
  const question = { title: "CSV?", question: "CSV?", options: [], fallback: null, minutes: null };
  world.must({ type: "ask_human", ...question }, world.by("reviewer"));
  world.endTurn("reviewer");
  world.settle();
  const asked = world.history.length;
  for (let hour = 0; hour < 72; hour += 1) {
    world.now += HOUR;
    expect([calls(world), world.due().filter(({ type }) => type === "start_job" || type === "nudge_session")]).toEqual([[], []]);
    world.settle();
  }
  const since = world.history.slice(asked).flatMap(({ events }) => events.map(({ type }) => type));
  expect(since.filter((type) => /turn_started|session_started/.test(type))).toEqual([]);
  expect(world.state.seats.get(id.seat("queen"))?.spent.turns).toBe(1);
});
