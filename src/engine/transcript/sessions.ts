/** Which sessions an agent had; each has a transcript of its own. */
import type { SeatId, SessionId } from "../../base/ids.ts";
import type { SwarmHandle } from "../api.ts";

/** Every session an agent ever had, oldest first. */
export async function sessionsOf(swarm: Pick<SwarmHandle, "events">, agent: SeatId, after = 0): Promise<readonly SessionId[]> {
  const commits = await swarm.events(after);
  return commits.flatMap(({ events }) =>
    events.flatMap((event) => (event.type === "session_wanted" && event.seat === agent ? [event.session] : [])),
  );
}
