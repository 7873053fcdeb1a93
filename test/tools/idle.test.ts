/** A swarm that paused itself, as an operator's client meets it: what it is told, and what resumes it. */
import { expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { SeatId } from "../../src/base/ids.ts";
import { pausesAt } from "../../src/domain/idle.ts";
import { until } from "../support/until.ts";
import { FILES, TestSwarm } from "./support/swarm.ts";

const SHORT = { ...FILES, ".skep/config.yaml": "supervision: {pauseMinutes: 0.001}\n" };

/** The worker of t1 waits for a person for as long as it takes; nothing else moves. */
async function still(): Promise<TestSwarm> {
  const swarm = await TestSwarm.start("Add add() and double().", SHORT);
  await swarm.approve();
  await swarm.endTurn("queen");
  const seat = swarm.holder("t1") as SeatId;
  const { id: session, run } = swarm.session(seat);
  const asked = { title: "ms or s?", question: "ms or s?", options: ["ms", "s"], fallback: null, minutes: null };
  await swarm.swarm.submit({ type: "ask_human", ...asked }, { kind: "session", seat, session, run });
  await swarm.endTurn(seat);
  await swarm.settle();
  return swarm;
}
async function pausing(swarm: TestSwarm): Promise<void> {
  await until(
    async () => {
      await swarm.engine({ type: "pause_itself" });
      return swarm.state.pausedBy === "itself";
    },
    { what: "the pause" },
  );
  await swarm.settle();
}

test("[idle.resume] message_send and gate_answer of a client resume what paused itself; status and list say what it waits for", async () => {
  const swarm = await still();
  expect(pausesAt(swarm.state, systemClock.now())).not.toBeNull();
  await pausing(swarm);
  const why = 'in which nothing moved; waits for gate g1 "ms or s?"';
  const { swarms } = (await swarm.must("operator", "swarm_list")).facts as { swarms: Record<string, string>[] };
  expect(swarms[0]).toMatchObject({ status: "paused", why: expect.stringContaining(why) });
  const status = (await swarm.must("operator", "swarm_status")).facts;
  expect(status).toMatchObject({ status: "paused", next: "gate_answer for g1: only you can" });
  expect((status.waiting as string[])[0]).toContain(why);
  const { sent } = (await swarm.must("operator", "message_send", { to: "dev-1", subject: "hint", body: "take ms" })).facts;
  expect(sent).toMatchObject([{ to: "dev-1", state: "stored", note: "dev-1 has no session; it is read when it gets work" }]);
  expect(swarm.state.status).toBe("running");
  await swarm.settle();
  await pausing(swarm);
  await swarm.must("operator", "gate_answer", { gate: "g1", answer: "ms" });
  expect(swarm.state.status).toBe("running");
});

test("[idle.person] what a person paused stays paused when they write or answer", async () => {
  const swarm = await still();
  await swarm.must("operator", "swarm_pause");
  const { sent } = (await swarm.must("operator", "message_send", { to: "dev-1", subject: "hint", body: "take ms" })).facts;
  expect(sent).toMatchObject([{ note: "the swarm is paused; it is read after swarm_resume" }]);
  await swarm.must("operator", "gate_answer", { gate: "g1", answer: "ms" });
  expect(swarm.state).toMatchObject({ status: "paused", pausedBy: "operator" });
});
