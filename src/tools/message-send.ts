import { z } from "zod";
import type { Clock } from "../base/clock.ts";
import { quote, SkepError } from "../base/errors.ts";
import type { SeatId } from "../base/ids.ts";
import { nearest } from "../base/nearest.ts";
import type { Project } from "../engine/api.ts";
import type { Letter } from "../store/ports.ts";
import { EVERYONE, swarmTool } from "./define-tool.ts";
import { line, prose, repeated, taskId } from "./fields.ts";
import { digest, LetterKeys } from "./keys.ts";
import { isLive, type SwarmCall } from "./swarm-call.ts";

const KEYS = new LetterKeys();

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
  }),
  output: z.object({ sent: z.array(z.object({ to: z.string(), id: z.string(), state: z.string() })), repeated: repeated() }),
  async handle({ to, subject, body, question = false, task, reply_to: replyTo }, call) {
    const { swarm, caller, clock, project } = call;
    const from = caller.kind === "operator" ? "operator" : caller.seat;
    const readers = await recipients(call, to, from);
    const sent = [];
    let stored = 0;
    for (const reader of readers) {
      const content = { from, to: reader, kind: question ? ("question" as const) : ("note" as const), subject, body };
      const key = call.key === null ? KEYS.key([swarm.id, content], clock.now()) : digest(["program", call.key]);
      const letter = { ...content, key, ...(task === undefined ? {} : { task }), ...(replyTo === undefined ? {} : { replyTo }) };
      const { id, repeated } = await swarm.mail.send(letter);
      if (!repeated) stored += 1;
      sent.push({ to: reader, id, state: (repeated ? await swarm.mail.state(reader, id) : null) ?? "stored" });
    }
    if (caller.kind === "operator") await wantHostNow(project, clock);
    return { sent, ...(stored === 0 ? { repeated: true } : {}) };
  },
});

/** When a host was last known to be there, by project. */
const SEEN = new WeakMap<Project, number>();
const SEEN_MS = 1_000;

/** A letter changes nothing, so a burst of them asks once a second whether somebody is there to carry them. */
async function wantHostNow(project: Project, clock: Clock): Promise<void> {
  if (clock.monotonic() - (SEEN.get(project) ?? Number.NEGATIVE_INFINITY) < SEEN_MS) return;
  if (await project.wantHost()) SEEN.set(project, clock.monotonic());
}

async function recipients({ swarm }: SwarmCall, to: string, from: string): Promise<readonly Letter["to"][]> {
  const { live, status, seats } = await swarm.look((state) => ({
    live: isLive(state),
    status: state.status,
    seats: [...state.seats.values()].filter((seat) => seat.status === "active").map(({ seat, role, duty }) => ({ seat, role, duty })),
  }));
  if (!live) throw new SkepError("SWARM_OVER", `the swarm is ${status}; nobody would read it`, "nothing, or swarm_create for new work");
  if (to === "operator" && from !== "operator") return ["operator"];
  const others = seats.filter(({ seat }) => seat !== from);
  const found = to === "all" ? others : others.filter(({ seat, role, duty }) => seat === to || role === to || duty === to);
  if (found.length > 0) return found.map(({ seat }) => seat as SeatId);
  const known = [...others.map(({ seat }) => seat as string), ...(from === "operator" ? [] : ["operator"])];
  const meant = nearest(to, [...known, ...others.map(({ role }) => role)]);
  const why = `${quote(to, 40)} is nobody who could read it${meant ? `, perhaps ${meant}` : ""}; there are ${known.join(", ")}`;
  throw new SkepError("NO_RECIPIENT", why, "message_send to one of these, or to all");
}
