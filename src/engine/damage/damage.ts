/** What may be wrong with a swarm's files and can be put right without losing anything. One kind of damage, one file. */
import path from "node:path";
import type { SwarmId } from "../../base/ids.ts";
import type { Repo } from "../../git/git.ts";
import { isAlive } from "../../proc/identity.ts";
import type { SwarmHandle } from "../api.ts";
import { settingsOf } from "../settings.ts";
import { CHECK_SEAT, worktreePlace } from "../worktree-places.ts";

export interface Damage {
  readonly kind: "lease" | "worktree" | "index" | "branch";
  /** One line. Foreign text in it is quoted. */
  readonly found: string;
  /** Puts it right and says what it did; null: a person has to, and `next` says how. */
  readonly mend: (() => Promise<string>) | null;
  readonly next: string;
}

/** One swarm, and what every look at it needs. */
export interface Scene {
  readonly swarm: SwarmHandle;
  readonly repo: Repo;
  /** Folder of its worktrees. */
  readonly folder: string;
  readonly places: readonly string[];
  /** Whether a host that may live works on it: then what looks unfinished may be at work. */
  readonly worked: boolean;
  /** True when a host answers. */
  wantHost(): Promise<boolean>;
}

export type Inspect = (scene: Scene) => Promise<readonly Damage[]>;

export const MEND = "skep doctor --fix";

export async function sceneOf(swarm: SwarmHandle, repo: Repo, home: string, wantHost: Scene["wantHost"]): Promise<Scene> {
  const { config } = await settingsOf(swarm);
  const place = (seat: string): string => worktreePlace(config.worktree.root, home, swarm.id as SwarmId, seat);
  const { seats, holder } = await swarm.look((state) => ({
    seats: [...state.seats.keys()],
    holder: state.closed ? null : state.lease?.holder,
  }));
  const worked = holder != null && isAlive(holder) !== "no";
  return { swarm, repo, folder: path.dirname(place(CHECK_SEAT)), places: [...seats, CHECK_SEAT].map(place), worked, wantHost };
}
