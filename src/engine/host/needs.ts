/** What a swarm's state asks of its host. */
import { OVER, type State } from "../../domain/model.ts";
import { react } from "../../domain/react.ts";
import { isContinued } from "../../domain/upgrade.ts";

/**
 * busy: somebody has to act, now or at a set time. resting: only a command can change that, e.g. of a paused swarm.
 * finished: nothing will ever be owed again.
 */
export type Need = "busy" | "resting" | "finished";

export function needOf(state: Readonly<State>, now: number): Need {
  if (state.status === "none") return "resting";
  // The lease brings it under the present rules, so that commands of this version reach it.
  if (isContinued(state) && !state.closed) return "busy";
  if (state.status === "opening" || state.status === "running" || hasProcess(state)) return "busy";
  const { effects, due, wakeAt } = react(state, now);
  if (effects.length > 0 || due.length > 0 || wakeAt !== null) return "busy";
  return OVER.has(state.status) && state.closed ? "finished" : "resting";
}

/** A session that only waits for the swarm to go on needs nobody. */
const hasProcess = ({ sessions }: Readonly<State>): boolean =>
  [...sessions.values()].some(({ status }) => status === "live" || status === "ending");
