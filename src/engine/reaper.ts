/**
 * Lets agents leave that joined by themselves and have nothing to do any more. Who may is the state's to say; what it cannot
 * know is whether a letter waits for an answer of theirs.
 */
import type { Cancel, Clock } from "../base/clock.ts";
import { describeError } from "../base/errors.ts";
import type { SeatId } from "../base/ids.ts";
import type { Logger } from "../base/logger.ts";
import type { EngineCommand } from "../domain/commands.ts";
import type { Seat } from "../domain/model.ts";
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
  /** When it is looked again at who had to stay, by seat: not with every commit, and nobody else waits for it. */
  readonly #again = new Map<SeatId, number>();

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
    const times = [...swarm.state.seats.values()].flatMap((seat) => this.#lookAt(seat) ?? []);
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    if (times.length === 0) return;
    this.#cancelTimer = clock.after(Math.min(...times) - clock.now(), () => this.#look());
  }

  #look(): void {
    const { logger } = this.#parts;
    this.#round ??= this.#reap()
      .catch((error: unknown) => logger.warn({ error: describeError(error) }, "idle agents stay"))
      .finally(() => {
        this.#round = null;
        this.#plan();
      });
  }

  /** When it is time for a look at an agent; null: it is none that leaves. */
  #lookAt(seat: Readonly<Seat>): number | null {
    const at = idleAt(this.#parts.swarm.state, seat);
    return at === null ? null : Math.max(at, this.#again.get(seat.seat) ?? 0);
  }

  async #reap(): Promise<void> {
    const { swarm, clock } = this.#parts;
    for (const { seat } of [...swarm.state.seats.values()]) {
      const now = swarm.state.seats.get(seat);
      const at = now ? this.#lookAt(now) : null;
      if (this.#stopped || !now || at === null || at > clock.now()) continue;
      // Whatever comes of it, the next look at this one has time.
      this.#again.set(seat, clock.now() + AGAIN_MS);
      await this.#reapOne(now);
    }
  }

  async #reapOne(seat: Readonly<Seat>): Promise<void> {
    const { swarm, clock, submit } = this.#parts;
    if (staysFor(swarm.state, seat, clock.now()) || (await this.#isAsked(seat.seat))) return;
    await submit({ type: "reap_seat", seat: seat.seat });
  }

  /** Whether somebody waits for an answer to a letter it has not read. */
  async #isAsked(seat: SeatId): Promise<boolean> {
    const { mail } = this.#parts.swarm;
    const unread = await mail.read(seat, await mail.list(seat, ["stored", "offered"]));
    return unread.some(({ kind, urgent }) => kind === "question" || urgent === true);
  }
}
