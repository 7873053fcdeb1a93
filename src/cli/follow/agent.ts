/** An agent a person named. */
import { quote, SkepError } from "../../base/errors.ts";
import type { SeatId } from "../../base/ids.ts";
import { nearest } from "../../base/nearest.ts";
import { listed } from "../../domain/foreign.ts";
import type { SwarmHandle } from "../../engine/api.ts";

/** Throws NO_AGENT with the agents there are; `command` is what to type instead. */
export async function agentOf(swarm: SwarmHandle, name: string, command: string): Promise<SeatId> {
  const seats = await swarm.look((state) => [...state.seats.keys()]);
  const found = seats.find((seat) => seat === name);
  if (found) return found;
  const guess = nearest(name, seats);
  const what = `${quote(name, 60)} is no agent of ${swarm.id}; its agents are ${listed(seats, 12)}`;
  throw new SkepError("NO_AGENT", what, guess ? `${command} ${guess}` : "skep status");
}
