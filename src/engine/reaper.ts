/**
 * Lets agents leave that joined by themselves and have nothing to do any more. Who may is the state's to say; what it cannot
 * know is whether a letter waits for an answer of theirs.
 */
import type { Cancel, Clock } from "../base/clock.ts";
import { describeError } from "../base/errors.ts";
import type { SeatId } from "../base/ids.ts";
import type { Logger } from "../base/logger.ts";
import type { EngineCommand } from "../domain/commands.ts";
import { idleAt, staysFor } from "../domain/reap.ts";
import type { LiveSwarm } from "./host/context.ts";

export interface ReaperParts {
  readonly swarm: Pick<LiveSwarm, "state" | "onCommit" | "mail">;
  readonly clock: Clock;
  readonly logger: Logger;
  submit(command: EngineCommand): Promise<unknown>;
}

/** How often it is looked again at an agent whose time has come and who has to stay. */
const AGAIN_MS = 60_000;

export class Reaper {
  readonly #parts: ReaperParts;
  #unhear: Cancel | null = null;
  #cancelTimer: Cancel | null = null;
  #round: Promise<void> | null = null;
  #stopped = false;
  /** No look before: those who had to stay are not looked at again with every commit. */
  #notBefore = 0;

  constructor(parts: ReaperParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#unhear = this.#parts.swarm.onCommit(() => this.#plan());
    this.#plan();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unhear?.();
    this.#cancelTimer?.();
    await this.#round;
  }

  /** One timer, for the first whose time comes; every commit derives it anew. */
  #plan(): void {
    const { swarm, clock } = this.#parts;
    if (this.#stopped || this.#round !== null) return;
    const times = [...swarm.state.seats.values()].flatMap((seat) => idleAt(swarm.state, seat) ?? []);
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    if (times.length === 0) return;
    const at = Math.max(this.#notBefore, Math.min(...times));
    this.#cancelTimer = clock.after(at - clock.now(), () => this.#look());
  }

  #look(): void {
    const { logger, clock } = this.#parts;
    this.#round ??= this.#reap()
      .catch((error: unknown) => logger.warn({ error: describeError(error) }, "idle agents stay"))
      .finally(() => {
        this.#round = null;
        this.#notBefore = clock.now() + AGAIN_MS;
        this.#plan();
      });
  }

  async #reap(): Promise<void> {
    const { swarm, clock, submit } = this.#parts;
    for (const { seat } of [...swarm.state.seats.values()]) {
      const now = swarm.state.seats.get(seat);
      if (this.#stopped || !now?.scaled || staysFor(swarm.state, now, clock.now())) continue;
      if (!(await this.#isAsked(seat))) await submit({ type: "reap_seat", seat });
    }
  }

  /** Whether somebody waits for an answer to a letter it has not read. */
  async #isAsked(seat: SeatId): Promise<boolean> {
    const { mail } = this.#parts.swarm;
    const unread = await mail.read(seat, await mail.list(seat, ["stored", "offered"]));
    return unread.some(({ kind, urgent }) => kind === "question" || urgent === true);
  }
}
