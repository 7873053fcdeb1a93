import { expect, test } from "vitest";
import { type Experience, estimate, experienceOf, planCost, reckon } from "../../src/domain/estimate.ts";
import { approval, plan, taskSpec, World } from "./world.ts";

const spend = (usd: number, tokens = 1_000) => ({ usd, tokens, turns: 1, ms: 0 });
const past = (...usd: number[]): Experience => ({ tasks: usd.map((one) => spend(one)), rest: spend(0.5) });

test("[budget.estimate] the cost of a new swarm is a range by the merged tasks before it, and nothing when there are too few", () => {
  const by = (...all: Experience[]) => reckon(all) ?? expect.unreachable("there is enough to go by");
  expect(reckon([past(1, 2)])).toBeNull();
  expect(estimate(by(past(1, 2), past(3, 9)), true)).toBe("$2.00 to $3.00, by 4 merged tasks of 2 earlier swarms");
  expect(estimate(by(past(1, 2, 3)), false)).toBe(
    "$2.00 to $3.00 per task of the plan, and $0.50 to $0.50 for the plan and the queen, by 3 merged tasks of 1 earlier swarm",
  );
  expect(planCost(by(past(1, 2, 3)), 4)).toBe("$8.50 to $12.50, by 3 merged tasks of 1 earlier swarm");
  const free: Experience = { tasks: [spend(0, 12_345), spend(0, 23_456), spend(0, 34_567)], rest: null };
  expect(estimate(by(free), true)).toBe("23,000 to 35,000 tokens, by 3 merged tasks of 1 earlier swarm");
  expect(planCost(by(free), 2)).toBe("47,000 to 69,000 tokens, by 3 merged tasks of 1 earlier swarm");
});

test("[budget.estimate] a swarm tells what its merged tasks cost, reviews included, and what no task was charged with", () => {
  const world = World.started();
  world.settle();
  world.as("queen", plan([taskSpec("t1")]));
  world.endTurn("queen");
  world.settle();
  world.as("reviewer", approval(world.state));
  world.endTurn("reviewer");
  world.settle();
  expect(experienceOf(world.state)).toBeNull();
  world.as("dev-0", { type: "submit_task", task: "t1" as never, attempt: 1, evidence: [1, 2], submission: "did" });
  world.endTurn("dev-0");
  world.settle();
  const sha = world.state.tasks.get("t1" as never)?.sha ?? "";
  world.as("reviewer", { type: "read_diff", task: "t1" as never, sha, page: 1, pages: 1 });
  const criteria = [1, 2].map((n) => ({ n, met: "yes" as const }));
  world.as("reviewer", { type: "review_task", task: "t1" as never, sha, criteria, findings: [], text: "{}" });
  world.endTurn("reviewer");
  world.settle();
  expect(world.state.tasks.get("t1" as never)?.status).toBe("merged");
  world.as("queen", { type: "complete_swarm", summary: "done" });
  world.endTurn("queen");
  expect(experienceOf(world.state)).toMatchObject({ tasks: [{ turns: 2, tokens: 30 }], rest: { turns: 3, tokens: 45 } });
});
