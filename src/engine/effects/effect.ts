/** The contract of an effect: do one owed piece of work and answer with the command that records it. */

import type { EngineCommand } from "../../domain/commands.ts";
import type { Effect, EffectKind } from "../../domain/effects.ts";
import type { Repo, Worktree } from "../../git/git.ts";
import type { Person } from "../../git/identity.ts";
import type { HostContext, LiveSwarm } from "../host/context.ts";
import type { LiveSessions } from "../live-sessions.ts";
import type { Settings } from "../settings.ts";
import type { Transcripts } from "../transcript/writer.ts";

/** What every effect may use. */
export interface World {
  readonly swarm: LiveSwarm;
  readonly epoch: number;
  readonly host: HostContext;
  readonly settings: Settings;
  readonly repo: Repo;
  /** The user's identity, for commits that skep makes. */
  readonly committer: Person;
  readonly sessions: LiveSessions;
  readonly transcripts: Transcripts;
  /** Folder of a seat's worktree; `check` is the swarm's check worktree. */
  place(seat: string): string;
  /** The worktree of a seat, made when there is none. */
  worktree(seat: string): Promise<Worktree>;
  /** Aborts when the engine stops. */
  readonly signal: AbortSignal;
}

export interface Outcome {
  readonly record: EngineCommand;
  /** Runs when the record is durable; `accepted` is false when it was refused or could not be written. */
  readonly afterwards?: (accepted: boolean) => Promise<void>;
}

/**
 * Safe to repeat: a process may die between doing and recording. Throws when it cannot be done now; that is counted,
 * tried again later, and after the last try a person is asked.
 */
export type EffectHandler<K extends EffectKind> = (effect: Extract<Effect, { kind: K }>, world: World) => Promise<Outcome>;

/** The work is no longer owed: somebody else recorded it, or the state moved on. Not a failure. */
export class NotOwed extends Error {
  override readonly name = "NotOwed";
}

/** The value, or NotOwed when the state no longer holds it. */
export function owed<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new NotOwed("the state moved on");
  return value;
}
