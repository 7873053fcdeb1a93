/**
 * Carries mail into live sessions. stored → offered when it was handed over, offered → seen when the session proved it took
 * it in; what a session did not take goes back to stored. A question or an urgent letter wakes an idle session or an absent
 * queen; notes wait for the next turn, so that idle costs no model call.
 */
import type { Cancel, Clock } from "../base/clock.ts";
import { describeError } from "../base/errors.ts";
import type { SeatId } from "../base/ids.ts";
import { mintUuid } from "../base/ids.ts";
import type { Logger } from "../base/logger.ts";
import { jobState } from "../domain/job.ts";
import { renderMails } from "../domain/mail-envelope.ts";
import type { Session } from "../domain/model.ts";
import { mayTurn } from "../domain/react.ts";
import type { Letter } from "../store/ports.ts";
import type { LiveSwarm } from "./host/context.ts";
import type { LiveSessions, Running } from "./live-sessions.ts";

export interface PostmanParts {
  readonly swarm: LiveSwarm;
  readonly sessions: LiveSessions;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Asks the engine to give the queen a session: she has none and there is a letter that cannot wait. */
  readonly wakeQueen: (letter: Letter) => Promise<unknown>;
}

/** What changes to whom mail can go. */
const MOMENTS: ReadonlySet<string> = new Set(["turn_started", "turn_ended", "session_ended", "swarm_resumed"]);
/** Letters that somebody waits for. */
const cannotWait = ({ kind, urgent }: Letter): boolean => kind === "question" || urgent === true;

/**
 * An idle session that gets another turn anyway. A CLI that takes no text in a turn has no other moment for notes: they go
 * before a reminder, but not before a new job.
 */
function goesOn(state: LiveSwarm["state"], session: Session): boolean {
  return session.owed?.kind !== "job" && (session.owed !== null || jobState(state, session) === "open");
}

export class Postman {
  readonly #parts: PostmanParts;
  readonly #stopping = new AbortController();
  /** Letters that lie in the queue of a session of this host. */
  readonly #handing = new Set<string>();
  /** One round at a time; a call meanwhile asks for one more. */
  #round: Promise<void> | null = null;
  #again = false;
  #following: Promise<void> | null = null;
  #cancelTimer: Cancel | null = null;

  constructor(parts: PostmanParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#following = this.#follow();
    this.#parts.sessions.onReady(() => this.deliver());
    this.#parts.swarm.onCommit(({ events }) => {
      if (events.some(({ type }) => MOMENTS.has(type))) this.deliver();
    });
    this.deliver();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#following;
    await this.#round;
    this.#cancelTimer?.();
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
      let dueAt = Number.POSITIVE_INFINITY;
      for (const { seat } of [...this.#parts.swarm.state.seats.values()]) {
        const work = this.#toSeat(seat).then((at) => {
          dueAt = Math.min(dueAt, at);
        });
        await work.catch((error: unknown) => this.#parts.logger.warn({ seat, error: describeError(error) }, "mail not delivered"));
      }
      this.#wakeAt(dueAt);
    }
  }

  /** One timer, for the next letter whose time comes; every round derives it from the inboxes anew. */
  #wakeAt(dueAt: number): void {
    const { clock } = this.#parts;
    this.#cancelTimer?.();
    this.#cancelTimer = Number.isFinite(dueAt) ? clock.after(dueAt - clock.now(), () => this.deliver()) : null;
  }

  /** When the next letter for this seat is due. */
  async #toSeat(seat: SeatId): Promise<number> {
    const { swarm, sessions } = this.#parts;
    const { mail } = swarm;
    // Handed over by a host that is gone, or by this one to a session that is: nobody is left who could prove it taken.
    for (const id of await mail.list(seat, ["offered"])) if (!this.#handing.has(id)) await mail.withdraw(seat, id);
    const now = swarm.state.seats.get(seat);
    const running = now?.session ? sessions.get(now.session) : undefined;
    if (running) await this.#toSession(seat, running);
    else if (now?.duty === "queen") await this.#toAbsentQueen(seat);
    const [next] = await mail.later(seat);
    return next?.notBefore ?? Number.POSITIVE_INFINITY;
  }

  async #toSession(seat: SeatId, running: Running): Promise<void> {
    const { swarm, logger } = this.#parts;
    const ids = await swarm.mail.list(seat, ["stored"]);
    if (ids.length === 0) return;
    const letters = await swarm.mail.read(seat, ids);
    const session = swarm.state.sessions.get(running.session);
    if (session?.status !== "live") return;
    const urgency = this.#urgency(session, running, letters);
    if (urgency === null) return;
    const offered: Letter[] = [];
    for (const letter of letters) {
      this.#handing.add(letter.id);
      if (await swarm.mail.offer(seat, letter.id, { session: running.session })) offered.push(letter);
      else this.#handing.delete(letter.id);
    }
    if (offered.length === 0) return;
    // Not awaited: it is taken when the session comes to it, and other seats have mail too.
    void this.#hand(seat, running, offered, urgency).catch((error: unknown) =>
      logger.warn({ seat, error: describeError(error) }, "mail not handed over"),
    );
  }

  /** How these letters may be handed to this session now; null: not now, they stay stored and can be read by `inbox_read`. */
  #urgency(session: Session, { live }: Running, letters: readonly Letter[]): "next" | "now" | null {
    const { swarm, clock } = this.#parts;
    const may = mayTurn(swarm.state, session, clock.now());
    if (session.turn === "idle") {
      const wakes = letters.some(cannotWait) || (!live.can.steer && goesOn(swarm.state, session));
      return may && wakes && (live.can.steer || !live.busy()) ? "next" : null;
    }
    if (may && live.can.interrupt && letters.some(({ urgent }) => urgent)) return "now";
    return live.can.steer ? "next" : null;
  }

  async #hand(seat: SeatId, { session, live }: Running, letters: readonly Letter[], urgency: "next" | "now"): Promise<void> {
    const { mail } = this.#parts.swarm;
    const inOrder = [...letters.filter(({ urgent }) => urgent), ...letters.filter(({ urgent }) => !urgent)];
    const receipt = mintUuid();
    try {
      const fate = await live.deliver(this.#render(inOrder), receipt, urgency);
      const proof = fate === "taken" ? live.proofOf(receipt) : null;
      for (const { id } of letters) await (proof === null ? mail.withdraw(seat, id) : mail.see(seat, id, { session, proof }));
    } finally {
      for (const { id } of letters) this.#handing.delete(id);
    }
  }

  #render(letters: readonly Letter[]): string {
    const { swarm, clock } = this.#parts;
    return renderMails(
      letters.map(({ at, replyTo, ...letter }) => ({
        ...letter,
        role: swarm.state.seats.get(letter.from as SeatId)?.role ?? null,
        replyTo: replyTo ?? null,
        ageMs: clock.now() - at,
      })),
    );
  }

  async #toAbsentQueen(seat: SeatId): Promise<void> {
    const { swarm, wakeQueen } = this.#parts;
    const letter = (await swarm.mail.read(seat, await swarm.mail.list(seat, ["stored"]))).find(cannotWait);
    if (letter) await wakeQueen(letter);
  }
}
