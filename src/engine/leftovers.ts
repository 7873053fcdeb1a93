/**
 * Ends what earlier runs left behind: of a session by the pid and start that were written down, and of all that skep started
 * by the mark it inherited. What proves neither is somebody else's and is not touched.
 */
import type { Session } from "../domain/model.ts";
import { isSame } from "../proc/identity.ts";
import { endMarked, type Mark } from "../proc/marked.ts";
import { killTree } from "../proc/tree.ts";
import type { World } from "./effects/effect.ts";
import type { HostContext } from "./host/context.ts";
import { markOf, SESSION_MARK, STEP_MARK } from "./session-mark.ts";

type Proven = Pick<Session, "id" | "proc">;

/** The process of an earlier host's session and what it started, also when it was never written down. */
export async function endSession({ id, proc }: Proven, { swarm, host }: Pick<World, "swarm" | "host">): Promise<void> {
  const { machine, boot } = host.holder;
  const own = markOf(swarm.id, id);
  const mark: Mark = { name: SESSION_MARK, is: (value) => value === own };
  const here = proc !== null && proc.machine === machine && proc.boot === boot && isSame(proc.pid, proc.start);
  await Promise.all([here && killTree(proc.pid, undefined, proc.start), endMarked([mark])]);
}

/**
 * All of a swarm's, before an engine begins on it: whoever started it holds the lease no more, and what is still owed is
 * begun anew. Two runs of the same check would else work in one folder.
 */
export async function endLeftovers(swarm: World["swarm"]["id"], { logger }: Pick<HostContext, "logger">): Promise<void> {
  const prefix = `${swarm}/`;
  const pids = await endMarked([
    { name: SESSION_MARK, is: (value) => value.startsWith(prefix) },
    { name: STEP_MARK, is: (value) => value === swarm },
  ]);
  if (pids.length > 0) logger.warn({ swarm, pids }, "ended what an earlier host left running");
}
