/** Swarms that stand still, each for another reason, brought there by commands and answers of the world alone. */
import type { GateId, SeatId } from "../../src/base/ids.ts";
import { DEFAULT_LIMITS, type Limits } from "../../src/domain/limits.ts";
import type { SeatSpec, TaskSpec } from "../../src/domain/model.ts";
import { approval, id, MINIMAL, plan, seatSpec, taskSpec, usualResult, World } from "./world.ts";

const OPERATOR = { kind: "operator" } as const;
const HOUR = 3_600_000;
const CRITERIA = [1, 2].map((n) => ({ n, met: "yes" as const }));

interface Setting {
  readonly limits?: Partial<Limits>;
  readonly seats?: readonly SeatSpec[];
  readonly tasks?: readonly TaskSpec[];
}

export interface Stuck {
  readonly name: string;
  readonly world: World;
}

const ONE_WORKER = MINIMAL.filter(({ seat }) => seat !== "dev-1");

function begun(n: number, at: number, { limits = {}, seats = ONE_WORKER }: Setting = {}): World {
  const world = World.started(limits, seats, null, `s-stuck${String.fromCharCode(97 + n)}`);
  world.now = at;
  world.settle();
  return world;
}

/** The plan is approved; every worker that suits a task has it. */
function working(n: number, at: number, setting: Setting = {}): World {
  const world = begun(n, at, setting);
  world.as("queen", plan(setting.tasks ?? [taskSpec("t1"), taskSpec("t2", ["t1"])]));
  world.endTurn("queen");
  world.settle();
  world.as("reviewer", approval(world.state));
  world.endTurn("reviewer");
  world.settle();
  return world;
}

function submit(world: World, seat = "dev-0", task = "t1"): void {
  world.as(seat, { type: "submit_task", task: id.task(task), attempt: 1, evidence: [1, 2], submission: "did it" });
  world.endTurn(seat);
}

/** t1 is reviewed, approved and about to be merged. */
function merging(n: number, at: number, setting: Setting = {}): World {
  const world = working(n, at, setting);
  submit(world);
  world.settle();
  world.as("reviewer", { type: "read_diff", task: id.task("t1"), sha: "sha-t1-1-1", page: 1, pages: 1 });
  world.as("reviewer", { type: "review_task", task: id.task("t1"), sha: "sha-t1-1-1", criteria: CRITERIA, findings: [], text: "{}" });
  world.endTurn("reviewer");
  while (world.state.byStatus.merging.size === 0) step(world, "merge_task");
  return world;
}

/** Everything owed but effects of this kind. */
function settleBut(world: World, kind: string): void {
  for (let before = -1; before !== world.history.length; ) {
    before = world.history.length;
    step(world, kind);
  }
}

function step(world: World, but: string): void {
  for (const command of world.due()) world.send(command);
  for (const effect of world.owed()) if (effect.kind !== but) world.send(usualResult(world.state, effect));
}

const quota = (world: World) => ({ kind: "quota" as const, message: "you have used up your plan", resetAt: world.now + 5 * HOUR });

