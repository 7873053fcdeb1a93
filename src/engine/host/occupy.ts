/**
 * Becoming the project's host: taking its port, and ending whoever was the host before and is no more able to serve.
 * Returns null when a host that answers is there already; there is nothing to do then.
 */
import { type Clock, sleep } from "../../base/clock.ts";
import type { Logger } from "../../base/logger.ts";
import { isAlive, isSame } from "../../proc/identity.ts";
import type { Holder } from "../../store/ports.ts";
import type { HostPlaces } from "./places.ts";
import { type ChosenPort, choosePort, chosenPort, holderRecord, readHolder } from "./records.ts";
import { askSign, type HostSocket, homeMark, listenAnywhere, listenOn, type Sign } from "./socket.ts";

export interface OccupyOrder {
  readonly home: string;
  readonly places: HostPlaces;
  readonly self: Holder;
  /** Of the package, for whoever asks. */
  readonly version?: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long a host that exists may stay silent before it is ended. */
  readonly staleMs: number;
  /** Also ends a host that answers. */
  readonly replace: boolean;
}

const LOOK_MS = 50;
/** How long a host that is asked to go may take. */
const LEAVE_MS = 5_000;
/** Between a starter's taking the port and its first answer. */
const STARTING_MS = 1_500;

export async function occupy(order: OccupyOrder): Promise<HostSocket | null> {
  const { home, places, self, clock, staleMs } = order;
  let watched = { n: -1, deadline: 0, strange: 0 };
  let replace = order.replace;
  for (;;) {
    const chosen = chosenPort(places);
    const socket = chosen ? await listenOn(chosen.port, home, self.id) : await listenAnywhere(home, self.id);
    if (socket) {
      // Another process may have chosen meanwhile; only the newest choice counts.
      const keeps = (): boolean => (chosen ? chosenPort(places)?.n === chosen.n : choosePort(places, 1, socket.port));
      if (await orClosed(socket, keeps)) return orClosed(socket, () => settle(order, socket));
      await socket.close();
      continue;
    }
    if (!chosen) continue;
    if (watched.n !== chosen.n) watched = { n: chosen.n, deadline: clock.monotonic() + Math.max(staleMs, STARTING_MS), strange: 0 };
    const sign = await askSign(chosen.port);
    const late = clock.monotonic() >= watched.deadline;
    const former = await livingHost(places, self);
    if (isOurs(sign, home)) {
      if (!replace || late) return null;
      if (former?.id === sign.holder) {
        await endHost(former, clock, "SIGTERM");
        replace = false;
      }
    } else if (former) {
      if (late) await endHost(former, clock, "SIGKILL");
    } else {
      // A starter between taking the port and its first answer is silent too; a stranger is believed at the second answer.
      if (sign === "stranger" || typeof sign === "object") watched.strange += 1;
      if (late || watched.strange >= 2) {
        const moved = await moveAway(order, chosen);
        if (moved) return orClosed(moved, () => settle(order, moved));
      }
    }
    await sleep(LOOK_MS);
  }
}

async function moveAway({ home, places, self, logger }: OccupyOrder, from: ChosenPort): Promise<HostSocket | null> {
  const socket = await listenAnywhere(home, self.id);
  if (await orClosed(socket, () => choosePort(places, from.n + 1, socket.port))) {
    logger.warn({ old: from.port, port: socket.port }, "another program has this project's port; sessions are restarted on a new one");
    return socket;
  }
  await socket.close();
  return null;
}

/** An open socket would keep a host that has failed alive, and its keeper from starting another. */
async function orClosed<T>(socket: HostSocket, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await socket.close();
    throw error;
  }
}

/** The port is ours: whoever else is named as host can serve nobody, and must not act any more. */
async function settle({ places, self, version, clock, logger }: OccupyOrder, socket: HostSocket): Promise<HostSocket> {
  const before = await livingHost(places, self);
  if (before) {
    logger.warn({ pid: before.pid }, "ending the former host");
    await endHost(before, clock, "SIGKILL");
  }
  await holderRecord(places).write({ holder: self, port: socket.port, at: clock.now(), ...(version === undefined ? {} : { version }) });
  return socket;
}

async function livingHost(places: HostPlaces, self: Holder): Promise<Holder | null> {
  const named = await readHolder(places);
  return named !== null && named.id !== self.id && isAlive(named) === "yes" ? named : null;
}

export const isOurs = (sign: Sign | "stranger" | "silent", home: string): sign is Sign =>
  typeof sign === "object" && sign.home === homeMark(home);

/** Ends the process `who` and no other: its start time must match. SIGKILL follows when it does not go. */
export async function endHost(who: Holder, clock: Clock, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  const deadline = clock.monotonic() + LEAVE_MS;
  send(who, signal);
  while (isSame(who.pid, who.start)) {
    if (clock.monotonic() >= deadline) return send(who, "SIGKILL");
    await sleep(LOOK_MS / 5);
  }
}

function send(who: Holder, signal: NodeJS.Signals): void {
  if (isAlive(who) !== "yes") return;
  try {
    process.kill(who.pid, signal);
  } catch {
    // It ended between the look and the signal, or belongs to another user: the port decides either way.
  }
}
