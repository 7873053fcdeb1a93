/**
 * A look at a swarm when its time comes: one timer, derived anew from the state with every commit, and one look at a time.
 * When that is and what is done then is each watch's own.
 */
import type { Cancel, Clock } from "../base/clock.ts";
import { describeError } from "../base/errors.ts";
import type { Logger } from "../base/logger.ts";
import type { EngineCommand } from "../domain/commands.ts";
import type { LiveSwarm } from "./host/context.ts";

export interface WatchParts {
  readonly swarm: Pick<LiveSwarm, "state" | "onCommit" | "mail">;
  readonly clock: Clock;
  readonly logger: Logger;
  submit(command: EngineCommand): Promise<unknown>;
}

export abstract class TimedWatch {
  protected readonly parts: WatchParts;
  protected stopped = false;
  #unhear: Cancel | null = null;
  #cancelTimer: Cancel | null = null;
  #round: Promise<void> | null = null;

  constructor(parts: WatchParts) {
    this.parts = parts;
  }

  /** When to look next, as the state stands; null: there is nothing to look for. */
  protected abstract lookAt(): number | null;
  protected abstract look(): Promise<void>;
  /** What it means when a look fails. */
  protected abstract readonly failed: string;

  start(): void {
    this.#unhear = this.parts.swarm.onCommit(() => this.#plan());
    this.#plan();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.#unhear?.();
    this.#cancelTimer?.();
    await this.#round;
  }

  #plan(): void {
    if (this.stopped || this.#round !== null) return;
    const { clock } = this.parts;
    this.#cancelTimer?.();
    const at = this.lookAt();
    this.#cancelTimer = at === null ? null : clock.after(at - clock.now(), () => this.#begin());
  }

  #begin(): void {
    this.#round ??= this.look()
      .catch((error: unknown) => this.parts.logger.warn({ error: describeError(error) }, this.failed))
      .finally(() => {
        this.#round = null;
        this.#plan();
      });
  }
}
