import { expect, test } from "vitest";
import { swarmView } from "../../src/domain/view.ts";
import { nextStep, reasons } from "../../src/domain/why.ts";
import { stepCall } from "../../src/domain/why-step.ts";
import { World } from "./world.ts";

const OPERATOR = { kind: "operator" } as const;

test("[domain.pull-request] work in a pull request is not landed before it came to the user's branch", () => {
  const world = World.started();
  const next = (): string => stepCall(nextStep(reasons(world.state, world.now)), world.state.id);
  world.must({ type: "stop_swarm", why: "enough" }, OPERATOR);
  const url = "https://example.test/o/r/pull/7";
  world.must({ type: "record_landed", sha: "a".repeat(40), strategy: "pull-request", url }, OPERATOR);
  expect(swarmView(world.state)).toMatchObject({ landed: null, pullRequest: url });
  expect(next()).toBe(`nothing: the work is in ${url}`);
  world.must({ type: "record_landed", sha: "b".repeat(40), strategy: "merge" }, OPERATOR);
  expect(swarmView(world.state)).toMatchObject({ landed: "b".repeat(40) });
  expect(next()).toBe("nothing: the work is landed");
  const last = world.history.length;
  world.must({ type: "record_landed", sha: "b".repeat(40), strategy: "merge" }, OPERATOR);
  expect(world.history.slice(last).flatMap(({ events }) => events)).toEqual([]);
});