/** One maker per state; the name says what is wrong. */
const MAKERS: Readonly<Record<string, (n: number, at: number) => World>> = {
  "a question of the queen": (n, at) => {
    const world = begun(n, at);
    const question = "Which format? CSV has a precedent.";
    world.as("queen", { type: "ask_human", title: question, question, options: ["CSV", "JSON"], fallback: null, minutes: null });
    world.endTurn("queen");
    return world;
  },
  "paused by a person": (n, at) => {
    const world = working(n, at);
    world.must({ type: "pause_swarm" }, OPERATOR);
    world.endTurn("dev-0");
    return world;
  },
  "the provider rests": (n, at) => {
    const world = working(n, at);
    world.endTurn("dev-0", false, quota(world));
    return world;
  },
  "the budget is used up": (n, at) => {
    const { budgets } = DEFAULT_LIMITS;
    const world = begun(n, at, { limits: { budgets: { ...budgets, swarm: { ...budgets.swarm, turns: 1 } } } });
    world.as("queen", plan([taskSpec("t1")]));
    world.endTurn("queen");
    return world;
  },
  "a dependency failed": (n, at) => {
    const world = working(n, at, { limits: { attempts: 1 } });
    const released = { type: "release_task", task: id.task("t1"), attempt: 1, reason: "stuck", detail: "no way", line: "no way" } as const;
    world.as("dev-0", released);
    world.endTurn("dev-0");
    world.settle();
    world.must({ type: "answer_gate", gate: "g1" as GateId, answer: "give_up" }, OPERATOR);
    world.settle();
    world.endTurn("queen", false, quota(world));
    return world;
  },
  "the only reviewer is an author": (n, at) => {
    const world = working(n, at);
    submit(world);
    for (const effect of world.owed()) {
      const usual = usualResult(world.state, effect);
      world.send(usual.type === "record_commit" ? { ...usual, authors: ["reviewer" as SeatId] } : usual);
    }
    world.settle();
    return world;
  },
  "a conflict in the last attempt": (n, at) => {
    const world = merging(n, at, { limits: { attempts: 1 } });
    world.must({ type: "record_merge", task: id.task("t1"), attempt: 1, outcome: { kind: "conflict", paths: ["src/t1.ts"] } });
    world.settle();
    return world;
  },
  "checks that cannot run": (n, at) => {
    const world = working(n, at, { limits: { retryBaseMs: HOUR, retryMaxMs: 4 * HOUR } });
    submit(world);
    settleBut(world, "run_checks");
    world.must({ type: "fail_effect", key: "run_checks:t1-1-1", error: "ENOSPC: no space left on device, mkdir 'check'" });
    return world;
  },
  "worktree.setup fails": (n, at) => {
    const world = World.started({}, ONE_WORKER, null, `s-stuck${String.fromCharCode(97 + n)}`);
    world.now = at;
    for (const command of world.due()) world.send(command);
    world.must({ type: "fail_setup", session: world.session("queen").id, output: "npm ci: no network" });
    return world;
  },
  "a foreign commit": (n, at) => {
    const world = merging(n, at);
    world.must({ type: "record_merge", task: id.task("t1"), attempt: 1, outcome: { kind: "foreign", tip: "f".repeat(40) } });
    world.settle();
    return world;
  },
  "a task is kept for a seat that cannot": (n, at) => {
    const seats = [
      seatSpec("queen", "queen"),
      seatSpec("reviewer", "reviewer"),
      seatSpec("dev-0", "worker", "p2"),
      seatSpec("dev-1", "worker", "p2"),
    ];
    const world = working(n, at, { seats, tasks: [taskSpec("t1"), taskSpec("t2")] });
    submit(world);
    settleBut(world, "run_checks");
    world.endTurn("dev-1", false, quota(world));
    const checks = [{ check: "commands", passed: false, input: "i", ms: 1 }];
    const failed = { task: id.task("t1"), attempt: 1, sha: "sha-t1-1-1", checks, findings: "[]", findingsCount: 1, results: "[]" };
    world.must({ type: "record_checks", ...failed });
    settleBut(world, "");
    return world;
  },
  "nobody reviewed the plan in time": (n, at) => {
    const world = begun(n, at - DEFAULT_LIMITS.planReviewMs);
    world.as("queen", plan([taskSpec("t1")]));
    world.endTurn("queen");
    world.settle();
    world.endTurn("reviewer", false, quota(world));
    world.now = at;
    world.must({ type: "expire_plan_review", revision: 1 });
    return world;
  },
  "a person has the session": (n, at) => {
    const world = working(n, at);
    world.must({ type: "hand_over", seat: "dev-0" as SeatId, now: true }, OPERATOR);
    const { id: session, run } = world.session("dev-0");
    world.must({ type: "record_session_end", session, run, why: "handed over", output: null });
    return world;
  },
  "a turn without a sign": (n, at) => {
    const world = working(n, at - 6 * 60_000);
    world.now = at - 60_000;
    world.doOwed("look_at_session");
    return world;
  },
  "a sign-in is over": (n, at) => {
    const world = working(n, at);
    world.endTurn("dev-0", false, { kind: "auth", message: "please sign in again", resetAt: null });
    return world;
  },
};

/** `at`: the time it is when somebody looks. */
export const stuckSwarms = (at: number): readonly Stuck[] =>
  Object.entries(MAKERS).map(([name, make], n) => ({ name, world: make(n, at) }));
