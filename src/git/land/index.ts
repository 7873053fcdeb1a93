/** Brings the integration branch to the user's branch. Every strategy, one line each; a test compares this list with the folder. */
import { quote, SkepError } from "../../base/errors.ts";
import type { LandStrategy } from "../../domain/landing.ts";
import type { Repo } from "../git.ts";
import { commitOf, headRef, swarmBranch } from "../refs.ts";
import { inTurn } from "../turns.ts";
import { fastForward } from "./fast-forward.ts";
import { holdsWork } from "./held.ts";
import { merge } from "./merge.ts";
import { pullRequest } from "./pull-request.ts";
import { squash } from "./squash.ts";
import type { Landed, LandOrder, Strategy } from "./strategy.ts";

export const STRATEGIES: Readonly<Record<LandStrategy, Strategy>> = {
  "fast-forward": fastForward,
  merge,
  squash,
  "pull-request": pullRequest,
};

/** Safe to repeat: a branch that holds the work already is the answer. */
export function land(repo: Repo, order: LandOrder): Promise<Landed> {
  return inTurn(repo, async () => {
    const { swarm, target, tip, strategy } = order;
    const from = swarmBranch(swarm);
    if (target === null) {
      const next = `git switch -c <branch> ${from}`;
      throw new SkepError("LAND_DETACHED", "the swarm began on a detached HEAD, so there is no branch to land on", next);
    }
    const ref = headRef(target);
    const old = await commitOf(repo.commonDir, ref);
    if (old === null) throw new SkepError("LAND_NO_BRANCH", `the branch ${quote(target)} is gone`, `git branch ${target} ${from}`);
    if (await holdsWork(repo, old, tip)) {
      return { strategy, branch: target, sha: old, files: [], repeated: true, unfiltered: [], back: null, url: null };
    }
    return STRATEGIES[strategy].land(repo, order, { target, ref, old });
  });
}
