/** What a land strategy is: one file each, listed in `index.ts`. */
import type { SwarmId, TaskId } from "../../base/ids.ts";
import type { CommitRules } from "../../domain/commit-rules.ts";
import type { LandStrategy } from "../../domain/landing.ts";
import type { Repo } from "../git.ts";

export interface LandOrder {
  readonly strategy: LandStrategy;
  readonly swarm: SwarmId;
  /** The user's branch; null when the swarm began on a detached HEAD. */
  readonly target: string | null;
  /** Tip of the integration branch as skep recorded it: exactly this lands. */
  readonly tip: string;
  /** The goal in one line. */
  readonly title: string;
  readonly tasks: readonly LandedTask[];
  /** Where a pull request is pushed; null: the remote the branch tracks, else `origin`. */
  readonly remote: string | null;
  /** For the commit a strategy makes, when it makes one; absent: as without a config. */
  readonly rules?: CommitRules;
}
export interface LandedTask {
  readonly task: TaskId;
  readonly title: string;
  /** Its commit on the integration branch. */
  readonly sha: string;
}

/** The user's branch as it was found. */
export interface Standing {
  readonly target: string;
  readonly ref: string;
  readonly old: string;
}

export interface Landed {
  readonly strategy: LandStrategy;
  readonly branch: string;
  /** Where the branch is now; of a pull request what was pushed. */
  readonly sha: string;
  readonly files: readonly string[];
  readonly repeated: boolean;
  /**
   * Landed files that the user's own filters (such as Git LFS) would have rewritten: skep runs no filters, so the user
   * checks them out once more.
   */
  readonly unfiltered: readonly string[];
  /** The command that takes the branch back to where it was; null when it was not moved. */
  readonly back: string | null;
  /** The pull request. */
  readonly url: string | null;
}

export interface Strategy {
  readonly id: LandStrategy;
  readonly summary: string;
  /** Called with work to land that the branch does not hold yet. */
  land(repo: Repo, order: LandOrder, standing: Standing): Promise<Landed>;
}
