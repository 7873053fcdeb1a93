/** A swarm that waits for a person, and may pause itself. */
import type { Limits } from "../../src/domain/limits.ts";
import { approval, MINIMAL, plan, taskSpec, World } from "./world.ts";

export const IDLE: Partial<Limits> = { pauseMs: 30 * 60_000 };

/** dev-0 asked a person in t1 and ended its turn; nobody else has anything to do. */
export function asking(limits: Partial<Limits> = IDLE, minutes: number | null = null, seats = MINIMAL): World {
  const world = World.started(limits, seats);
  world.settle();
  world.as("queen", plan([taskSpec("t1"), taskSpec("t2", ["t1"])]));
  world.endTurn("queen");
  world.settle();
  world.as("reviewer", approval(world.state));
  world.endTurn("reviewer");
  world.settle();
  const fallback = minutes === null ? null : "ms";
  world.as("dev-0", { type: "ask_human", title: "ms or s?", question: "ms or s?", options: ["ms", "s"], fallback, minutes });
  world.endTurn("dev-0");
  world.settle();
  return world;
}
