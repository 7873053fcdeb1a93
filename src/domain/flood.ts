/** How much of one kind may come from one side before skep says no: numbers, a pure measure of pace, and what decide refuses. */
import type { Command } from "./commands.ts";
import { type Decision, no } from "./decision.ts";
import type { Seat, Session, State } from "./model.ts";

export interface Floods {
  /** Of one agent; the operator may send `OPERATOR_SHARE` times as many. */
  readonly messagesPerMinute: number;
  /** Of one session; the operator may make `OPERATOR_SHARE` times as many. */
  readonly callsPerMinute: number;
  /** Starts of sessions in a swarm, resumed ones included. */
  readonly startsPerMinute: number;
  /** Tasks a swarm may ever have, proposals and cancelled ones included. */
  readonly tasks: number;
  /** Agents a swarm may ever have had, stopped ones included; an operator may go on. */
  readonly agents: number;
  /** Questions of one agent that may wait for a person. */
  readonly questions: number;
  /** Commits in a swarm's log after which agents add nothing but what ends their work. */
  readonly commits: number;
}

export const DEFAULT_FLOODS: Floods = {
  messagesPerMinute: 1_500,
  callsPerMinute: 3_000,
  startsPerMinute: 300,
  tasks: 500,
  agents: 200,
  questions: 8,
  commits: 50_000,
};
export const OPERATOR_SHARE = 4;

/** Swarms made before there were such limits have the usual ones. */
export const floodsOf = ({ limits }: Pick<State, "limits">): Floods => ({ ...DEFAULT_FLOODS, ...limits.floods });

/** What is left at `at` of a minute's worth; it fills up evenly. */
export interface Pace {
  readonly left: number;
  readonly at: number;
}
const MINUTE_MS = 60_000;

/**
 * Takes `count` at `now` (any clock that only rises) out of what `perMinute` allows. `waitMs` 0: taken; else nothing was, and
 * after that time it would be. More than a minute's worth at once passes when the measure is full.
 */
export function take(pace: Pace | undefined, now: number, perMinute: number, count = 1): { readonly pace: Pace; readonly waitMs: number } {
  const passed = pace === undefined ? 0 : Math.max(0, now - pace.at);
  const left = pace === undefined ? perMinute : Math.min(perMinute, pace.left + (passed * perMinute) / MINUTE_MS);
  const wanted = Math.min(count, perMinute);
  // A hair of rounding must not send anybody away a second time.
  if (left + 1e-6 >= wanted) return { pace: { left: Math.max(0, left - wanted), at: now }, waitMs: 0 };
  return { pace: { left, at: now }, waitMs: Math.ceil(((wanted - left) * MINUTE_MS) / perMinute) };
}

/** The pace of starts with one more in it, or how long that one has to wait. */
export const takeStart = (state: Pick<State, "limits" | "starts">, now: number): ReturnType<typeof take> =>
  take(state.starts, now, floodsOf(state).startsPerMinute);

/** What a log that is nearly full still takes from agents ends their work; this only adds to it. */
const ADDS: ReadonlySet<Command["type"]> = new Set([
  "submit_plan",
  "create_task",
  "propose_task",
  "report_progress",
  "extend_task",
  "ask_human",
  "spawn_seat",
]);

/** Refuses what an agent adds beyond its swarm's limits; null: nothing speaks against it. */
export function refuseFlood(
  state: State,
  command: Command,
  { seat, session }: { readonly seat: Seat; readonly session: Session },
): Decision | null {
  const floods = floodsOf(state);
  // What it was asked for before its end is not refused: the next session goes on from it.
  const wanted = command.type === "report_progress" && session.watch.probe !== null;
  if (state.seq >= floods.commits && ADDS.has(command.type) && !wanted)
    return no(
      "LOG_FULL",
      `the log of this swarm has ${state.seq} commits, the limit for additions is ${floods.commits}`,
      "finish what you hold with its own tool, then end your turn",
    );
  const tasks = newTasks(state, command);
  if (tasks > 0 && state.tasks.size + tasks > floods.tasks)
    return no("CAP_REACHED", `this swarm has had ${state.tasks.size} tasks, the limit is ${floods.tasks}`, "end your turn, or human_ask");
  if (command.type === "spawn_seat" && !state.seats.has(command.seat.seat) && state.seats.size >= floods.agents)
    return no(
      "CAP_REACHED",
      `this swarm has had ${state.seats.size} agents, the limit is ${floods.agents}`,
      "task_list, and work with the agents there are",
    );
  if (command.type !== "ask_human") return null;
  const asked = [...state.gates.values()].filter((gate) => gate.kind === "ask" && gate.status === "open" && gate.seat === seat.seat);
  if (asked.length < floods.questions || asked.some(({ title }) => title === command.title)) return null;
  const why = `${asked.length} questions of yours wait for a person, the limit is ${floods.questions}`;
  return no("CAP_REACHED", why, "end your turn; you are woken by an answer", true);
}

function newTasks(state: State, command: Command): number {
  if (command.type === "submit_plan") return command.tasks.filter(({ id }) => !state.tasks.has(id)).length;
  if (command.type === "create_task") return command.from === null && !state.tasks.has(command.spec.id) ? 1 : 0;
  return command.type === "propose_task" && !state.tasks.has(command.id) ? 1 : 0;
}
