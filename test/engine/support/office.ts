/** The post of one swarm whose queen has a live session: a double that takes messages when the test says so. */
import { type Clock, systemClock } from "../../../src/base/clock.ts";
import type { SeatId } from "../../../src/base/ids.ts";
import { createLogger } from "../../../src/base/logger.ts";
import { decide } from "../../../src/domain/decide.ts";
import { evolve } from "../../../src/domain/evolve.ts";
import { react } from "../../../src/domain/react.ts";
import { emptyState } from "../../../src/domain/state.ts";
import type { LiveSwarm } from "../../../src/engine/host/context.ts";
import type { Running } from "../../../src/engine/live-sessions.ts";
import { Postman, type PostmanParts } from "../../../src/engine/postman.ts";
import { openSwarmHandle } from "../../../src/engine/swarm-handle.ts";
import { openMemoryStore } from "../../../src/store/memory/store.ts";
import type { MailKind, NewLetter, Store } from "../../../src/store/ports.ts";
import { usualResult } from "../../domain/world.ts";
import { birth, engine, lease, OPERATOR } from "./born.ts";

interface Handed {
  readonly text: string;
  readonly urgency: string;
  settle(fate: "taken" | "gone"): void;
}
interface Cli {
  steer: boolean;
  interrupt: boolean;
  /** Whether the program itself is in a turn. */
  busy: boolean;
}
export const QUEEN = "queen" as SeatId;

interface OfficeParts {
  readonly clock?: Clock;
  readonly store?: Store;
  readonly cli?: Partial<Cli>;
}

export async function office({ clock = systemClock, store = openMemoryStore({ clock }), cli: abilities = {} }: OfficeParts = {}) {
  const swarm = await openSwarmHandle(await store.create("s-test" as never), { decide, evolve, emptyState, clock });
  await swarm.submit(birth(), OPERATOR);
  await swarm.submit(lease(0), engine(0));
  // Up to the queen's live session, as an engine would.
  for (let step = 0; step < 6; step += 1) {
    const { effects, due } = react(swarm.state, clock.now());
    for (const command of due) await swarm.submit(command, engine(1));
    for (const effect of effects) await swarm.submit(usualResult(swarm.state, effect), engine(1));
  }
  return open(swarm, clock, abilities);
}

export function open(swarm: LiveSwarm, clock: Clock, abilities: Partial<Cli> = {}) {
  const cli: Cli = { steer: true, interrupt: true, busy: false, ...abilities };
  const handed: Handed[] = [];
  const live = {
    deliver: (text: string, _receipt: string, urgency: string) =>
      new Promise<"taken" | "gone">((settle) => handed.push({ text, urgency, settle })),
    proofOf: () => "receipt" as const,
    can: cli,
    busy: () => cli.busy,
  } as unknown as Running["live"];
  const session = swarm.state.seats.get(QUEEN)?.session ?? ("none" as never);
  const sessions = { get: (id: string) => (id === session ? { session, run: 1, live } : undefined), onReady: () => () => undefined };
  const woken: string[] = [];
  const parts: PostmanParts = {
    swarm,
    sessions: sessions as unknown as PostmanParts["sessions"],
    logger: createLogger("test", "silent"),
    clock,
    wakeQueen: async ({ id }) => void woken.push(id),
  };
  const postman = new Postman(parts);
  postman.start();
  return { swarm, postman, handed, woken, cli };
}

export const send = async (swarm: LiveSwarm, kind: MailKind, more: Partial<NewLetter> = {}): Promise<string> =>
  (await swarm.mail.send({ from: "dev-0", to: QUEEN, kind, subject: kind, body: "in ms or s?", ...more })).id;
export const endTurn = (swarm: LiveSwarm): Promise<unknown> => {
  const usage = { inputTokens: 1, outputTokens: 1, cachedTokens: 0, usd: null };
  return swarm.submit({ type: "record_turn_ended", session: "x1" as never, run: 1, ok: true, error: null, usage }, engine(1));
};
export const state = (swarm: LiveSwarm, id: string) => swarm.mail.state(QUEEN, id);
/** Rounds that were asked for are over: what was not handed by then is not going to be. */
export const quiet = async (postman: Postman): Promise<void> => {
  for (let n = 0; n < 3; n += 1) {
    postman.deliver();
    await new Promise((resolve) => setImmediate(resolve));
  }
};
