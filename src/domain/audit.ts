/** An audit of reviewers: merged changes with and without a planted defect, and what is known about each. */
import type { SwarmId, TaskId } from "../base/ids.ts";
import type { Prose, TaskSpec } from "./model.ts";
import type { Candidate } from "./mutate.ts";

/** One change a reviewer is given. Nothing in its task tells the two kinds apart. */
export interface AuditItem {
  readonly task: TaskId;
  /** The merged task it was made of, and the commit that merged it. */
  readonly from: { readonly swarm: SwarmId; readonly task: TaskId; readonly title: string; readonly sha: string };
  /** null: the change as it was merged. */
  readonly planted: Candidate | null;
}

/** What the reviewers are not told. */
export interface AuditManifest {
  readonly seed: number;
  readonly items: readonly AuditItem[];
}

/** The audit part of the command that creates its swarm. */
export interface AuditOrder {
  /** JSON AuditManifest. */
  readonly manifest: Prose;
  readonly items: readonly { readonly spec: TaskSpec; readonly base: string; readonly sha: string }[];
}
