/** Questions to the person in revision 2026-07-28, answered in every way there is; its waits gather for seconds. */
import { afterEach, expect, test } from "vitest";
import { ASKS, BOTH, call, endSeats, QUESTION, seat } from "../mcp/support/modern.ts";
import { TestSwarm } from "../tools/support/swarm.ts";

afterEach(endSeats);

test.each(BOTH)(
  "[client.modern.asked] over %s each question is put once, and what the person gave comes with the next call",
  async (way) => {
    const swarm = await TestSwarm.start();
    const client = await seat(swarm, way, ASKS);
    const shown: string[] = [];
    const accept = (answer: string) => ({ action: "accept", content: { answer } }) as const;
    const replies = { "Which format?": accept("JSON"), "And this?": { action: "decline" }, "And that?": { action: "cancel" } } as const;
    client.setRequestHandler("elicitation/create", async ({ params }) => {
      shown.push(params.message);
      const said = Object.entries(replies).find(([question]) => params.message.includes(`| ${question}`));
      return said?.[1] ?? accept("YAML");
    });
    const { cursor } = await call(client, "swarm_wait");
    const waiting = call(client, "swarm_wait", { cursor });
    await swarm.must("queen", "human_ask", QUESTION);
    const news = await waiting;
    expect(news.news).toContain("gate g1 answered by operator through desk: JSON");
    // Declined, put away, answered with what was no option: still open, and not put again at the next wait.
    for (const question of ["And this?", "And that?", "And how?"]) await swarm.must("queen", "human_ask", { ...QUESTION, question });
    const { cursor: seen } = await call(client, "swarm_wait", { cursor: news.cursor });
    const last = await call(client, "swarm_wait", { cursor: seen, seconds: 1 });
    expect((last.gates as { gate: string }[]).map(({ gate }) => gate)).toEqual(["g2", "g3", "g4"]);
    expect(shown).toHaveLength(4);
    expect(shown[0]).toContain("| Which format?");
    expect(new Set(shown).size).toBe(4);
  },
  60_000,
);
