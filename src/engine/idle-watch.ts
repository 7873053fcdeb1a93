/**
 * Lets a swarm pause itself in which nothing moves any more. When that is, is the state's to say; what it cannot know is
 * whether a letter came or is still to come, and that counts as a move.
 */
import type { Cancel, Clock } from "../base/clock.ts";
import { describeError } from "../base/errors.ts";
import type { Logger } from "../base/logger.ts";
import type { EngineCommand } from "../domain/commands.ts";
import { pausesAt } from "../domain/idle.ts";
import type { LiveSwarm } from "./host/context.ts";

export interface IdleWatchParts {
  readonly swarm: Pick<LiveSwarm, "state" | "onCommit" | "mail">;
  readonly clock: Clock;
  readonly logger: Logger;
  submit(command: EngineCommand): Promise<unknown>;
}

export class IdleWatch {
  readonly #parts: IdleWatchParts;
  #unhear: Cancel | null = null;
  #cancelTimer: Cancel | null = null;
  #round: Promise<void> | null = null;
  #stopped = false;
  /** Not before: a letter came, or the last try changed nothing. */
  #notBefore = 0;

  constructor(parts: IdleWatchParts) {
    this.#parts = parts;
  }

  start(): void {
    if (!this.#parts.swarm.state.limits.pauseMs) return;
    this.#unhear = this.#parts.swarm.onCommit(() => this.#plan());
    this.#plan();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unhear?.();
    this.#cancelTimer?.();
    await this.#round;
  }

  /** One timer, for the moment it would pause; every commit derives it anew. */
  #plan(): void {
    const { swarm, clock } = this.#parts;
    if (this.#stopped || this.#round !== null) return;
    this.#cancelTimer?.();
    const at = pausesAt(swarm.state, clock.now());
    this.#cancelTimer = at === null ? null : clock.after(Math.max(at, this.#notBefore) - clock.now(), () => this.#look());
  }

  #look(): void {
    const { logger } = this.#parts;
    this.#round ??= this.#pause()
      .catch((error: unknown) => logger.warn({ error: describeError(error) }, "a swarm in which nothing moves is not paused"))
      .finally(() => {
        this.#round = null;
        this.#plan();
      });
  }

  async #pause(): Promise<void> {
    const { swarm, clock, submit } = this.#parts;
    const waitMs = swarm.state.limits.pauseMs ?? 0;
    const now = clock.now();
    // Set first: whatever comes of this look, the next one has time.
    this.#notBefore = now + waitMs;
    const letterAt = await this.#newestLetter();
    if (letterAt + waitMs > now) this.#notBefore = letterAt + waitMs;
    else if (!this.#stopped) await submit({ type: "pause_itself" });
  }

  /** When the newest unread letter came to an agent, or will be shown to it. */
  async #newestLetter(): Promise<number> {
    const { mail, state } = this.#parts.swarm;
    let newest = 0;
    for (const { seat } of [...state.seats.values()]) {
      const later = await mail.later(seat);
      const unread = await mail.read(seat, await mail.list(seat, ["stored", "offered"]));
      newest = Math.max(
        newest,
        ...later.map(({ notBefore }) => notBefore),
        ...unread.map(({ at, notBefore }) => Math.max(at, notBefore ?? 0)),
      );
    }
    return newest;
  }
}
