/** A worker in a turn of its task, and looks at it with what the test lets them find. */
import type { Decision } from "../../src/domain/decision.ts";
import type { Event } from "../../src/domain/events.ts";
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts";
import { react } from "../../src/domain/react.ts";
import type { SupervisionCommand } from "../../src/domain/supervision-commands.ts";
import { approval, plan, taskSpec, World } from "./world.ts";

const { stallMs } = DEFAULT_LIMITS.supervision;

/** dev-0 is in a turn of its task, the queen idles. */
export function working(limits: Parameters<typeof World.started>[0] = {}): World {
  const world = World.started(limits);
  world.settle();
  world.as("queen", plan([taskSpec("t1")]));
  world.endTurn("queen");
  world.settle();
  world.as("reviewer", approval(world.state));
  world.endTurn("reviewer");
  world.settle();
  return world;
}

type Look = Extract<SupervisionCommand, { type: "record_look" }>;

/** Looks when a look is owed; what it finds is the test's. */
export function look(world: World, found: Partial<Pick<Look, "active" | "readable" | "reachable">> = {}): readonly Event[] {
  const owed = react(world.state, world.now).effects.find(({ kind }) => kind === "look_at_session");
  if (owed?.kind !== "look_at_session") return [];
  const { because, tier } = owed.due;
  const seen = { active: null, readable: true, reachable: true, ...found };
  return eventsOf(world.must({ type: "record_look", session: owed.session, run: owed.run, because, tier, ...seen }));
}
export function upTo(world: World, count: number): void {
  for (let tier = 0; tier < count; tier += 1) {
    world.now += stallMs;
    look(world);
  }
}
export const eventsOf = (decision: Decision): readonly Event[] => (decision.ok ? decision.events : []);
export const stalls = (events: readonly Event[]) => events.flatMap((event) => (event.type === "session_stalled" ? [event.does] : []));
export const looping = (world: World, times: number, tool = "Bash"): Decision => {
  const { id: session, run } = world.session("dev-0");
  return world.must({ type: "record_loop", session, run, tool, times });
};
