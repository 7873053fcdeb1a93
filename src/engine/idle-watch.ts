/**
 * Lets a swarm pause itself in which nothing moves any more. When that is, is the state's to say; what it cannot know is
 * whether a letter came or is still to come, and that counts as a move.
 */
import { pausesAt } from "../domain/idle.ts";
import { TimedWatch } from "./timed-watch.ts";

export class IdleWatch extends TimedWatch {
  protected readonly failed = "a swarm in which nothing moves is not paused";
  /** Not before: a letter came, or the last try changed nothing. */
  #notBefore = 0;

  override start(): void {
    if (this.parts.swarm.state.limits.pauseMs) super.start();
  }

  protected lookAt(): number | null {
    const at = pausesAt(this.parts.swarm.state, this.parts.clock.now());
    return at === null ? null : Math.max(at, this.#notBefore);
  }

  protected async look(): Promise<void> {
    const { swarm, clock, submit } = this.parts;
    const waitMs = swarm.state.limits.pauseMs ?? 0;
    const now = clock.now();
    // Set first: whatever comes of this look, the next one has time.
    this.#notBefore = now + waitMs;
    const letterAt = await this.#newestLetter();
    if (letterAt + waitMs > now) this.#notBefore = letterAt + waitMs;
    else if (!this.stopped) await submit({ type: "pause_itself" });
  }

  /** When the newest unread letter came to an agent, or will be shown to it. */
  async #newestLetter(): Promise<number> {
    const { mail, state } = this.parts.swarm;
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
