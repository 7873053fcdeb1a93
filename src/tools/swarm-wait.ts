import { z } from "zod";
import { eventLine } from "../domain/feed.ts";
import { OVER } from "../domain/model.ts";
import type { SwarmHandle } from "../engine/api.ts";
import { swarmTool } from "./define-tool.ts";
import { statusFacts, statusFields } from "./status-facts.ts";
import { wakeHost } from "./swarm-call.ts";

/** Clients give up on a silent call after a minute. */
const LONGEST_SECONDS = 50;
const SHOWN = 40;

export const swarmWait = swarmTool({
  name: "swarm_wait",
  title: "Wait for news",
  description:
    "Wait until something happens in a swarm, at most 50 s, and return the news as lines with the state. Without cursor it answers at once; then give back the cursor of the last answer, again and again. Stop when a gate is open (gate_answer) or the swarm has ended (swarm_land).",
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
    if (cursor !== undefined) await newsAfter(swarm, cursor, seconds * 1_000, signal);
    const facts = await statusFacts(call);
    const lines = (await linesAfter(swarm, cursor ?? 0)).filter(({ seq }) => seq <= facts.cursor).map(({ line }) => line);
    const news = lines.slice(-SHOWN);
    if (lines.length > SHOWN) news.unshift(`[${lines.length - SHOWN} earlier lines left out]`);
    return { ...facts, news };
  },
});

/** Resolves when there is a line worth telling after `cursor`, a gate waits, the swarm is over, or time is up. */
async function newsAfter(swarm: SwarmHandle, cursor: number, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(Math.max(1, timeoutMs))]);
  for (let after = cursor; !limit.aborted; ) {
    const seen = await swarm.until(
      (state) => (state.seq > after || OVER.has(state.status) ? { seq: state.seq, over: OVER.has(state.status) } : null),
      {
        timeoutMs,
        signal: limit,
      },
    );
    if (!seen || seen.over) return;
    if ((await linesAfter(swarm, after)).length > 0) return;
    after = seen.seq;
  }
}

async function linesAfter(swarm: SwarmHandle, after: number): Promise<readonly { seq: number; line: string }[]> {
  const commits = await swarm.events(after);
  return commits
    .flatMap(({ seq, events }) => events.flatMap((event) => ({ seq, line: eventLine(event) ?? "" })))
    .filter(({ line }) => line !== "");
}
