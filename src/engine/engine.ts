/**
 * The loop: look at the newest state, start what it owes, submit what is due, set one timer. Holds no truth of its own;
 * an engine that starts on an old log owes exactly what the one before it owed.
 */
import type { Cancel, Clock } from "../base/clock.ts";
import { describeError, renderFault, SkepError } from "../base/errors.ts";
import type { Logger } from "../base/logger.ts";
import type { EngineCommand } from "../domain/commands.ts";
import type { Unmade } from "../domain/commit-rules.ts";
import type { Effect } from "../domain/effects.ts";
import { react } from "../domain/react.ts";
import { NotOwed, type Outcome } from "./effects/effect.ts";
import type { LiveSwarm } from "./host/context.ts";

export interface EngineParts {
  readonly handle: LiveSwarm;
  readonly epoch: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Performs one effect and answers with the command that records it. Throws NotOwed when the state moved on meanwhile. */
  readonly perform: (effect: Effect) => Promise<Outcome>;
  readonly observe?: ((phase: "before" | "after", effect: Effect) => void | Promise<void>) | undefined;
}

/** Before something is tried again that did not come through: the store was full, or the result was refused. */
const PAUSE_MS = 500;

/** Failures that no other try mends. */
const UNMADE: ReadonlyMap<string, Unmade> = new Map([
  ["COMMIT_UNSIGNED", "signing"],
  ["HOOK_REFUSED", "hook"],
]);

/** What failed, why, and what to do, where that is known. Whoever quotes it ends the sentence. */
const reasonOf = (error: unknown): string => (error instanceof SkepError ? renderFault(error).replace(/\.$/, "") : describeError(error));

export class Engine {
  readonly #parts: EngineParts;
  readonly #running = new Map<string, Promise<void>>();
  readonly #submitting = new Set<string>();
  #cancelTimer: Cancel | null = null;
  #unsubscribe: Cancel | null = null;
  readonly #pauses = new Set<() => void>();
  #idle: (() => void)[] = [];
  #stopped = false;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#unsubscribe = this.#parts.handle.onCommit(() => this.#look());
    this.#look();
  }

  /** Starts nothing more; resolves when no effect runs. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe?.();
    this.#cancelTimer?.();
    for (const resume of [...this.#pauses]) resume();
    await Promise.all(this.#running.values());
  }

  /** Resolves when nothing runs and nothing is owed now. */
  drain(): Promise<void> {
    if (this.#quiet()) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #quiet(): boolean {
    return this.#running.size === 0 && this.#submitting.size === 0;
  }

  /**
   * Synchronous on purpose: the state read here and the set of running effects belong together. With an await
   * between them an effect that just finished could be started again.
   */
  #look(): void {
    const { handle, epoch, clock } = this.#parts;
    if (this.#stopped || handle.state.epoch !== epoch) return;
    const now = clock.now();
    const { effects, due, wakeAt } = react(handle.state, now);
    for (const effect of effects) {
      if (this.#running.has(effect.key)) continue;
      this.#running.set(effect.key, this.#run(effect));
    }
    for (const command of due) this.#submitDue(command);
    this.#cancelTimer?.();
    this.#cancelTimer = wakeAt === null ? null : clock.after(wakeAt - now, () => this.#look());
    this.#settleIdle();
  }

  #settleIdle(): void {
    if (this.#quiet()) for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #run(effect: Effect): Promise<void> {
    const { logger, observe } = this.#parts;
    try {
      const outcome = await this.#perform(effect);
      await observe?.("after", effect);
      const recorded = outcome !== null && (await this.#keep(outcome));
      // A result that changed nothing leaves the effect owed: without a pause it would start again at once.
      if (!recorded) await this.#pause();
    } catch (error) {
      logger.error({ effect: effect.key, error: describeError(error) }, "effect result not recorded");
      await this.#pause();
    } finally {
      this.#running.delete(effect.key);
      this.#look();
    }
  }

  /** Effects that somebody else owes now are not performed: the epoch is looked at right before. */
  async #perform(effect: Effect): Promise<Outcome | null> {
    const { handle, epoch, perform, logger, observe } = this.#parts;
    await handle.refresh();
    if (handle.state.epoch !== epoch || this.#stopped) return null;
    await observe?.("before", effect);
    try {
      return await perform(effect);
    } catch (error) {
      if (error instanceof NotOwed || this.#stopped) return null;
      logger.warn({ effect: effect.key, error: describeError(error) }, "effect failed");
      const failed = { type: "fail_effect" as const, key: effect.key, error: reasonOf(error).slice(0, 500) };
      const unmade = error instanceof SkepError ? UNMADE.get(error.code) : undefined;
      return { record: unmade ? { ...failed, unmade } : failed };
    }
  }

  /** A result that could not be written is as good as refused: what it began must not go on beside the next try. */
  async #keep({ record, afterwards }: Outcome): Promise<boolean> {
    let recorded = false;
    try {
      recorded = await this.#record(record);
    } finally {
      await afterwards?.(recorded);
    }
    return recorded;
  }

  #pause(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#parts.clock.after(PAUSE_MS, resume);
      const pauses = this.#pauses;
      pauses.add(resume);
      function resume(): void {
        cancel();
        pauses.delete(resume);
        resolve();
      }
    });
  }

  /** Whether the command made a commit. */
  async #record(command: EngineCommand): Promise<boolean> {
    const { handle, epoch, logger } = this.#parts;
    const answer = await handle.submit(command, { kind: "engine", epoch });
    if (!answer.ok) logger.info({ command: command.type, code: answer.refusal.code }, "result refused");
    return answer.ok && !answer.repeated;
  }

  #submitDue(command: EngineCommand): void {
    const name = JSON.stringify(command);
    if (this.#submitting.has(name)) return;
    this.#submitting.add(name);
    const done = (): void => {
      this.#submitting.delete(name);
      this.#settleIdle();
    };
    // A commit makes the engine look again by itself; a refusal must not, or the two would chase each other.
    this.#record(command).then(done, (error: unknown) => {
      this.#parts.logger.error({ command: command.type, error: describeError(error) }, "due command not recorded");
      this.#parts.clock.after(PAUSE_MS, done);
    });
  }
}
