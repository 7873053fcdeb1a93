/** Agents join and leave: at somebody's word, or by themselves as the work asks for it. */
import type { SeatId } from "../base/ids.ts";
import { neededFor } from "./collab-seats.ts";
import type { Command } from "./commands.ts";
import { already, type Decision, no, yes } from "./decision.ts";
import { demand } from "./demand.ts";
import type { Event } from "./events.ts";
import type { State } from "./model.ts";
import { staysFor } from "./reap.ts";
import { type Cap, capReached, cooledAt, growthCap, scalingOf } from "./scaling.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

const refuse = ({ text, setting }: Cap): Decision =>
  no("CAP_REACHED", text, `stop_role first, or raise ${setting} in .skep/config.yaml for the next swarm`);

export function spawnSeat(state: State, { seat }: Of<"spawn_seat">): Decision {
  const known = state.seats.get(seat.seat);
  if (known && known.status !== "stopped") return already();
  if (seat.duty === "queen") return no("NOT_ALLOWED", "a swarm has one queen", "spawn_role with another role");
  const cap = capReached(state, seat);
  return cap ? refuse(cap) : yes({ type: "seat_added", seat });
}

/** An agent joins because something waits that nobody is free for. Whatever the sender saw, the newest state decides. */
export function scaleUp(state: State, { seat, need }: Of<"scale_up">, now: number): Decision {
  if (state.seats.has(seat.seat)) return already();
  if (state.status !== "running") return no("NOT_READY", `the swarm is ${state.status}`, "look again", true);
  if (scalingOf(state).max.swarm === null) return no("NOT_ALLOWED", "this swarm does not grow by itself", "spawn_role");
  const cap = growthCap(state, seat);
  if (cap) return refuse(cap);
  if (cooledAt(state, now) > now) return no("COOLING_DOWN", "others have just joined", "look again", true);
  const wanted = demand(state, now).some((one) => one.kind === need.kind && one.task === need.task && one.wants(seat));
  if (!wanted) return no("NOT_WANTED", `nothing waits for one more ${seat.role}`, "look again", true);
  return yes({ type: "seat_added", seat, scaled: need });
}

export function stopSeat(state: State, id: SeatId): Decision {
  const seat = state.seats.get(id);
  if (!seat) return no("NOT_FOUND", `no agent ${id}`, "swarm_status");
  if (seat.status !== "active") return already();
  if (seat.duty === "queen") return no("NOT_ALLOWED", "the queen ends with the swarm", "swarm_stop");
  const others = [...state.seats.values()].filter((other) => other.seat !== id && other.role === seat.role && other.status === "active");
  if (others.length === 0)
    return no(
      "LAST_SEAT",
      `${id} is the last ${seat.role} of this swarm; without one its work would wait for ever`,
      `spawn_role another ${seat.role} first, or swarm_pause`,
    );
  const task = neededFor(state, id);
  if (task)
    return no(
      "SEAT_NEEDED",
      `${task.id} is done by ${task.mode?.seats.length} agents together, and without ${id} there are not enough of them`,
      `spawn_role another ${seat.role} first, or swarm_pause`,
    );
  const events: Event[] = [{ type: "seat_stopping", seat: id }];
  if (seat.session) events.push({ type: "session_ending", session: seat.session, why: "agent stopped" });
  return yes(...events);
}

/** One that joined by itself leaves after a while without work. */
export function reapSeat(state: State, id: SeatId, now: number): Decision {
  const seat = state.seats.get(id);
  if (!seat) return no("NOT_FOUND", `no agent ${id}`, "swarm_status");
  if (seat.status !== "active") return already();
  const why = state.status === "running" ? staysFor(state, seat, now) : `the swarm is ${state.status}`;
  return why ? no("NOT_IDLE", why, "look again", true) : yes({ type: "seat_stopping", seat: id, idle: true });
}
