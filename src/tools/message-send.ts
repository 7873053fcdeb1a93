import { z } from "zod";
import type { Clock } from "../base/clock.ts";
import { quote, SkepError } from "../base/errors.ts";
import type { TaskId } from "../base/ids.ts";
import { nearest } from "../base/nearest.ts";
import { wantsRousing } from "../domain/idle.ts";
import type { State } from "../domain/model.ts";
import type { Project } from "../engine/api.ts";
import type { Caller } from "../engine/caller.ts";
import type { NewLetter } from "../store/ports.ts";
import { EVERYONE, swarmTool } from "./define-tool.ts";
import { line, prose, repeated, taskId } from "./fields.ts";
import { digest, LetterKeys } from "./keys.ts";
import { type Reader, readerOf, standingFacts, whyWaits } from "./letter-facts.ts";
import { keepPace } from "./pace.ts";
import { isLive, type SwarmCall } from "./swarm-call.ts";

const KEYS = new LetterKeys();
const WEEK_MINUTES = 7 * 24 * 60;
const MINUTE_MS = 60_000;

export const messageSend = swarmTool({
  name: "message_send",
  title: "Send a message",
  description:
    "Leave a message in an agent's inbox. Use it to ask or answer a question, or to report a fact the reader needs now. Mail changes no state: a claim, result or verdict counts only through its own tool. No thanks, no progress. It is read at the reader's next step.",
  audience: EVERYONE,
  kind: "write",
  input: z.strictObject({
    to: z.string().max(40).describe('Agent ("dev-1"), role ("queen"), "operator" or "all"'),
    subject: line(200).describe("One line"),
    body: prose(256 * 1024).describe("Facts, with path:line and exact names"),
    question: z.boolean().optional().describe("Whether you need an answer"),
    task: taskId().optional(),
    reply_to: z.string().max(64).optional().describe("Letter id"),
    urgent: z.boolean().optional().describe("Interrupt; operator and queen only"),
    in_minutes: z.number().min(0).max(WEEK_MINUTES).optional().describe("Hold it back"),
    expect: z
      .strictObject({ task: taskId(), status: z.string().max(20) })
      .optional()
      .describe("Only if the task has this status"),
  }),
  output: z.object({
    sent: z.array(z.looseObject({ to: z.string(), state: z.string() })),
    repeated: repeated(),
  }),
  async handle({ to, in_minutes: minutes, expect, ...words }, call) {
    const { swarm, caller, clock, project } = call;
    if (words.urgent) refuseUrgent(caller);
    const from = caller.kind === "operator" ? "operator" : caller.seat;
    const { readers, moved } = await look(call, to, from, expect);
    const letters = readers.map((reader) => ({ reader, letter: letterTo(reader.to, from, { ...words, minutes }, call) }));
    if (moved !== null) await refuseMoved(letters, moved, call);
    await keepPace("messages", letters.length, call);
    const sent = [];
    let stored = 0;
    for (const { reader, letter } of letters) {
      const { id, repeated } = await swarm.mail.send(letter);
      if (!repeated) stored += 1;
      const standing = (repeated ? await swarm.mail.standing(reader.to, id) : null) ?? { state: "stored", ...later(letter, clock) };
      const waits = standing.state === "stored" && standing.notBefore === undefined ? whyWaits(reader, letter) : null;
      sent.push({ to: reader.to, id, state: standing.state, ...standingFacts(standing), ...(waits === null ? {} : { note: waits }) });
    }
    if (caller.kind === "operator") {
      await rouse(swarm, clock);
      await wantHostNow(project, clock);
    }
    return { sent, ...(stored === 0 ? { repeated: true } : {}) };
  },
});

interface Words {
  readonly subject: string;
  readonly body: string;
  readonly question?: boolean | undefined;
  readonly task?: string | undefined;
  readonly reply_to?: string | undefined;
  readonly urgent?: boolean | undefined;
  readonly minutes?: number | undefined;
}

