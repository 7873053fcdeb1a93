/** Merged tasks of a project, newest first: what an audit is made of. */
import type { SwarmId, TaskId } from "../../base/ids.ts";
import type { Proof, Prose, State } from "../../domain/model.ts";
import type { SwarmHandle } from "../api.ts";

export interface AuditSource {
  readonly swarm: SwarmId;
  readonly task: TaskId;
  readonly title: string;
  readonly role: string;
  readonly files: readonly string[];
  readonly criteria: number;
  readonly proof: Proof;
  /** JSON of TaskText, read from its own swarm. */
  readonly text: string;
  /** The commit that merged it. */
  readonly sha: string;
  readonly at: number;
}

export async function auditSources(swarms: readonly SwarmHandle[]): Promise<readonly AuditSource[]> {
  const found = await Promise.all(
    swarms.map(async (swarm) => {
      const merged = await swarm.look(mergedTasks);
      return Promise.all(merged.map(async ({ text, ...task }) => ({ ...task, text: await swarm.read(text) })));
    }),
  );
  return found.flat().sort((a, b) => b.at - a.at);
}

function mergedTasks(state: Readonly<State>): readonly (Omit<AuditSource, "text"> & { readonly text: Prose })[] {
  // The last one merged stands last: it is to come first among those of one moment.
  return [...state.byStatus.merged].reverse().flatMap((id) => {
    const task = state.tasks.get(id);
    if (!task || task.mergedSha === null) return [];
    const { title, role, files, criteria, proof, text, mergedSha: sha, changedAt: at } = task;
    return [{ swarm: state.id, task: id, title, role, files: [...files], criteria, proof, text, sha, at }];
  });
}
