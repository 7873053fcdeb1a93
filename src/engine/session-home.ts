/** The folder of one session, for what its CLI must keep apart from the user's own: beside the log of its swarm. */
import path from "node:path";
import type { SessionId, SwarmId } from "../base/ids.ts";

export const sessionHome = (projectHome: string, swarm: SwarmId, session: SessionId): string =>
  path.join(projectHome, "swarms", swarm, "sessions", session);
