/** Ends a project's host for good: its keeper first, which takes the host along and does not start another. */
import { type Clock, sleep } from "../../base/clock.ts";
import { isAlive, isSame } from "../../proc/identity.ts";
import { endHost } from "./occupy.ts";
import { hostPlaces } from "./places.ts";
import { keeperRecord, readHolder } from "./records.ts";

/** How long a keeper may take to end its host cleanly. */
const LEAVE_MS = 8_000;
const LOOK_MS = 20;

/** Resolves when neither runs any more. Sessions end with their host and can be resumed by the next. */
export async function endKept(home: string, clock: Clock): Promise<void> {
  const places = hostPlaces(home);
  const record = await keeperRecord(places)
    .read()
    .catch(() => null);
  const keeper = record?.keeper;
  const deadline = clock.monotonic() + LEAVE_MS;
  if (keeper) send(keeper, "SIGTERM");
  while (keeper && isSame(keeper.pid, keeper.start)) {
    if (clock.monotonic() >= deadline) send(keeper, "SIGKILL");
    await sleep(LOOK_MS);
  }
  const holder = await readHolder(places);
  if (holder && isAlive(holder) === "yes") await endHost(holder, clock, "SIGTERM");
}

function send({ pid, start }: { readonly pid: number; readonly start: string }, signal: NodeJS.Signals): void {
  if (!isSame(pid, start)) return;
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}
