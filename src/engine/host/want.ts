/** Makes sure that a host serves the project: asks the one there is, else starts a keeper for a new one, detached. */
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { type Clock, sleep } from "../../base/clock.ts";
import type { Logger } from "../../base/logger.ts";
import { identify, isAlive, isSame } from "../../proc/identity.ts";
import { withLock } from "../../store/file/courtesy.ts";
import { storeFault } from "../../store/file/faults.ts";
import { withoutCaller } from "./caller-env.ts";
import { MOST_RESTARTS, recent } from "./keeper.ts";
import { endHost, isOurs } from "./occupy.ts";
import { type HostPlaces, hostPlaces } from "./places.ts";
import { chosenPort, type KeeperRecord, keeperRecord, readHolder } from "./records.ts";
import { askSign } from "./socket.ts";

export interface WantOrder {
  readonly home: string;
  readonly root: string;
  /** argv that starts this program. */
  readonly program: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timeoutMs: number;
  /** How long a host that exists may stay silent before it is ended, so that its keeper starts another. */
  readonly staleMs: number;
}

const LOOK_MS = 50;

/**
 * True when a host answers; false when none did in time, hosts keep failing (`hostDown` says why), or the state folder cannot
 * be written: what was asked for is kept or was only a look, and neither becomes wrong for want of a host.
 */
export async function wantHost(order: WantOrder): Promise<boolean> {
  try {
    return await seekHost(order);
  } catch (error) {
    const { code, message } = storeFault(error, order.home);
    if (code !== "STORE_READONLY" && code !== "STORE_FULL") throw error;
    order.logger.warn({ code }, `no host can be started: ${message}`);
    return false;
  }
}

async function seekHost(order: WantOrder): Promise<boolean> {
  const { home, clock, logger, timeoutMs, staleMs } = order;
  const places = hostPlaces(home);
  const deadline = clock.monotonic() + timeoutMs;
  let silentSince: number | null = null;
  for (;;) {
    const state = await hostState(places, home);
    if (state === "ready") return true;
    const now = clock.monotonic();
    if (now >= deadline) return false;
    silentSince = state === "silent" ? (silentSince ?? now) : null;
    if (silentSince !== null && now - silentSince >= staleMs) await endSilent(places, clock, logger);
    // A host alone, without a keeper, is served as well: what counts is that one answers.
    if (state === "none" && !(await startKeeper(order, places))) return false;
    await sleep(LOOK_MS);
  }
}

/** The last failures of a host that would not stay up; null when a start may be tried. */
export async function hostDown(home: string, clock: Clock): Promise<string | null> {
  const record = await readKeeper(hostPlaces(home));
  const failures = recent(record?.failures ?? [], clock.now());
  return failures.length > MOST_RESTARTS ? (failures.at(-1)?.why ?? null) : null;
}

/** silent: the process lives and does not answer. starting: it answers, but not for swarms yet. */
async function hostState(places: HostPlaces, home: string): Promise<"ready" | "starting" | "silent" | "none"> {
  const chosen = chosenPort(places);
  const sign = chosen ? await askSign(chosen.port) : "silent";
  if (isOurs(sign, home)) return sign.ready ? "ready" : "starting";
  const holder = await readHolder(places);
  return holder && isAlive(holder) === "yes" ? "silent" : "none";
}

async function endSilent(places: HostPlaces, clock: Clock, logger: Logger): Promise<void> {
  const holder = await readHolder(places);
  if (!holder) return;
  logger.warn({ pid: holder.pid }, "ending a host that does not answer");
  await endHost(holder, clock, "SIGKILL");
}

/** True when a keeper is at work, old or new. */
async function startKeeper(order: WantOrder, places: HostPlaces): Promise<boolean> {
  const keeper = await readKeeper(places);
  if (keeper?.keeper && isSame(keeper.keeper.pid, keeper.keeper.start)) return true;
  if (await hostDown(order.home, order.clock)) return false;
  const start = async (): Promise<boolean> => {
    const now = await readKeeper(places);
    if (now?.keeper && isSame(now.keeper.pid, now.keeper.start)) return true;
    const pid = spawnDetached(order, places);
    const begun = pid === null ? null : identify(pid);
    if (pid === null || begun === null) return false;
    // The keeper writes the same when it is up; until then this keeps the next caller from starting a second one.
    await keeperRecord(places).write({ keeper: { pid, start: begun }, failures: now?.failures ?? [] });
    return true;
  };
  return withLock(places.start, start, { clock: order.clock, logger: order.logger });
}

async function readKeeper(places: HostPlaces): Promise<KeeperRecord | null> {
  return keeperRecord(places)
    .read()
    .catch(() => null);
}

function spawnDetached({ program, root, home, env }: WantOrder, places: HostPlaces): number | null {
  const [node, ...args] = program;
  const log = openSync(places.log, "a", 0o600);
  try {
    const child = spawn(node, [...args, "keeper", "--project", root, "--home", home], {
      cwd: root,
      env: withoutCaller(env),
      detached: true,
      stdio: ["ignore", log, log],
    });
    // Without a listener a failed start would end this process; the missing pid says the same.
    child.once("error", () => undefined);
    child.unref();
    return child.pid ?? null;
  } finally {
    closeSync(log);
  }
}
