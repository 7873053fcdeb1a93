/** A swarm with many open tasks and live workers, made through the ports, and the way of one task through a worker's hands. */
import { systemClock } from "../src/base/clock.ts";
import type { SeatId, SessionId, TaskId } from "../src/base/ids.ts";
import type { Actor, Command } from "../src/domain/commands.ts";
import { decide } from "../src/domain/decide.ts";
import type { Event } from "../src/domain/events.ts";
import { evolve } from "../src/domain/evolve.ts";
import { DEFAULT_FLOODS } from "../src/domain/flood.ts";
import { DEFAULT_LIMITS } from "../src/domain/limits.ts";
import type { SeatSpec, TaskSpec } from "../src/domain/model.ts";
import { emptyState } from "../src/domain/state.ts";
import { type Ledger, openLedger, type Rules } from "../src/engine/ledger.ts";
import type { Log } from "../src/store/ports.ts";
import { SWARM } from "./stage.ts";

export const RULES_OF_DOMAIN: Rules = { decide, evolve, emptyState, clock: systemClock };
const ENGINE: Actor = { kind: "engine", epoch: 1 };
const PROC = { pid: 1, start: "1", machine: "bench", boot: "bench" };
const TASKS_PER_COMMIT = 60;

const seatId = (n: number): SeatId => `dev-${n}` as SeatId;
const sessionId = (n: number): SessionId => `session-${n}` as SessionId;

function seat(name: string, duty: SeatSpec["duty"]): SeatSpec {
  return { seat: name as SeatId, role: duty === "worker" ? "developer" : duty, duty, harness: "scripted", provider: "bench", model: null };
}

function task(n: number): TaskSpec {
  return {
    id: `t-${n}` as TaskId,
    title: `Change file ${n}`,
    role: "developer",
    files: [`src/file-${n}.ts`],
    after: [],
    criteria: 1,
    proof: "tests_pass",
    meets: [1],
    risk: "normal",
    text: "{}",
  };
}

/** `tasks` open tasks and `workers` seats with a live session each, in a log of `commits` or as few as that takes. */
export async function fillSwarm(log: Log, tasks: number, workers: number, commits = 0): Promise<void> {
  const seats = [
    seat("queen-0", "queen"),
    seat("rev-0", "reviewer"),
    ...Array.from({ length: workers }, (_, n) => seat(seatId(n), "worker")),
  ];
  const ledger = await openLedger(log, RULES_OF_DOMAIN);
  const facts = {
    goal: "bench",
    title: "bench",
    team: "minimal",
    solo: false,
    base: "b",
    branch: "skep/bench",
    target: null,
    unseen: [],
    settings: "{}",
  };
  await must(
    ledger,
    {
      type: "create_swarm",
      swarm: SWARM,
      ...facts,
      limits: { ...DEFAULT_LIMITS, floods: { ...DEFAULT_FLOODS, commits: 1_000_000 }, workers },
      seats,
      task: null,
    },
    { kind: "operator" },
  );
  await must(ledger, { type: "take_lease", over: 0, holder: { id: "bench", ...PROC }, address: "http://127.0.0.1:1/mcp" }, ENGINE);
  await must(ledger, { type: "record_opened", tip: "b" }, ENGINE);
  let seq = ledger.state.seq;
  const add = async (events: readonly Event[]): Promise<void> => {
    const { outcome } = await log.append(seq++, { at: systemClock.now(), by: "engine", command: "bench", events });
    if (outcome !== "won") throw new Error("somebody else writes to the bench's log");
  };
  for (let from = 0; from < tasks; from += TASKS_PER_COMMIT) {
    const specs = Array.from({ length: Math.min(TASKS_PER_COMMIT, tasks - from) }, (_, n) => task(from + n));
    await add(
      specs.flatMap(
        (spec) =>
          [
            { type: "task_proposed", spec, by: seatId(0) },
            { type: "task_moved", task: spec.id, to: "open" },
          ] satisfies Event[],
      ),
    );
  }
  for (let n = 0; n < workers; n++) await add(liveSession(n));
  while (seq < commits) await add([{ type: "progress_noted", task: "t-0" as TaskId, progress: `step ${seq}` }]);
  await log.sync();
}

function liveSession(n: number): Event[] {
  const session = sessionId(n);
  return [
    { type: "session_wanted", session, seat: seatId(n), job: { kind: "task", task: "t-0" as TaskId, attempt: 1 } },
    { type: "worktree_opened", session, path: "/nowhere", base: "b", conflict: [], discarded: [] },
    { type: "session_started", session, run: 1, epoch: 1, proc: PROC, cli: "bench", turn: "running" },
  ];
}

/** Claim, submit, commit: three durable commands, after which worker `n` is free again. Null when nothing is open. */
export async function workOne(ledger: Ledger, n: number): Promise<string | null> {
  const worker: Actor = { kind: "session", seat: seatId(n), session: sessionId(n), run: 1 };
  const claim = await ledger.submit({ type: "claim_task", task: null }, worker);
  if (!claim.ok) {
    if (claim.refusal.code === "NO_TASK") return null;
    throw new Error(`claim_task: ${claim.refusal.code} ${claim.refusal.message}`);
  }
  const claimed = claim.events.find((event) => event.type === "task_claimed");
  if (!claimed) throw new Error("a claim without its event");
  const { task: id, attempt } = claimed;
  await must(ledger, { type: "submit_task", task: id, attempt, evidence: [1], submission: "{}" }, worker);
  await must(ledger, { type: "record_commit", task: id, attempt, submission: 1, sha: "a".repeat(40), outside: [], conflict: [] }, ENGINE);
  return id;
}

async function must(ledger: Ledger, command: Command, actor: Actor): Promise<void> {
  const answer = await ledger.submit(command, actor);
  if (!answer.ok) throw new Error(`${command.type}: ${answer.refusal.code} ${answer.refusal.message}`);
}
