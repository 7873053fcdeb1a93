import { z } from "zod";
import { OVER, type State } from "../domain/model.ts";
import type { SwarmHandle } from "../engine/api.ts";
import { swarmTool } from "./define-tool.ts";
import { questionsTo } from "./gate-questions.ts";
import { atClient } from "./person.ts";
import { statusFacts, statusFields } from "./status-facts.ts";
import { type SwarmCall, wakeHost } from "./swarm-call.ts";
import { linesAfter } from "./swarm-feed.ts";

/** Clients give up on a silent call after a minute. */
const LONGEST_SECONDS = 50;
const SHOWN = 40;
/** One thing seldom happens alone, and each answer costs the client's model a turn: what follows soon goes along. */
const GATHER_MS = 2_000;

export const swarmWait = swarmTool({
  name: "swarm_wait",
  title: "Wait for news",
  description:
    "Wait until something happens in a swarm, at most 50 s, and return the news as lines with the state. Without cursor it answers at once; then give back the last answer's cursor, again and again. Stop when a gate is open (gate_answer) or the swarm has ended (swarm_land).",
  audience: ["operator"],
  kind: "read",
  input: z.strictObject({
    cursor: z.int().min(0).optional().describe("From the last answer"),
    seconds: z.int().min(0).max(LONGEST_SECONDS).optional().describe("Longest wait; 50 when omitted"),
  }),
  output: z.object({ cursor: z.int(), news: z.array(z.string()), ...statusFields }),
  async handle({ cursor, seconds = LONGEST_SECONDS }, call) {
    const { swarm, project, signal, progress } = call;
    await wakeHost(swarm, project);
    // Keeps clients that count silence from giving up; those that show progress have something to show.
    if (cursor !== undefined) progress(`waiting for news of ${swarm.id}`);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(Math.max(1, seconds * 1_000))]);
    if (cursor !== undefined) await newsAfter(call, cursor, limit);
    const facts = await statusFacts(call);
    const lines = (await linesAfter(swarm, cursor ?? 0)).filter(({ seq }) => seq <= facts.cursor).map(({ line }) => line);
    const news = lines.slice(-SHOWN);
    if (lines.length > SHOWN) news.unshift(`[${lines.length - SHOWN} earlier lines left out]`);
    const person = atClient(call);
    const questions = person && questionsTo(person, swarm.id);
    // A call that was taken back is not read: what its answer would have told is for the next one.
    if (!signal.aborted) news.push(...(questions?.notes() ?? []));
    const asked = questions?.pending ?? [];
    return {
      ...facts,
      news,
      ...(asked.length > 0 ? { next: `swarm_wait: the user is being asked ${asked.join(", ")} in this client` } : {}),
    };
  },
});

/**
 * Resolves when there is a line worth telling after `cursor`, the swarm is over, or time is up. Where the client can ask the
 * person, open gates are put to them first, and what they answer is part of the news.
 */
async function newsAfter(call: SwarmCall, cursor: number, limit: AbortSignal): Promise<void> {
  const { swarm } = call;
  const person = atClient(call);
  if (!person) return lineAfter(swarm, cursor, limit);
  const questions = questionsTo(person, swarm.id);
  await questions.put(call, person);
  await lineAfter(swarm, cursor, limit);
  await questions.put(call, person);
  if (questions.pending.length > 0) await questions.settled(limit);
}

/** A gate that opens, and the end, wait for nobody. */
async function lineAfter(swarm: SwarmHandle, cursor: number, limit: AbortSignal): Promise<void> {
  const known = await swarm.look(({ openGates }) => new Set(openGates));
  const urgent = ({ status, openGates }: Readonly<State>): boolean => OVER.has(status) || [...openGates].some((gate) => !known.has(gate));
  for (let after = cursor; !limit.aborted; ) {
    const seen = await swarm.until(
      (state) => (state.seq > after || OVER.has(state.status) ? { seq: state.seq, urgent: urgent(state) } : null),
      {
        timeoutMs: LONGEST_SECONDS * 1_000,
        signal: limit,
      },
    );
    if (!seen || seen.urgent) return;
    if ((await linesAfter(swarm, after)).length > 0) {
      await swarm.until((state) => urgent(state) || null, { timeoutMs: GATHER_MS, signal: limit });
      return;
    }
    after = seen.seq;
  }
}
