/** Swarms whose plan nobody made: several tasks, no queen, and what a failure means for the rest. */
import type { Event } from "../../src/domain/events.ts";
import type { Limits } from "../../src/domain/limits.ts";
import type { Gate, Policy, SeatSpec, TaskSpec } from "../../src/domain/model.ts";
import { seatSpec, taskSpec, World } from "./world.ts";

const CREW: readonly SeatSpec[] = [
  seatSpec("reviewer", "reviewer"),
  seatSpec("dev-0", "worker"),
  seatSpec("dev-1", "worker"),
  { ...seatSpec("senior-0", "worker"), role: "senior" },
];

export function withPlan(tasks: readonly TaskSpec[], policy?: Policy, limits: Partial<Limits> = {}, seats = CREW): World {
  const plan = { hash: "h", conditions: ["it works"], text: "", tasks, ...(policy ? { policy } : {}) };
  return World.started(limits, seats, null, "s-plan", null, plan);
}

/** What the agents do: every task comes to its end, those named under `fail` at each attempt until a person gives them up. */
export function carryOut(world: World, fail: ReadonlySet<string> = new Set(), see: (events: readonly Event[]) => void = () => {}): void {
  for (let round = 0; round < 400; round += 1) {
    const length = world.history.length;
    world.settle();
    for (const session of [...world.state.sessions.values()]) {
      if (session.turn !== "running" || session.status !== "live") continue;
      const { job, seat } = session;
      if (job.kind === "task") {
        const at = { task: job.task, attempt: job.attempt };
        if (fail.has(job.task)) world.as(seat, { type: "release_task", ...at, reason: "impossible", detail: "no way", line: "no way" });
        else world.as(seat, { type: "submit_task", ...at, evidence: [1, 2], submission: "did it" });
      }
      if (job.kind === "review") {
        world.as(seat, { type: "read_diff", task: job.task, sha: job.sha, page: 1, pages: 1 });
        const criteria = [1, 2].map((n) => ({ n, met: "yes" as const }));
        world.as(seat, { type: "review_task", task: job.task, sha: job.sha, criteria, findings: [], text: "{}" });
      }
      if (world.state.sessions.has(session.id)) world.endTurn(seat);
    }
    for (const gate of [...world.state.openGates]) {
      const { kind, task } = world.state.gates.get(gate) as Gate;
      const answer = kind !== "task" ? "give_up" : fail.has(task as string) ? "failed" : "done";
      world.send({ type: "answer_gate", gate, answer }, { kind: "operator" });
    }
    for (const entry of world.history.slice(length)) see(entry.events);
    if (world.history.length === length) return;
  }
  throw new Error("it does not come to an end");
}

export const status = (world: World, id: string): string | undefined => world.state.tasks.get(id as never)?.status;

export const HUMAN = taskSpec("t2", ["t1"], { human: true, files: [], role: "nobody", asks: "Sign the contract" });

/** t1 is merged and the person is asked for t2, which t3 comes after. */
export function asked(policy?: Policy, limits: Partial<Limits> = {}, more: readonly TaskSpec[] = []): World {
  const world = withPlan([taskSpec("t1"), HUMAN, taskSpec("t3", ["t2"]), ...more], policy, limits);
  world.settle();
  mergeOf(world, "t1", "dev-0");
  return world;
}

/** The seat submits the task it holds in its first attempt; it is reviewed and merged. */
export function mergeOf(world: World, task: string, seat: string): void {
  world.as(seat, { type: "submit_task", task: task as never, attempt: 1, evidence: [1, 2], submission: "did it" });
  world.endTurn(seat);
  world.settle();
  const { job } = world.session("reviewer") as { job: { sha: string } };
  world.as("reviewer", { type: "read_diff", task: task as never, sha: job.sha, page: 1, pages: 1 });
  const criteria = [1, 2].map((n) => ({ n, met: "yes" as const }));
  world.as("reviewer", { type: "review_task", task: task as never, sha: job.sha, criteria, findings: [], text: "{}" });
  world.endTurn("reviewer");
  world.settle();
}
