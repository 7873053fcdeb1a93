/** Random moves for property tests: mostly what could really happen in a state, sometimes what must be refused. */
import fc from "fast-check";
import type { GateId, SeatId, TaskId } from "../../src/base/ids.ts";
import type { Actor, AgentCommand, Command } from "../../src/domain/commands.ts";
import { queenOwes } from "../../src/domain/job.ts";
import type { Session, State, TaskSpec } from "../../src/domain/model.ts";
import type { ProblemFact } from "../../src/domain/provider.ts";
import { react } from "../../src/domain/react.ts";
import { dayOf } from "../../src/domain/spend.ts";
import { contribution } from "./collab-moves.ts";
import { approval, plan, taskSpec, USAGE, usualResult, type World } from "./world.ts";

/** Three numbers that a mover turns into one command for the state it meets. */
export interface Move {
  readonly kind: number;
  readonly a: number;
  readonly b: number;
}
export const move: fc.Arbitrary<Move> = fc.record({ kind: fc.nat({ max: 99 }), a: fc.nat({ max: 999 }), b: fc.nat({ max: 999 }) });

export interface Sent {
  readonly command: Command;
  readonly actor: Actor;
}
const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(list.length, 1)];

const PLANS: readonly (readonly TaskSpec[])[] = [
  [taskSpec("t1")],
  [taskSpec("t1"), taskSpec("t2"), taskSpec("t3", ["t1", "t2"])],
  [taskSpec("t1"), taskSpec("t2", ["t1"]), taskSpec("t3", ["t2"]), taskSpec("t4")],
  [taskSpec("t2"), taskSpec("t5", ["t2"])],
];

/** The command a move stands for in this world, or null when it stands for nothing. Some moves let time pass. */
export function interpret(world: World, { kind, a, b }: Move): Sent | null {
  const { state } = world;
  if (kind < 50) return engineMove(world, kind, a);
  if (kind < 54) {
    world.now += pick([100, 5_000, 60_000, 700_000, 6_000_000], a) ?? 0;
    return null;
  }
  if (kind < 90) return agentMove(world, a, b);
  return wildMove(state, kind, a, b);
}

/** Due commands and effect results, some of them bad news. */
function engineMove(world: World, kind: number, a: number): Sent | null {
  const { state } = world;
  const { effects, due } = react(state, world.now);
  const actor = world.engine;
  const command = pick(due, a);
  if (command && kind < 20) return { command, actor };
  const effect = pick(effects, a);
  if (!effect) return command ? { command, actor } : turnEnd(world, a);
  const usual = usualResult(state, effect);
  if (kind >= 46) {
    const failed = { type: "fail_effect" as const, key: effect.key, error: "broke" };
    const commits = usual.type === "record_merge" || usual.type === "record_undo";
    return { command: commits && a % 2 === 0 ? { ...failed, unmade: a % 4 === 0 ? "signing" : "hook" } : failed, actor };
  }
  if (kind >= 41 && usual.type === "record_commit")
    return { command: { ...usual, ...(a % 2 ? { sha: null } : { outside: ["other.ts"] }) }, actor };
  if (kind >= 32 && usual.type === "record_commit") return { command: { ...usual, ...looks(a) }, actor };
  if (kind >= 38 && usual.type === "record_checks") {
    // The tests fail, a metric is missed, or it is reached while the tests fail.
    const passed = a % 3 === 1;
    const measured = { check: "metric", passed, input: "i", ms: 1, measured: [{ name: "speed", value: a, wanted: "at most 9" }] };
    const checks = [{ check: "commands", passed: false, input: "i", ms: 1 }, ...(a % 3 === 0 ? [] : [measured])];
    return { command: { ...usual, checks, findings: "[]", findingsCount: 1 }, actor };
  }
  if (kind >= 30 && usual.type === "record_verify") return { command: { ...usual, outcome: badVerify(usual, a) }, actor };
  if (kind >= 38 && usual.type === "record_merge") {
    if (a % 5 === 0) return { command: { ...usual, outcome: { kind: "changed" } }, actor };
    const outcome = a % 3 === 0 ? { kind: "foreign" as const, tip: "strange" } : { kind: "conflict" as const, paths: ["src/x.ts"] };
    return { command: { ...usual, outcome }, actor };
  }
  if (kind >= 40 && usual.type === "record_undo") {
    const outcome = { kind: "refused" as const, why: "later work", on: usual.task, paths: ["src/x.ts"], later: [] };
    return { command: { ...usual, outcome }, actor };
  }
  if (kind >= 43 && usual.type === "record_worktree")
    return { command: { type: "fail_setup", session: usual.session, output: "npm ci failed" }, actor };
  return { command: usual, actor };
}

