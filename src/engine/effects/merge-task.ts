import { rulesNow } from "../../domain/commit-rules.ts";
import { keepBackup } from "../../git/backup.ts";
import { seatPerson } from "../../git/identity.ts";
import { mergeWork } from "../../git/merge.ts";
import { type Manner, mannerOf } from "../../git/own-commit.ts";
import { changeRefs, headRef, swarmBranch } from "../../git/refs.ts";
import { readTip } from "../../git/swarm-branch.ts";
import { provenanceOf } from "../provenance.ts";
import { type EffectHandler, owed, type World } from "./effect.ts";

/** Puts the approved commit on the integration branch, as one commit, with no checkout. */
export const mergeTask: EffectHandler<"merge_task"> = async ({ task: id, attempt, sha, tree }, world) => {
  const { swarm, repo, committer } = world;
  await putAside(world);
  const { title, authors } = owed(swarm.state.tasks.get(id));
  const author = seatPerson(owed(authors.at(-1)));
  const { tip } = swarm.state;
  const from = await provenanceOf(swarm, id, sha);
  const manner = await mannerNow(world);
  const order = { swarm: swarm.id, task: id, attempt, sha, tip, title, author, committer, tree, manner, ...from };
  const merged = await mergeWork(repo, order);
  const record = { type: "record_merge" as const, task: id, attempt };
  switch (merged.kind) {
    case "merged":
      return { record: { ...record, outcome: { kind: "merged", sha: merged.sha } } };
    case "conflict":
      return { record: { ...record, outcome: { kind: "conflict", paths: merged.paths.slice(0, 20) } } };
    case "changed":
      return { record: { ...record, outcome: { kind: "changed" } } };
    case "foreign":
      return { record: { ...record, outcome: { kind: "foreign", tip: merged.tip ?? "" } } };
    default: {
      const never: never = merged;
      throw new Error(`unhandled ${JSON.stringify(never)}`);
    }
  }
};

/** As config says, without what a person has waived. */
export const mannerNow = ({ swarm, repo, settings, signal }: World): Promise<Manner> =>
  mannerOf(repo, rulesNow(swarm.state, settings.config.merge), signal);

/** A person told skep to go on from its own tip: what stands there instead is kept, then the branch is moved back. */
export async function putAside({ swarm, repo }: World): Promise<void> {
  const { putAside: told, tip, id } = swarm.state;
  if (told === null) return;
  const now = await readTip(repo, id);
  if ((now ?? "") !== told) return;
  if (now !== null) await keepBackup(repo, id, "put-aside", now);
  await changeRefs(repo.commonDir, [{ ref: headRef(swarmBranch(id)), to: tip, from: now }], "skep: back to its own tip");
}
