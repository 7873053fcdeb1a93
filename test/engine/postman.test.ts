/**
 * The post between inboxes and sessions. The session is a double that says when it takes a message: real ones are in the
 * end-to-end tests, but only a double can die between "offered" and "seen" on demand.
 */
import { expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { createLogger } from "../../src/base/logger.ts";
import { decide } from "../../src/domain/decide.ts";
import { evolve } from "../../src/domain/evolve.ts";
import { react } from "../../src/domain/react.ts";
import { emptyState } from "../../src/domain/state.ts";
import type { LiveSwarm } from "../../src/engine/host/context.ts";
import type { Running } from "../../src/engine/live-sessions.ts";
import { Postman, type PostmanParts } from "../../src/engine/postman.ts";
import { openSwarmHandle } from "../../src/engine/swarm-handle.ts";
import { openMemoryStore } from "../../src/store/memory/store.ts";
import type { MailKind } from "../../src/store/ports.ts";
import { usualResult } from "../domain/world.ts";
import { until } from "../support/until.ts";
import { birth, engine, lease, OPERATOR } from "./support/born.ts";

interface Handed {
  readonly text: string;
  settle(fate: "taken" | "gone"): void;
}

async function office() {
  const store = openMemoryStore();
  const swarm = await openSwarmHandle(await store.create("s-test" as never), { decide, evolve, emptyState, clock: systemClock });
  await swarm.submit(birth(), OPERATOR);
  await swarm.submit(lease(0), engine(0));
  // Up to the queen's live session, as an engine would.
  for (let step = 0; step < 6; step += 1) {
    const { effects, due } = react(swarm.state, systemClock.now());
    for (const command of due) await swarm.submit(command, engine(1));
    for (const effect of effects) await swarm.submit(usualResult(swarm.state, effect), engine(1));
  }
  const handed: Handed[] = [];
  const live = {
    deliver: (text: string) => new Promise<"taken" | "gone">((settle) => handed.push({ text, settle })),
  } as unknown as Running["live"];
  const session = swarm.state.seats.get("queen" as never)?.session ?? ("none" as never);
  const sessions = { get: (id: string) => (id === session ? { session, run: 1, live } : undefined), onReady: () => () => undefined };
  const woken: string[] = [];
  const parts: PostmanParts = {
    swarm,
    sessions: sessions as unknown as PostmanParts["sessions"],
    logger: createLogger("test", "silent"),
    now: () => systemClock.now(),
    wakeQueen: async ({ id }) => void woken.push(id),
  };
  const postman = new Postman(parts);
  postman.start();
  return { swarm, postman, handed, woken };
}

const send = async (swarm: LiveSwarm, kind: MailKind): Promise<string> =>
  (await swarm.mail.send({ from: "dev-0", to: "queen" as never, kind, subject: kind, body: "in ms or s?" })).id;
const endTurn = (swarm: LiveSwarm): Promise<unknown> => {
  const usage = { inputTokens: 1, outputTokens: 1, cachedTokens: 0, usd: null };
  return swarm.submit({ type: "record_turn_ended", session: "x1" as never, run: 1, ok: true, error: null, usage }, engine(1));
};
const state = (swarm: LiveSwarm, id: string) => swarm.mail.state("queen" as never, id);

test("[engine.mail.states] a letter is offered when handed over and seen when the session took it in", async () => {
  const { swarm, postman, handed } = await office();
  const id = await send(swarm, "note");
  await until(() => handed.length === 1, { what: "the letter to be handed over" });
  expect(handed[0]?.text).toContain("| in ms or s?");
  expect(await state(swarm, id)).toBe("offered");
  handed[0]?.settle("taken");
  await until(async () => (await state(swarm, id)) === "seen", { what: "seen" });
  await postman.stop();
});

test("[engine.mail.withdrawn] what a session did not take in is stored again", async () => {
  const { swarm, postman, handed } = await office();
  const id = await send(swarm, "note");
  await until(() => handed.length === 1, { what: "the letter to be handed over" });
  await swarm.submit({ type: "pause_swarm" }, OPERATOR);
  await endTurn(swarm);
  handed[0]?.settle("gone");
  await until(async () => (await state(swarm, id)) === "stored", { what: "stored again" });
  await postman.stop();
});

test("[engine.mail.idle] a note waits for an idle session's next turn, a question wakes it, a pause holds both", async () => {
  const { swarm, postman, handed } = await office();
  await endTurn(swarm);
  const note = await send(swarm, "note");
  await swarm.submit({ type: "pause_swarm" }, OPERATOR);
  const question = await send(swarm, "question");
  postman.deliver();
  await until(async () => (await swarm.mail.list("queen" as never, ["stored"])).length === 2, { what: "both stored" });
  expect(handed).toEqual([]);
  await swarm.submit({ type: "resume_swarm" }, OPERATOR);
  postman.deliver();
  await until(() => handed.length === 1, { what: "the question to wake the queen" });
  expect(await Promise.all([state(swarm, note), state(swarm, question)])).toEqual(["offered", "offered"]);
  handed[0]?.settle("taken");
  await postman.stop();
});
