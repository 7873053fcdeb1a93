/**
 * Lets agents leave that joined by themselves and have nothing to do any more. Who may is the state's to say; what it cannot
 * know is whether a letter waits for an answer of theirs.
 */
import type { SeatId } from "../base/ids.ts";
import type { Seat } from "../domain/model.ts";
import { idleAt, staysFor } from "../domain/reap.ts";
import { TimedWatch } from "./timed-watch.ts";

/** How often it is looked again at an agent whose time has come and who has to stay. */
const AGAIN_MS = 60_000;

export class Reaper extends TimedWatch {
  protected readonly failed = "idle agents stay";
  /** When it is looked again at who had to stay, by seat: not with every commit, and nobody else waits for it. */
  readonly #again = new Map<SeatId, number>();

  /** When the time of the first one comes. */
  protected lookAt(): number | null {
    const times = [...this.parts.swarm.state.seats.values()].flatMap((seat) => this.#timeOf(seat) ?? []);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** When it is time for a look at an agent; null: it is none that leaves. */
  #timeOf(seat: Readonly<Seat>): number | null {
    const at = idleAt(this.parts.swarm.state, seat);
    return at === null ? null : Math.max(at, this.#again.get(seat.seat) ?? 0);
  }

  protected async look(): Promise<void> {
    const { swarm, clock } = this.parts;
    for (const { seat } of [...swarm.state.seats.values()]) {
      const now = swarm.state.seats.get(seat);
      const at = now ? this.#timeOf(now) : null;
      if (this.stopped || !now || at === null || at > clock.now()) continue;
      // Whatever comes of it, the next look at this one has time.
      this.#again.set(seat, clock.now() + AGAIN_MS);
      await this.#reap(now);
    }
  }

  async #reap(seat: Readonly<Seat>): Promise<void> {
    const { swarm, clock, submit } = this.parts;
    if (staysFor(swarm.state, seat, clock.now()) || (await this.#isAsked(seat.seat))) return;
    await submit({ type: "reap_seat", seat: seat.seat });
  }

  /** Whether somebody waits for an answer to a letter it has not read. */
  async #isAsked(seat: SeatId): Promise<boolean> {
    const { mail } = this.parts.swarm;
    const unread = await mail.read(seat, await mail.list(seat, ["stored", "offered"]));
    return unread.some(({ kind, urgent }) => kind === "question" || urgent === true);
  }
}
