import { SkepError } from "../../base/errors.ts";
import type { TaskId } from "../../base/ids.ts";
import { ENDED, OVER } from "../../domain/model.ts";
import { attemptBranch, changeRefs, commitOf, headRef, swarmBranch } from "../../git/refs.ts";
import { type Damage, type Inspect, MEND } from "./damage.ts";

interface Wanted {
  readonly branch: string;
  readonly sha: string;
}

/** Branches of a live swarm that somebody deleted: the log knows where they stood. */
export const missingBranch: Inspect = async ({ swarm, repo }) => {
  const wanted = await swarm.look((state): readonly Wanted[] => {
    // What an audit looks at is on no branch, and must not come on one.
    if (OVER.has(state.status) || state.tip === "" || state.audit !== null) return [];
    const work = [...state.tasks.values()].flatMap(({ id, status, sha, attempt, prior }) => {
      if (ENDED.has(status)) return [];
      const own = sha === null || status === "open" || status === "claimed" ? [] : [workOf(id, attempt, sha)];
      return prior === null ? own : [...own, workOf(id, prior.attempt, prior.sha)];
    });
    return [{ branch: swarmBranch(state.id), sha: state.tip }, ...work];

    function workOf(task: TaskId, attempt: number, sha: string): Wanted {
      return { branch: attemptBranch(state.id, task, attempt), sha };
    }
  });
  const found: Damage[] = [];
  for (const { branch, sha } of wanted) {
    if ((await commitOf(repo.commonDir, headRef(branch))) !== null) continue;
    const at = sha.slice(0, 12);
    const what = `${swarm.id}: the branch ${branch} is gone; it stood at ${at}`;
    if ((await commitOf(repo.commonDir, sha)) === null) {
      const next = `get the commit back (git fetch <a clone that has it> ${sha}), then ${MEND}`;
      found.push({ kind: "branch", found: `${what}, which this repository no longer has`, mend: null, next });
      continue;
    }
    const mend = async (): Promise<string> => {
      if (await changeRefs(repo.commonDir, [{ ref: headRef(branch), to: sha, from: null }], "skep: doctor --fix"))
        return `${swarm.id}: ${branch} stands at ${at} again`;
      throw new SkepError("GC_RACED", `${branch} came back meanwhile`, "skep doctor");
    };
    found.push({ kind: "branch", found: what, mend, next: MEND });
  }
  return found;
};
