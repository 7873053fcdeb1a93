/** Whether somebody acts for the swarms of a project, as its files and its port tell. Looking starts nothing. */
import { existsSync, statfsSync } from "node:fs";
import path from "node:path";
import type { Clock } from "../../base/clock.ts";
import type { HostFacts } from "../../domain/why-host.ts";
import { isAlive, isSame, thisProcess } from "../../proc/identity.ts";
import { isOurs } from "./occupy.ts";
import { hostPlaces } from "./places.ts";
import { chosenPort, keeperRecord, readHolder } from "./records.ts";
import { askSign } from "./socket.ts";
import { hostDown } from "./want.ts";

/** One line of a log: with less than this nothing more can be written down. */
const LEAST_BYTES = 64 * 1024;

export async function hostFacts(home: string, clock: Clock): Promise<HostFacts> {
  const facts = { holder: null, why: null, full: isFull(home) };
  // The folder is made by whoever looks for a host's files, and a look must not need a disk that can be written.
  if (!existsSync(path.join(home, "host"))) return { ...facts, state: "none" };
  const places = hostPlaces(home);
  const chosen = chosenPort(places);
  const sign = chosen ? await askSign(chosen.port) : "silent";
  if (isOurs(sign, home)) return { ...facts, state: sign.ready ? "up" : "starting", holder: sign.holder };
  const why = await hostDown(home, clock);
  if (why !== null) return { ...facts, state: "down", why };
  const holder = await readHolder(places);
  if (holder && isAlive(holder) === "yes") return { ...facts, state: "silent" };
  const record = await keeperRecord(places)
    .read()
    .catch(() => null);
  const kept = record?.keeper && isSame(record.keeper.pid, record.keeper.start);
  return { ...facts, state: kept ? "starting" : "none" };
}

/** What the host knows of itself: it would only ask itself over the network. */
export const ownFacts = (home: string): HostFacts => ({ state: "up", holder: thisProcess().id, why: null, full: isFull(home) });

function isFull(home: string): boolean {
  const { bavail, bsize } = statfsSync(home);
  return bavail * bsize < LEAST_BYTES;
}
