/**
 * Pushes the integration branch under its own name and opens a pull request with the user's `gh`. The one thing skep does on
 * the network, and only when a person asks for this strategy. The user's branch and checkout stay as they are.
 */
import { changedPaths } from "../changes.ts";
import { swarmBranch } from "../refs.ts";
import { push, remoteOf } from "../remote.ts";
import { createPullRequest, openPullRequest, requireSignedIn } from "./gh.ts";
import { subjectOf, tasksText, trailers } from "./message.ts";
import type { Strategy } from "./strategy.ts";

export const pullRequest: Strategy = {
  id: "pull-request",
  summary: "The swarm's branch is pushed and a pull request opened with gh; your branch stays as it is.",
  async land(repo, order, { target, old }) {
    const head = swarmBranch(order.swarm);
    const { remote, branch: base } = await remoteOf(repo, target, order.remote);
    const byHand = { push: `git push ${remote} ${head}`, create: `gh pr create --head ${head} --base ${base}` };
    await requireSignedIn(repo, byHand);
    await push(repo, remote, order.tip, head);
    const known = await openPullRequest(repo, head, byHand);
    const body = `${tasksText(order.tasks)}\n\n${trailers(order).join("\n")}\n`;
    const url = known ?? (await createPullRequest(repo, { head, base, title: subjectOf(order), body }, byHand));
    const files = known === null ? await changedPaths(repo.commonDir, old, order.tip) : [];
    return { strategy: "pull-request", branch: target, sha: order.tip, files, repeated: known !== null, unfiltered: [], back: null, url };
  },
};
