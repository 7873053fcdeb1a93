/** What tools need of the world beside the swarm itself. The program wires the real ones; tests bring their own git. */
import type { SeatId, SessionId } from "../base/ids.ts";
import type { LandStrategy } from "../domain/landing.ts";
import type { Risk, SeatSpec, TaskSpec } from "../domain/model.ts";
import type { WhoamiSurroundings } from "../domain/whoami.ts";
import type { SwarmHandle } from "../engine/api.ts";
import type { Drafted } from "../engine/pipeline/drafted.ts";

export interface DiffPage {
  readonly text: string;
  readonly page: number;
  readonly pages: number;
  /** Cursor of the page after this one. */
  readonly next: string | null;
}

/** Reads commits of the project's repository; never its checkout. */
export interface DiffReader {
  /** Throws NO_PAGE for a cursor that leads nowhere. */
  page(base: string, sha: string, cursor: string | null): Promise<DiffPage>;
  /** Paths changed between the two commits. */
  changed(base: string, sha: string): Promise<readonly string[]>;
  /** Lines of the file at `sha`, or null when there is no such file. */
  lines(sha: string, path: string): Promise<number | null>;
}

export interface Landed {
  readonly sha: string;
  /** The user's branch that now holds the work, or that a pull request asks to take it. */
  readonly target: string;
  readonly strategy: LandStrategy;
  readonly repeated: boolean;
  /** The command that takes the branch back to where it was; null when it was not moved. */
  readonly back: string | null;
  /** The pull request. */
  readonly url: string | null;
  /** What the user does by hand, e.g. files their own filters would have rewritten. */
  readonly warning: string | null;
}

/** A task as the queen states it; undefined: she leaves it open. */
export interface Unplaced {
  readonly files: readonly string[];
  readonly role: string | undefined;
  readonly risk: Risk | undefined;
}
export type Placed = Pick<TaskSpec, "role" | "risk" | "because">;

export interface Services {
  readonly diff: DiffReader;
  /**
   * Brings a swarm's integration branch to the user's branch, as the config says unless `strategy` does. Throws with what
   * stands in the way.
   */
  land(swarm: SwarmHandle, strategy?: LandStrategy): Promise<Landed>;
  /** Makes the report that an ended swarm left anew. Never throws for a file that cannot be written. */
  renewReport(swarm: SwarmHandle): Promise<void>;
  /**
   * Seats for `count` more agents of a role, as the swarm's pinned catalog and config say; their names are not in
   * `taken`. Throws NO_ROLE.
   */
  seats(swarm: SwarmHandle, role: string, count: number, taken: readonly string[]): Promise<readonly SeatSpec[]>;
  /** Role and risk of a task, where the plan leaves them open, by its files and the swarm's team; and why. */
  placing(swarm: SwarmHandle, task: Unplaced): Promise<Placed>;
  /** What stays with the tasks of the pipeline a queen plans from; null: she plans from none. */
  drafted(swarm: SwarmHandle): Promise<Drafted | null>;
  /** The text a session's job begins with; null when the job is gone. */
  firstMessage(swarm: SwarmHandle, session: SessionId): Promise<string | null>;
  whoami(swarm: SwarmHandle, session: SessionId): Promise<WhoamiSurroundings>;
  /** The tools a seat's role is cut down to; null: all of its duty. */
  roleTools(swarm: SwarmHandle, seat: SeatId): Promise<readonly string[] | null>;
}
