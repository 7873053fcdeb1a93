/** The usual steps of a swarm in memory, so that a test of one failure is a few lines. */
import type { Limits } from "../../../src/domain/limits.ts";
import type { SeatSpec, Task, TaskSpec } from "../../../src/domain/model.ts";
import { approval, id, MINIMAL, plan, taskSpec, World } from "../../domain/world.ts";

export const OPERATOR = { kind: "operator" } as const;
export const HOUR = 3_600_000;

interface Setting {
  readonly tasks?: readonly TaskSpec[];
  readonly limits?: Partial<Limits>;
  readonly seats?: readonly SeatSpec[];
}

/** The plan is approved and every worker that suits a task holds one; t1 is with dev-0. */
export function working({ tasks = [taskSpec("t1")], limits = {}, seats = MINIMAL }: Setting = {}): World {
  const world = World.started(limits, seats);
  world.settle();
  world.as("queen", plan(tasks));
  world.endTurn("queen");
  world.settle();
  world.as("reviewer", approval(world.state));
  world.endTurn("reviewer");
  world.settle();
  return world;
}

export function task(world: World, name = "t1"): Task {
  const found = world.state.tasks.get(id.task(name));
  if (!found) throw new Error(`no task ${name}`);
  return found;
}

/** Its holder hands it in and ends its turn; checks pass and a reviewer has it. */
export function submit(world: World, name = "t1"): void {
  const { seat, attempt, criteria } = task(world, name);
  const evidence = Array.from({ length: criteria }, (_, n) => n + 1);
  world.must({ type: "submit_task", task: id.task(name), attempt, evidence, submission: "did it" }, world.by(seat ?? ""));
  world.endTurn(seat ?? "");
  world.settle();
}

/** What the reviewer of a task would send when it found both criteria met, or the second one not. */
export const verdict = (world: World, met: "yes" | "no" = "yes", name = "t1") =>
  ({
    type: "review_task",
    task: id.task(name),
    sha: task(world, name).sha ?? "",
    criteria: [
      { n: 1, met: "yes" },
      { n: 2, met },
    ],
    findings: [],
    text: "{}",
  }) as const;

/** The reviewer reads every page of the change. */
export function readDiff(world: World, name = "t1"): void {
  const { reviewer, sha } = task(world, name);
  world.must({ type: "read_diff", task: id.task(name), sha: sha ?? "", page: 1, pages: 1 }, world.by(reviewer ?? ""));
}

export function review(world: World, met: "yes" | "no" = "yes", name = "t1"): void {
  const reviewer = task(world, name).reviewer ?? "";
  readDiff(world, name);
  world.must(verdict(world, met, name), world.by(reviewer));
  world.endTurn(reviewer);
  world.settle();
}

/** The process behind a seat is gone. */
export function die(world: World, seat: string, why = "killed by SIGKILL"): void {
  const { id: session, run } = world.session(seat);
  world.must({ type: "record_session_end", session, run, why, output: null });
}

/** Model calls the engine would begin now. */
export const calls = (world: World) => world.owed().filter(({ kind }) => kind === "start_session" || kind === "start_turn");

export const gates = (world: World) => [...world.state.openGates].flatMap((gate) => world.state.gates.get(gate) ?? []);

/** The same swarm as a host finds it that read nothing but the log. */
export function reread(world: World): World {
  const other = new World();
  for (const entry of world.history) other.remember(entry);
  other.now = world.now;
  return other;
}
