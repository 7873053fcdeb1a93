/** Approved tasks in a swarm, and a world that knows which of them fit together: what merges are tried on. */
import type { Limits } from "../../src/domain/limits.ts";
import { react } from "../../src/domain/react.ts";
import { approval, id, plan, seatSpec, taskSpec, World } from "./world.ts";

/** A swarm in which `count` tasks of one wave are approved and none is merged, or has begun to be. */
export function approved(count: number, limits: Partial<Limits> = {}): World {
  const names = Array.from({ length: count }, (_, n) => n);
  const seats = [
    seatSpec("queen", "queen"),
    ...names.flatMap((n) => [seatSpec(`reviewer-${n}`, "reviewer"), seatSpec(`dev-${n}`, "worker")]),
  ];
  const world = World.started(limits, seats);
  world.settle();
  world.as("queen", plan(names.map((n) => taskSpec(`t${n + 1}`))));
  world.endTurn("queen");
  world.settle();
  const reviewer = [...world.state.seats.values()].find(({ session, duty }) => session && duty === "reviewer")?.seat ?? "";
  world.as(reviewer, approval(world.state));
  world.endTurn(reviewer);
  world.settle();
  for (const { seat, task } of [...world.state.seats.values()]) {
    if (!task) continue;
    world.as(seat, { type: "submit_task", task, attempt: 1, evidence: [1, 2], submission: "did it" });
    world.endTurn(seat);
  }
  world.settle();
  for (const task of [...world.state.tasks.values()]) {
    const by = task.reviewer ?? "";
    const sha = task.sha ?? "";
    world.as(by, { type: "read_diff", task: task.id, sha, page: 1, pages: 1 });
    const criteria = [1, 2].map((n) => ({ n, met: "yes" as const }));
    world.as(by, { type: "review_task", task: task.id, sha, criteria, findings: [], text: "{}" });
    world.endTurn(by);
  }
  if (world.state.byStatus.approved.size !== count) throw new Error(`only ${[...world.state.byStatus.approved]} are approved`);
  return world;
}

/** Which tasks pass and merge together with which. */
export interface Truth {
  /** The checks fail on any tree that holds all of one of these. */
  readonly red: readonly (readonly string[])[];
  /** These pairs cannot be merged one on top of the other. */
  readonly conflict: readonly (readonly string[])[];
}

/** Merges until nothing is owed, as the truth says. Answers the order of what was merged. Sessions are left alone. */
export function mergeAll(world: World, truth: Truth, between: (step: number) => void = () => undefined): readonly string[] {
  const merged: string[] = [];
  for (let step = 0; step < 200; step += 1) {
    between(step);
    const { effects, due } = react(world.state, world.now);
    const command = due.find(({ type }) => type === "begin_verify" || type === "begin_merge");
    const effect = effects.find(({ kind }) => kind === "verify_merge" || kind === "merge_task");
    if (command) {
      world.must(command);
      continue;
    }
    if (!effect) return merged;
    if (effect.kind === "verify_merge") verify(world, effect, merged, truth);
    else if (effect.kind === "merge_task") merge(world, effect, merged, truth);
  }
  throw new Error(`not ended: ${world.history.map(({ command }) => command.type)}`);
}

type Owed<K> = Extract<ReturnType<typeof react>["effects"][number], { kind: K }>;
const has = (sets: Truth["red"], all: readonly string[]): boolean => sets.some((set) => set.every((one) => all.includes(one)));

function verify(world: World, { batch, tasks }: Owed<"verify_merge">, merged: readonly string[], truth: Truth): void {
  const taken: string[] = [];
  for (const [index, { task }] of tasks.entries()) {
    const clash = has(truth.conflict, [...merged, ...taken, task]);
    if (clash && index === 0) {
      world.must({ type: "record_verify", batch, outcome: { kind: "conflict", paths: ["x"] } });
      return;
    }
    if (!clash) taken.push(task);
  }
  const passed = !has(truth.red, [...merged, ...taken]);
  const trees = taken.map((_, n) => [...merged, ...taken.slice(0, n + 1)].join(" "));
  const outcome = {
    kind: "checked" as const,
    tasks: taken.map(id.task),
    ...{ trees, passed },
    checks: [{ check: "commands", passed, input: "i", ms: 1 }],
    findings: passed ? null : "[]",
    findingsCount: passed ? 0 : 1,
  };
  world.must({ type: "record_verify", batch, outcome });
}

function merge(world: World, { task, attempt, tree }: Owed<"merge_task">, merged: string[], truth: Truth): void {
  const after = [...merged, task];
  if (has(truth.conflict, after)) {
    world.must({ type: "record_merge", task, attempt, outcome: { kind: "conflict", paths: ["x"] } });
    return;
  }
  if (tree !== null && tree !== after.join(" ")) throw new Error(`${task} would give ${after}, verified is ${tree}`);
  merged.push(task);
  world.must({ type: "record_merge", task, attempt, outcome: { kind: "merged", sha: `merged-${task}` } });
}