/** Red, in conflict, or green with a task left out. */
function badVerify({ outcome }: Extract<Command, { type: "record_verify" }>, a: number): typeof outcome {
  if (outcome.kind === "conflict" || a % 6 === 0) return { kind: "conflict", paths: ["src/x.ts"] };
  const left = a % 2 === 0 ? outcome : { ...outcome, tasks: outcome.tasks.slice(0, 1), trees: outcome.trees.slice(0, 1) };
  if (a % 5 === 0) return left;
  const checks = [{ check: "commands", passed: false, input: "i", ms: 1 }];
  return { ...left, passed: false, checks, findings: "[]", findingsCount: 1 };
}

/** What a commit may say of itself: others in its range, a risky path, nothing that needs a review. */
const looks = (a: number) => ({
  ...(a % 3 === 0 ? { authors: [(a % 2 ? "reviewer" : "dev-1") as SeatId, "nobody" as SeatId] } : {}),
  ...(a % 5 < 2 ? { risky: { path: "src/auth.ts", pattern: "**/auth*" } } : {}),
  ...(a % 7 < 2 ? { skip: "every changed path matches docs/**" } : {}),
});

function turnEnd(world: World, a: number): Sent | null {
  const session = pick(
    [...world.state.sessions.values()].filter((one) => one.turn === "running"),
    a,
  );
  return session
    ? {
        command: { ...turnEnded(session, a % 5 !== 0, problem(world, a)), ...(a % 7 === 0 ? { goesOn: true } : {}) } as Command,
        actor: world.engine,
      }
    : null;
}

const turnEnded = (session: Session, ok: boolean, problem: ProblemFact | null = null): Command => ({
  type: "record_turn_ended",
  session: session.id,
  run: session.run,
  ok,
  error: ok ? null : "overloaded",
  usage: USAGE,
  ...(ok || !problem ? {} : { problem }),
});

const KINDS = ["quota", "rate_limit", "overloaded", "auth", "model", "context_full", "network", "request", "crash"] as const;

/** A model that does not answer, in every way there is; some say until when. */
function problem(world: World, a: number): ProblemFact | null {
  const kind = pick(KINDS, a >> 1);
  if (!kind || a % 10 === 0) return null;
  return { kind, message: `no answer: ${kind}`, resetAt: a % 3 === 0 ? world.now + (a % 7) * 100_000 - 50_000 : null };
}

/** What the agent behind a live session might do now. */
function agentMove(world: World, a: number, b: number): Sent | null {
  const { state } = world;
  const session = pick(
    [...state.sessions.values()].filter((one) => one.status === "live"),
    a,
  );
  if (!session) return null;
  const actor: Actor = { kind: "session", seat: session.seat, session: session.id, run: session.run };
  if (b % 11 === 0) return { command: turnEnded(session, true), actor: world.engine };
  if (b % 37 === 0)
    return {
      command: {
        type: "record_session_end",
        session: session.id,
        run: session.run,
        why: "exited",
        output: null,
        unresumed: session.run > 1 && b % 2 === 1,
        exited: a % 2 === 0,
        ...(a % 3 === 0 ? { problem: problem(world, b) ?? { kind: "crash", message: "", resetAt: null } } : {}),
      },
      actor: world.engine,
    };
  if (b % 31 === 0) {
    const retrying = problem(world, b) ?? { kind: "overloaded", message: "529", resetAt: null };
    return { command: { type: "record_retrying", session: session.id, run: session.run, problem: retrying }, actor: world.engine };
  }
  if (b % 41 === 0) {
    const elsewhere = { day: dayOf(world.now), usd: (a % 10) / 10, tokens: a, turns: a % 9 };
    return { command: { type: "record_elsewhere", ...elsewhere }, actor: world.engine };
  }
  const command = agentCommand(state, session, b);
  return command ? { command, actor } : null;
}

function agentCommand(state: Readonly<State>, session: Session, b: number): AgentCommand | null {
  const { job } = session;
  if (b % 29 === 0)
    return { type: "ask_human", title: `q${b % 3}`, question: "which?", options: ["a", "b"], fallback: b % 2 ? "a" : null, minutes: 5 };
  switch (job.kind) {
    case "plan":
      return queenCommand(state, b);
    case "plan_review": {
      const yes = approval(state);
      return b % 3 === 0 ? { ...yes, findings: [{ kind: "overlap", task: "t1", blocking: true }] } : yes;
    }
    case "review": {
      if (session.pages.of === 0 && b % 7) return { type: "read_diff", task: job.task, sha: job.sha, page: 1, pages: 1 };
      const met = b % 9 === 0 ? ("no" as const) : b % 3 === 0 ? ("cannot_tell" as const) : ("yes" as const);
      const confidence = b % 4 === 0 ? ("low" as const) : ("medium" as const);
      const doubtful = { effect: "crash" as const, confidence, criterion: null };
      return {
        type: "review_task",
        task: job.task,
        sha: job.sha,
        criteria: [
          { n: 1, met: "yes" },
          { n: 2, met },
        ],
        findings: b % 5 < 2 ? [doubtful] : [],
        text: "{}",
      };
    }
    case "verify": {
      const answer = pick(["confirmed", "refuted", "refuted", "cannot_tell"] as const, b) ?? "refuted";
      const answered = state.tasks.get(job.task)?.openReview?.doubts.filter((doubt) => doubt.answer !== null).length ?? 0;
      return { type: "verify_finding", task: job.task, sha: job.sha, finding: job.doubt, answer, after: answered, text: "{}" };
    }
    case "collab":
      return contribution(state, session, b);
    case "task": {
      const at = { task: job.task, attempt: job.attempt };
      const submit: AgentCommand = { type: "submit_task", ...at, evidence: [1, 2], submission: "did it" };
      const others: readonly AgentCommand[] = [
        { type: "report_progress", ...at, progress: "half" },
        { type: "release_task", ...at, reason: "stuck", detail: "tried", line: "tried" },
        {
          type: "propose_task",
          id: `p${state.tasks.size + 1}` as TaskId,
          title: "more",
          files: ["src/more.ts"],
          criteria: 1,
          proof: "check_only",
          risk: "low",
          text: "{}",
          blocking: false,
        },
        { type: "claim_task", task: null },
        { type: "extend_task", ...at, files: [`src/${b % 3 === 0 ? `t${b % 5}` : `n${b % 9}`}.ts`], why: "needed" },
      ];
      return b % 4 === 0 ? (pick(others, b >> 2) ?? submit) : submit;
    }
    default: {
      const never: never = job;
      throw new Error(`unhandled ${JSON.stringify(never)}`);
    }
  }
}

