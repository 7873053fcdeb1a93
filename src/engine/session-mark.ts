/** Variables in the environment of what skep starts: by them it is known later, whoever its parent is by then. */
import type { SessionId, SwarmId } from "../base/ids.ts";

/** Of everything an agent session starts: such a process is never the operator. Its value is `<swarm>/<session>`. */
export const SESSION_MARK = "SKEP_SESSION";
export const markOf = (swarm: SwarmId, session: SessionId): string => `${swarm}/${session}`;

/** Of what the host starts in a swarm's worktrees by itself, setup and checks. Its value is the swarm. */
export const STEP_MARK = "SKEP_STEP";
