/** A swarm that may grow: what may join, and a plan with more to do than it has agents. */
import type { Limits } from "../../src/domain/limits.ts";
import type { SeatSpec, TaskSpec } from "../../src/domain/model.ts";
import { DEFAULT_SCALING, type Scaling, type Template } from "../../src/domain/scaling.ts";
import { approval, id, MINIMAL, plan, seatSpec, taskSpec, World } from "./world.ts";

/** What may join by itself, made like a seat that is there. */
const template = ({ seat: _, ...spec }: SeatSpec, name: string): Template => ({ ...spec, name });

export const RISK: SeatSpec = { ...seatSpec("risk", "reviewer"), role: "risk" };
export const ONE_DEVELOPER: readonly SeatSpec[] = MINIMAL.filter(({ seat }) => seat !== "dev-1");

const GROWS: readonly Template[] = [
  template(seatSpec("dev-0", "worker"), "dev"),
  template(seatSpec("reviewer", "reviewer"), "reviewer"),
  template(seatSpec("reviewer", "reviewer", "p2"), "reviewer"),
  template(RISK, "risk"),
];

export const scaling = (max: Partial<Scaling["max"]>, more: Partial<Scaling> = {}): Scaling => ({
  ...{ ...DEFAULT_SCALING, grows: GROWS, perTick: 10 },
  ...more,
  max: { ...DEFAULT_SCALING.max, ...max },
});

export const independent = (count: number, more: Partial<TaskSpec> = {}): readonly TaskSpec[] =>
  Array.from({ length: count }, (_, n) => taskSpec(`t${n + 1}`, [], more));

/** The plan is approved this very moment; nothing of it has begun. */
export function planned(limits: Partial<Limits>, tasks: readonly TaskSpec[], team: readonly SeatSpec[] = ONE_DEVELOPER): World {
  const world = World.started(limits, team);
  world.settle();
  world.as("queen", plan(tasks));
  world.endTurn("queen");
  world.settle();
  world.as("reviewer", approval(world.state));
  world.endTurn("reviewer");
  return world;
}

/** dev-1 joined for t2, dev-2 for t3 and so on; all is submitted and checked, one after the other, and the workers are free. */
export function idled(more: Partial<Scaling>, { workers = 2, apartMs = 0 } = {}): World {
  const world = planned({ scaling: scaling({ swarm: 9 }, more) }, independent(workers));
  world.settle();
  for (let n = 0; n < workers; n++) {
    const seat = `dev-${n}`;
    if (n > 0) world.now += apartMs;
    world.as(seat, { type: "submit_task", task: id.task(`t${n + 1}`), attempt: 1, evidence: [1, 2], submission: "did it" });
    world.endTurn(seat);
    for (const kind of ["commit_submission", "stop_session"]) world.doOwed(kind);
  }
  return world;
}
