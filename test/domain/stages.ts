/** Swarms brought to the points where prompts differ. */
import { approval, id, plan, taskSpec, World } from "./world.ts";

export const TEXT = JSON.stringify({ brief: "Make it.", criteria: ["it works", "it is tested"], contract: "make(): void" });

/** Two tasks, the second after the first; the plan is approved and dev-0 holds t1. */
export function working(): World {
  const world = World.started();
  world.settle();
  world.as("queen", plan([taskSpec("t1", [], { text: TEXT }), taskSpec("t2", ["t1"], { text: TEXT })]));
  world.endTurn("queen");
  world.settle();
  world.as("reviewer", approval(world.state));
  world.endTurn("reviewer");
  world.settle();
  return world;
}

/** t1 is submitted, checked and waits for the reviewer's word. */
export function reviewing(): World {
  const world = working();
  world.as("dev-0", {
    type: "submit_task",
    task: id.task("t1"),
    attempt: 1,
    evidence: [1, 2],
    submission: JSON.stringify({ summary: "my words" }),
  });
  world.endTurn("dev-0");
  world.settle();
  world.as("reviewer", { type: "read_diff", task: id.task("t1"), sha: "sha-t1-1-1", page: 1, pages: 1 });
  return world;
}