function letterTo(to: Reader["to"], from: string, words: Words, { swarm, clock, key }: SwarmCall): NewLetter & { readonly key: string } {
  const { subject, body, question, task, reply_to: replyTo, urgent, minutes } = words;
  const kind = question ? ("question" as const) : ("note" as const);
  // The wish as it was said: the time it names moves on with every repetition.
  const wish = { from, to, kind, subject, body, ...(urgent ? { urgent } : {}), ...(minutes ? { minutes } : {}) };
  return {
    ...{ from, to, kind, subject, body },
    ...(task === undefined ? {} : { task }),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(urgent ? { urgent } : {}),
    ...(minutes ? { notBefore: Math.ceil(clock.now() + minutes * MINUTE_MS) } : {}),
    key: key === null ? KEYS.key([swarm.id, wish], clock.now()) : digest(["program", key]),
  };
}

const later = ({ notBefore }: NewLetter, clock: Clock): { notBefore?: number } =>
  notBefore !== undefined && notBefore > clock.now() ? { notBefore } : {};

/** An interrupt costs its reader the turn it is in: whose work that is decides. */
function refuseUrgent(caller: Caller): void {
  if (caller.kind === "operator" || caller.duty === "queen") return;
  const why = `urgent interrupts its reader and is for the operator and the queen; you are a ${caller.duty}`;
  throw new SkepError("NOT_ALLOWED", why, "message_send without urgent; with question an idle reader is woken");
}

/** The same wish again finds its first answer, though the task has moved on since. */
async function refuseMoved(
  letters: readonly { readonly letter: NewLetter & { readonly key: string } }[],
  moved: string,
  { swarm }: SwarmCall,
): Promise<void> {
  const known = await Promise.all(letters.map(({ letter }) => swarm.mail.keyed(letter)));
  if (known.every((id) => id !== null)) return;
  throw new SkepError("EXPECTATION_FAILED", `${moved}; nothing was sent`, "task_list, then message_send if it still matters");
}

/** A swarm that paused itself goes on with a letter of the operator's. The letter is there already, so no refusal of this counts. */
async function rouse(swarm: SwarmCall["swarm"], clock: Clock): Promise<void> {
  if (await swarm.look((state) => wantsRousing(state, clock.now()))) await swarm.submit({ type: "rouse_swarm" }, { kind: "operator" });
}

/** When a host was last known to be there, by project. */
const SEEN = new WeakMap<Project, number>();
const SEEN_MS = 1_000;

/** A letter changes nothing, so a burst of them asks once a second whether somebody is there to carry them. */
async function wantHostNow(project: Project, clock: Clock): Promise<void> {
  if (clock.monotonic() - (SEEN.get(project) ?? Number.NEGATIVE_INFINITY) < SEEN_MS) return;
  if (await project.wantHost()) SEEN.set(project, clock.monotonic());
}

type Expected = { readonly task: string; readonly status: string };

/** Who is meant and how the expected task stands, in one look. */
async function look(
  { swarm }: SwarmCall,
  to: string,
  from: string,
  expect: Expected | undefined,
): Promise<{ readonly readers: readonly Reader[]; readonly moved: string | null }> {
  const { live, status, seats, operator, moved } = await swarm.look((state) => ({
    live: isLive(state),
    status: state.status,
    operator: readerOf(state, "operator"),
    moved: expect === undefined ? null : unlike(state, expect),
    seats: [...state.seats.values()]
      .filter((seat) => seat.status === "active")
      .map(({ seat, role, duty }) => ({ seat, role, duty, reader: readerOf(state, seat) })),
  }));
  if (!live) throw new SkepError("SWARM_OVER", `the swarm is ${status}; nobody would read it`, "nothing, or swarm_create for new work");
  if (to === "operator" && from !== "operator") return { readers: [operator], moved };
  const others = seats.filter(({ seat }) => seat !== from);
  const found = to === "all" ? others : others.filter(({ seat, role, duty }) => seat === to || role === to || duty === to);
  if (found.length > 0) return { readers: found.map(({ reader }) => reader), moved };
  const known = [...others.map(({ seat }) => seat as string), ...(from === "operator" ? [] : ["operator"])];
  const meant = nearest(to, [...known, ...others.map(({ role }) => role)]);
  const why = `${quote(to, 40)} is nobody who could read it${meant ? `, perhaps ${meant}` : ""}; there are ${known.join(", ")}`;
  throw new SkepError("NO_RECIPIENT", why, "message_send to one of these, or to all");
}

function unlike(state: Readonly<State>, { task, status }: Expected): string | null {
  const found = state.tasks.get(task as TaskId);
  if (!found) return `there is no task ${task}`;
  return found.status === status ? null : `${task} is ${found.status}, not ${quote(status, 20)}`;
}
