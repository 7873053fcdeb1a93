/** Who made and who read what is merged, for its commit: facts of the log that no decision needs. */
import type { SessionId, TaskId } from "../base/ids.ts";
import type { Event } from "../domain/events.ts";
import type { SwarmHandle } from "./api.ts";

export interface Provenance {
  /** The session of the attempt; its transcript is kept under this id. */
  readonly run: SessionId | null;
  /** Seats that approved this commit. */
  readonly reviewers: readonly string[];
}

interface Known {
  seq: number;
  readonly runs: Map<TaskId, SessionId>;
  readonly approvals: Map<string, readonly string[]>;
}

/** Read on from where the last merge read: the log is long, what is new in it is not. */
const known = new WeakMap<SwarmHandle, Known>();

export async function provenanceOf(swarm: SwarmHandle, task: TaskId, sha: string): Promise<Provenance> {
  const facts: Known = known.get(swarm) ?? { seq: 0, runs: new Map(), approvals: new Map() };
  known.set(swarm, facts);
  for (const { seq, events } of await swarm.events(facts.seq)) {
    if (seq <= facts.seq) continue;
    for (const event of events) note(facts, event);
    facts.seq = seq;
  }
  return { run: facts.runs.get(task) ?? null, reviewers: facts.approvals.get(`${task} ${sha}`) ?? [] };
}

function note({ runs, approvals }: Known, event: Event): void {
  if (event.type === "task_claimed" && event.session !== null) runs.set(event.task, event.session);
  // What several did together is made to one result by a session of its own.
  if (event.type === "session_wanted" && event.job.kind === "task") runs.set(event.job.task, event.session);
  if (event.type !== "review_recorded" || !event.approved) return;
  const key = `${event.task} ${event.sha}`;
  approvals.set(key, [...new Set([...(approvals.get(key) ?? []), event.by])]);
}
