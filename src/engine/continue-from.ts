/** Going on from an ended swarm: its log becomes a text for the new one's first message. */
import { SkepError } from "../base/errors.ts";
import type { SwarmId } from "../base/ids.ts";
import { continuationFacts, renderContinuation } from "../domain/continuation.ts";
import { count } from "../domain/foreign.ts";
import { OVER } from "../domain/model.ts";
import { readTexts } from "../domain/prose.ts";
import type { Repo } from "../git/git.ts";
import { holdsWork } from "../git/land/held.ts";
import { attemptBranch, commitOf } from "../git/refs.ts";
import type { SwarmHandle } from "./api.ts";

export interface Continuation {
  readonly swarm: SwarmId;
  readonly brief: string;
  /** Merged work that the new base does not hold, in words; null: it holds all. */
  readonly missing: string | null;
}

export async function continuation(
  swarms: readonly SwarmHandle[],
  id: SwarmId,
  at: Repo & { readonly head: string },
): Promise<Continuation> {
  const old = swarms.find((swarm) => swarm.id === id);
  if (!old) throw new SkepError("NO_SWARM", `there is no swarm ${id} here that can be read`, "swarm_list");
  const facts = await old.look(continuationFacts);
  if (!OVER.has(facts.status))
    throw new SkepError(
      "WRONG_STATUS",
      `${id} is ${facts.status}, and only an ended swarm is gone on from`,
      `swarm_wait or swarm_stop with swarm ${id}`,
    );
  if (await old.look((state) => state.audit !== null))
    throw new SkepError("WRONG_STATUS", `${id} is an audit of reviewers and has no work to go on with`, "the same call without that swarm");
  const here = facts.merged.length === 0 || (await holds(at, facts.tip));
  const texts = await readTexts(facts, (prose) => old.read(prose));
  return {
    swarm: id,
    brief: renderContinuation(facts, texts, { here, branchOf: (task, attempt) => attemptBranch(id, task, attempt) }),
    missing: here
      ? null
      : `${count(facts.merged.length, "merged task")} of ${id} on ${facts.branch}: swarm_land brings them to your branch`,
  };
}

const holds = async (repo: Repo & { readonly head: string }, tip: string): Promise<boolean> =>
  tip !== "" && (await commitOf(repo.commonDir, tip)) !== null && (await holdsWork(repo, repo.head, tip));
