/** What an inspection must leave alone. */
import { expect, test } from "vitest";
import type { State } from "../../src/domain/model.ts";
import { missingBranch } from "../../src/engine/damage/missing-branch.ts";
import { World } from "../domain/world.ts";
import { makeRepo } from "../support/repo.ts";

const inspected = (state: Readonly<State>) => {
  const { root, commonDir } = makeRepo();
  const swarm = { id: state.id, look: async <T>(select: (from: Readonly<State>) => T) => select(state) };
  return missingBranch({ swarm, repo: { root, commonDir } } as never);
};

test("[doctor.audit] what an audit of reviewers looks at is on no branch, and doctor misses none", async () => {
  expect(await inspected(World.started().state)).toMatchObject([{ kind: "branch" }]);
  expect(await inspected(World.audit(2).state)).toEqual([]);
});
