/** A person is asked before the sign-off, answers through an MCP client, and what the answer says is what follows. */
import { afterEach, expect, test } from "vitest";
import {
  circlingScripts,
  closeRigs,
  events,
  finds,
  merged,
  of,
  outcome,
  phases,
  READERS,
  together,
  untilEnd,
} from "../e2e/support/together.ts";
import { ask, connect } from "../tools/support/swarm.ts";

afterEach(closeRigs);

test("[mode.e2e.gate] at tier 2 a rejected sign-off adds a round of circling, an accepted one goes on to it", async () => {
  const mode = { kind: "circling", seats: READERS, rounds: 1, tier: 2 } as const;
  const { rig, swarm } = await together({ mode, scripts: circlingScripts(2, "converged"), result: [finds("mended in 2")] });
  const client = await connect({ kind: "operator" }, rig.project);
  const answers = async (answer: string): Promise<void> => {
    const gate = await rig.until(swarm, "the gate", ({ openGates }) => [...openGates][0] ?? null, 150_000);
    expect(await ask(client, "gate_answer", { swarm: swarm.id, gate, answer })).toMatchObject({ ok: true });
  };
  await answers("another_round");
  await answers("go_on");
  await untilEnd(rig, swarm);
  const all = await events(swarm);
  expect(phases(all)).toEqual(["init 1", "analyse 1", "refine 1", "analyse 2", "refine 2", "final 2"]);
  expect(of(all, "gate_opened").map(({ gate }) => gate.title)).toEqual(["t1: round 1 is over", "t1: round 2 is over"]);
  expect([outcome(all), merged(rig, swarm)]).toEqual([{ done: "converged" }, "mended in 2"]);
}, 200_000);
