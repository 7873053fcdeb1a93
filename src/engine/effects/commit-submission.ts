import { outside } from "../../checks/scope.ts";
import { keepBackup } from "../../git/backup.ts";
import { commitWork } from "../../git/commit-work.ts";
import { seatPerson } from "../../git/identity.ts";
import { changedFacts } from "../changed-facts.ts";
import { type EffectHandler, owed } from "./effect.ts";

/** Commits what the agent left; that commit is what is checked, reviewed and merged. Scope is answered in the same breath. */
export const commitSubmission: EffectHandler<"commit_submission"> = async ({ task: id, attempt, submission }, world) => {
  const { swarm, repo, committer, settings } = world;
  const task = owed(swarm.state.tasks.get(id));
  const seat = owed(task.authors.at(-1));
  const { title } = task;
  // Whatever a report changed is outside: nothing of it would be looked at.
  const [files, mayBeEmpty] = task.report ? [[], true] : [task.files, false];
  const base = owed(task.base);
  const worktree = await world.worktree(seat);
  const author = seatPerson(seat);
  const work = await commitWork(repo, worktree, { swarm: swarm.id, task: id, attempt, base, title, author, committer, mayBeEmpty });
  const record = { type: "record_commit" as const, task: id, attempt, submission };
  switch (work.kind) {
    case "conflict":
      return { record: { ...record, sha: null, outside: [], conflict: work.paths.slice(0, 20) } };
    case "empty":
      return { record: { ...record, sha: null, outside: [], conflict: [] } };
    case "committed": {
      const changed = work.files.map((file) => file.path);
      const strays = outside(changed, files).slice(0, 20);
      // The agent will take those changes back, or lose them to a reset: what was refused stays to be looked at.
      const kept = strays.length > 0 ? { kept: await keepBackup(repo, swarm.id, `${id}-outside`, work.sha) } : {};
      return {
        record: {
          ...record,
          sha: work.sha,
          outside: strays,
          conflict: [],
          authors: work.seats,
          ...changedFacts(changed, settings),
          ...kept,
        },
      };
    }
    default: {
      const never: never = work;
      throw new Error(`unhandled ${JSON.stringify(never)}`);
    }
  }
};