function queenCommand(state: Readonly<State>, b: number): AgentCommand | null {
  if (queenOwes(state).length === 0 && b % 5 && b % 17) return null;
  if (state.plan.status === "none" || state.plan.status === "returned" || b % 17 === 0) return plan(pick(PLANS, b) ?? [], `h${b % 40}`);
  const [proposed] = state.byStatus.proposed;
  const commands: readonly AgentCommand[] = [
    { type: "complete_swarm", summary: "done" },
    { type: "cancel_task", task: (pick([...state.tasks.keys()], b) ?? "t1") as TaskId, why: "not needed" },
    {
      type: "create_task",
      spec: taskSpec(`t${state.tasks.size + 1}`, [], { files: [`src/n${state.tasks.size}.ts`] }),
      from: proposed ?? null,
    },
    { type: "complete_swarm", summary: "done" },
  ];
  return pick(commands, b >> 1) ?? null;
}

/** Forged, stale and senseless commands, and the operator's. */
function wildMove(state: Readonly<State>, kind: number, a: number, b: number): Sent | null {
  const seat = (pick([...state.seats.keys()], a) ?? "dev-0") as SeatId;
  const session = pick([...state.sessions.values()], b);
  const task = (pick([...state.tasks.keys()], b) ?? "t1") as TaskId;
  const operator: Actor = { kind: "operator" };
  const gate = pick([...state.openGates], a);
  if (kind < 94 && gate) {
    const options = state.gates.get(gate)?.options ?? [];
    const answer =
      pick(
        options.filter((option) => option !== "stop" || b % 7 === 0),
        b,
      ) ?? "whatever";
    return { command: { type: "answer_gate", gate: gate as GateId, answer }, actor: operator };
  }
  if (kind === 95 && a % 2) {
    const merged = pick([...state.byStatus.merged], b) ?? task;
    return { command: { type: "undo_task", task: merged, why: "wrong", findings: "[]", drop: a % 8 === 1 }, actor: operator };
  }
  if (kind === 94) return { command: { type: b % 2 ? "pause_swarm" : "resume_swarm" }, actor: operator };
  if (kind === 95) return { command: { type: "resume_swarm" }, actor: operator };
  if (kind === 96) return { command: { type: "stop_seat", seat }, actor: a % 4 === 0 ? operator : { kind: "engine", epoch: state.epoch } };
  if (kind === 97) return { command: { type: "hand_over", seat, now: b % 2 === 0 }, actor: operator };
  if (kind === 98 && b % 2) return { command: { type: "hand_back", seat }, actor: operator };
  const forged: Actor = session
    ? { kind: "session", seat, session: session.id, run: (a % 3) as number }
    : { kind: "engine", epoch: state.epoch - 1 };
  const commands: readonly Command[] = [
    { type: "submit_task", task, attempt: a % 4, evidence: [1, 2], submission: "mine" },
    { type: "review_task", task, sha: `sha-${task}-${a % 4}-1`, criteria: [], findings: [], text: "{}" },
    { type: "record_merge", task, attempt: a % 4, outcome: { kind: "merged", sha: "forged" } },
    { type: "record_checks", task, attempt: a % 4, sha: `sha-${task}-1-1`, checks: [], findings: null, findingsCount: 0, results: "[]" },
    { type: "take_lease", over: state.epoch - (a % 2), holder: { id: `h${a}`, pid: 8, start: "2", machine: "m", boot: "b" }, address: "x" },
  ];
  const command = pick(commands, b) ?? commands[0];
  return command ? { command, actor: command.type === "take_lease" ? { kind: "engine", epoch: 0 } : forged } : null;
}
