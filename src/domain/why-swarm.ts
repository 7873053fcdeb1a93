/** Why the whole swarm stands still, in one sentence. */
import { count, inline } from "./foreign.ts";
import { OVER, type State } from "./model.ts";
import type { Reason } from "./why.ts";
import { type Because, because, effectBecause, moving, type Scene, standstill } from "./why-scene.ts";
import { EXAMINE, type Step } from "./why-step.ts";

/** `parts`: what each gate, task and agent says of itself. */
export function swarmBecause(scene: Scene, parts: readonly Reason[]): Because {
  const { state, reaction } = scene;
  if (OVER.has(state.status)) return overBecause(scene);
  const stopped = standstill(scene);
  if (stopped) return stopped;
  const working = parts.filter(({ of, code }) => of === "agent" && code === "moving").length;
  if (working > 0) return moving(`${count(working, "agent")} at work`);
  if (reaction.effects.length + reaction.due.length > 0) return moving("skep is at work on what comes next");
  return lifted(parts) ?? resting(scene);
}

/** What a person can do first, then what comes soonest, then whatever else does not move. */
function lifted(parts: readonly Reason[]): Because | null {
  const gate = parts.find(({ of }) => of === "gate");
  if (gate) return gate;
  // A session that is kept waits for nothing; its end is told when nothing else comes.
  const rank = ({ code, until }: Reason): number => (until ?? 0) + (code === "kept" ? Number.MAX_SAFE_INTEGER / 2 : 0);
  const timed = parts.filter(({ until }) => until !== undefined).sort((a, b) => rank(a) - rank(b));
  const rest = parts.filter(({ code }) => code !== "idle" && code !== "moving");
  const chosen = timed[0] ?? rest[0];
  return chosen ? { ...chosen, text: named(parts, chosen) } : null;
}

/** Its subject belongs to the sentence when it is true of nothing else. */
const named = (parts: readonly Reason[], { id, text }: Reason): string =>
  parts.some((other) => other.id !== id && other.text === text) ? text : `${id}: ${text}`;

function resting({ reaction }: Scene): Because {
  if (reaction.wakeAt !== null)
    return because("idle", "nothing is asked of anybody before a set time", undefined, { until: reaction.wakeAt });
  return because("unexplained", "nothing is owed, nobody works and nobody is asked", EXAMINE);
}

/** The work is done or given up; worktrees and sessions may still have to be put away. */
function overBecause(scene: Scene): Because {
  const [cleaning] = scene.owed;
  if (cleaning) {
    const how = effectBecause(scene, cleaning);
    if (how.code !== "moving") return how;
  }
  return because("over", `the swarm is ${scene.state.status}`, afterEnd(scene.state));
}

function afterEnd({ id, audit, landed, pullRequest, byStatus }: Readonly<State>): Step {
  if (audit !== null) return { do: "nothing", why: `skep review-audit --report ${id} shows what the audit found` };
  if (landed !== null) return { do: "nothing", why: "the work is landed" };
  if (pullRequest !== null) return { do: "nothing", why: `the work is in ${inline(pullRequest, 200)}` };
  return byStatus.merged.size > 0 ? { do: "land" } : { do: "nothing", why: "no work was merged" };
}
