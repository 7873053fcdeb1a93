/** Letters that nobody will read as things stand: kept where they are, named with why, and sent on when a person says so. */
import { quote, SkepError } from "../base/errors.ts";
import type { SeatId } from "../base/ids.ts";
import { OVER, type State } from "../domain/model.ts";
import { isLetterId } from "../store/letter.ts";
import type { Letter } from "../store/ports.ts";
import type { SwarmHandle } from "./api.ts";

export interface DeadLetter extends Pick<Letter, "id" | "to"> {
  readonly why: string;
  /** null: its file cannot be read. */
  readonly letter: Letter | null;
}

/** Oldest first. Reads only. */
export async function deadLetters(swarm: SwarmHandle): Promise<readonly DeadLetter[]> {
  const found: DeadLetter[] = [];
  for (const { seat, why } of await inboxesOf(swarm)) {
    const ids = await unreadIn(swarm, seat);
    const letters = new Map((await swarm.mail.read(seat, ids)).map((letter) => [letter.id, letter]));
    for (const id of ids) {
      const letter = letters.get(id) ?? null;
      const reason = letter === null ? "its file cannot be read" : why;
      // What was read while we looked is no longer unread.
      if (reason !== null && (letter !== null || (await swarm.mail.state(seat, id)) !== "seen"))
        found.push({ id, to: seat, why: reason, letter });
    }
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** How many there are, by their names alone: it is asked with every look at a swarm. Damaged ones need opening and are not counted. */
export async function countDeadLetters(swarm: SwarmHandle): Promise<number> {
  const dead = (await inboxesOf(swarm)).filter(({ why }) => why !== null);
  return (await Promise.all(dead.map(({ seat }) => unreadIn(swarm, seat)))).flat().length;
}

const inboxesOf = (swarm: SwarmHandle) =>
  swarm.look((state) => [...state.seats.keys()].map((seat) => ({ seat, why: whyUnread(state, seat) })));

async function unreadIn({ mail }: SwarmHandle, seat: SeatId): Promise<readonly string[]> {
  const later = (await mail.later(seat)).map(({ id }) => id);
  return [...(await mail.list(seat, ["stored", "offered"])), ...later];
}

/** null: its reader may still come to it. */
function whyUnread({ status, seats }: Readonly<State>, seat: SeatId): string | null {
  if (OVER.has(status)) return `the swarm is ${status}`;
  return seats.get(seat)?.status === "stopped" ? `${seat} was stopped` : null;
}

/**
 * The same letter to an agent that can read it; the old one counts as seen by the operator, so that a second call finds no
 * dead letter. Throws NOT_FOUND, NOT_ALLOWED.
 */
export async function sendOn(swarm: SwarmHandle, id: string, to: SeatId): Promise<{ readonly id: string; readonly repeated: boolean }> {
  const next = "skep dead-letters";
  const { status, seat } = await swarm.look((state) => ({ status: state.status, seat: state.seats.get(to)?.status }));
  if (OVER.has(status))
    throw new SkepError("NOT_ALLOWED", `the swarm is ${status}; nobody reads in it any more`, `skep run --continue-from ${swarm.id}`);
  if (seat === undefined) throw new SkepError("NOT_FOUND", `no agent ${quote(to, 60)}`, "skep status");
  if (seat !== "active") throw new SkepError("NOT_ALLOWED", `${to} is ${seat}`, "skep status");
  if (!isLetterId(id)) throw new SkepError("BAD_ID", `${quote(id, 80)} is no letter's id`, next);
  const dead = (await deadLetters(swarm)).find((one) => one.id === id);
  const letter = dead?.letter;
  if (!dead || !letter) throw new SkepError("NOT_FOUND", dead ? `letter ${id}: ${dead.why}` : `no dead letter ${quote(id, 80)}`, next);
  const { from, kind, subject, body, task, urgent } = letter;
  const sent = await swarm.mail.send({
    from,
    to,
    kind,
    subject,
    body,
    ...(task ? { task } : {}),
    ...(urgent ? { urgent } : {}),
    key: `again-${id}`,
  });
  await swarm.mail.see(dead.to, id, { session: "operator", proof: "tool" });
  return sent;
}
