/**
 * The host of a project, from taking the port to a clean end. It ends by itself only when no swarm needs it any more; every
 * other end is for its keeper to repair.
 */
import { type Clock, sleep } from "../../base/clock.ts";
import { describeError } from "../../base/errors.ts";
import type { Logger } from "../../base/logger.ts";
import { Secrets } from "../../base/redact.ts";
import type { Harness } from "../../harness/harness.ts";
import { thisProcess } from "../../proc/identity.ts";
import { STALE_MS } from "../lease.ts";
import type { StoredProject } from "../project.ts";
import { withoutCaller } from "./caller-env.ts";
import { callersOf } from "./callers.ts";
import type { HostContext, OpenFace, RunSwarm } from "./context.ts";
import { Fleet } from "./fleet.ts";
import { occupy } from "./occupy.ts";
import { hostPlaces } from "./places.ts";
import { holderRecord, operatorToken } from "./records.ts";
import { keepHeapSmall } from "./small-heap.ts";

export interface ServeOptions {
  /** Opened with `watch`: the host alone follows files by events. */
  readonly project: StoredProject;
  readonly runSwarm: RunSwarm;
  readonly version?: string;
  readonly openFace: OpenFace;
  readonly harness: (id: string) => Harness | null;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Given when the logger knows them too. */
  readonly secrets?: Secrets;
  readonly env: HostContext["env"];
  readonly program: HostContext["program"];
  /** Ends the host as cleanly as it can: SIGTERM. */
  readonly signal: AbortSignal;
  /** Also takes over from a host that answers. */
  readonly replace?: boolean;
  /** How long a host or lease holder may stay silent. */
  readonly staleMs?: number;
  readonly beatMs?: number;
  /** How long nothing may need the host before it ends. */
  readonly idleMs?: number;
  readonly observe?: HostContext["observe"];
  /** Called once the endpoint answers. */
  readonly onReady?: (port: number) => void;
}

const IDLE_MS = 30_000;
const BEAT_MS = 1_000;

/** How it ended: another host was there, nothing needed it, or it was told to. All of them are clean ends. */
export type Served = "already" | "idle" | "told";

/** Rejects when the host cannot go on; a new process may. */
export async function serve(options: ServeOptions): Promise<Served> {
  const { project, clock, logger, signal, staleMs = STALE_MS, replace = false, version } = options;
  keepHeapSmall();
  const places = hostPlaces(project.home);
  const self = thisProcess();
  const socket = await occupy({ home: project.home, places, self, version, clock, logger, staleMs, replace });
  if (!socket) return "already";
  try {
    const host = contextOf(options, socket.port);
    const { runSwarm, beatMs = BEAT_MS } = options;
    const fleet = new Fleet({ project, host, runSwarm, staleMs, beatMs });
    const operator = operatorToken(places);
    host.secrets.add(operator);
    const callers = callersOf(operator, () => fleet.live());
    const face = await options.openFace({ project, callers, logger, clock, port: socket.port });
    const over = new AbortController();
    try {
      await fleet.start();
      socket.open(face.listener);
      options.onReady?.(socket.port);
      logger.info({ port: socket.port }, "host ready");
      return await Promise.race([fleet.failed, untilUnneeded(fleet, { ...options, signal: AbortSignal.any([signal, over.signal]) })]);
    } finally {
      // A host that failed must not go on looking whether it is needed: its process would never end.
      over.abort();
      await fleet.stop();
      await face.close();
    }
  } finally {
    // Before the port: who takes it next must not find this process named as host.
    await forget(places, self.id).catch((error: unknown) =>
      logger.warn(`${describeError(error)}; still named as host, which it is no more`),
    );
    await socket.close();
    if (signal.aborted) logger.info("host ended as told");
  }
}

function contextOf(options: ServeOptions, port: number): HostContext {
  const { clock, logger, secrets = new Secrets(), project, harness, env, program, observe } = options;
  const address = `http://127.0.0.1:${port}/mcp`;
  const host = { clock, logger, secrets, address, project, holder: thisProcess(), env: withoutCaller(env), program, harness };
  return { ...host, ...(observe ? { observe } : {}) };
}

async function untilUnneeded(fleet: Fleet, { clock, signal, idleMs = IDLE_MS }: ServeOptions): Promise<Served> {
  let since = clock.monotonic();
  while (!signal.aborted) {
    if (!fleet.idle) since = clock.monotonic();
    if (clock.monotonic() - since >= idleMs) return "idle";
    await sleep(Math.min(1_000, idleMs / 4), signal);
  }
  return "told";
}

async function forget(places: ReturnType<typeof hostPlaces>, self: string): Promise<void> {
  const record = holderRecord(places);
  const named = await record.read().catch(() => null);
  if (named?.holder?.id === self) await record.write({ ...named, holder: null });
}
