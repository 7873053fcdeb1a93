/**
 * Carries mail into live sessions. stored → offered when it was handed over, offered → seen when the session proved it took
 * it in; what a session did not take goes back to stored. Mail wakes the queen for questions only: notes wait for her next
 * turn, so that idle costs no model call.
 */

import { describeError } from "../base/errors.ts";
import type { SeatId } from "../base/ids.ts";
import { mintUuid } from "../base/ids.ts";
import type { Logger } from "../base/logger.ts";
import { renderMails } from "../domain/mail-envelope.ts";
import type { Letter } from "../store/ports.ts";
import type { LiveSwarm } from "./host/context.ts";
import type { LiveSessions, Running } from "./live-sessions.ts";

export interface PostmanParts {
  readonly swarm: LiveSwarm;
  readonly sessions: LiveSessions;
  readonly logger: Logger;
  readonly now: () => number;
  /** Asks the engine to give the queen a session: she has none and there is a question for her. */
  readonly wakeQueen: (letter: Letter) => Promise<unknown>;
}

export class Postman {
  readonly #parts: PostmanParts;
  readonly #stopping = new AbortController();
  /** One round at a time; a call meanwhile asks for one more. */
  #round: Promise<void> | null = null;
  #again = false;
  #following: Promise<void> | null = null;

  constructor(parts: PostmanParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#following = this.#follow();
    this.#parts.sessions.onReady(() => this.deliver());
    this.#parts.swarm.onCommit(({ events }) => {
      if (events.some((event) => event.type === "turn_ended" || event.type === "session_ended")) this.deliver();
    });
    this.deliver();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#following;
    await this.#round;
  }

  deliver(): void {
    this.#again = true;
    this.#round ??= this.#rounds().finally(() => {
      this.#round = null;
    });
  }

  async #follow(): Promise<void> {
    for await (const _ of this.#parts.swarm.mail.changes(this.#stopping.signal)) this.deliver();
  }

  async #rounds(): Promise<void> {
    while (this.#again && !this.#stopping.signal.aborted) {
      this.#again = false;
      for (const { seat, duty, session } of [...this.#parts.swarm.state.seats.values()]) {
        const running = session ? this.#parts.sessions.get(session) : undefined;
        const work = running ? this.#toSession(seat, running) : duty === "queen" ? this.#toAbsentQueen(seat) : Promise.resolve();
        await work.catch((error: unknown) => this.#parts.logger.warn({ seat, error: describeError(error) }, "mail not delivered"));
      }
    }
  }

  async #toSession(seat: SeatId, running: Running): Promise<void> {
    const { swarm, logger } = this.#parts;
    const session = swarm.state.sessions.get(running.session);
    if (session?.status !== "live") return;
    // Paused: running turns end, none starts.
    const mayWake = swarm.state.status === "running";
    const ids = await swarm.mail.list(seat, ["stored"]);
    if (ids.length === 0) return;
    const letters = await swarm.mail.read(seat, ids);
    if (session.turn === "idle" && !(mayWake && letters.some(({ kind }) => kind === "question"))) return;
    const offered: Letter[] = [];
    for (const letter of letters) if (await swarm.mail.offer(seat, letter.id)) offered.push(letter);
    if (offered.length === 0) return;
    // Not awaited: it is taken when the session comes to it, and other seats have mail too.
    void this.#hand(seat, running, offered).catch((error: unknown) =>
      logger.warn({ seat, error: describeError(error) }, "mail not handed over"),
    );
  }

  async #hand(seat: SeatId, running: Running, letters: readonly Letter[]): Promise<void> {
    const { mail } = this.#parts.swarm;
    const fate = await running.live.deliver(this.#render(letters), mintUuid(), "next");
    for (const { id } of letters) await (fate === "taken" ? mail.see(seat, id) : mail.withdraw(seat, id));
  }

  #render(letters: readonly Letter[]): string {
    const { swarm, now } = this.#parts;
    return renderMails(
      letters.map(({ at, replyTo, ...letter }) => ({
        ...letter,
        role: swarm.state.seats.get(letter.from as SeatId)?.role ?? null,
        replyTo: replyTo ?? null,
        ageMs: now() - at,
      })),
    );
  }

  async #toAbsentQueen(seat: SeatId): Promise<void> {
    const { swarm, wakeQueen } = this.#parts;
    const letters = await swarm.mail.read(seat, await swarm.mail.list(seat, ["stored"]));
    const question = letters.find(({ kind }) => kind === "question");
    if (question) await wakeQueen(question);
  }
}
