/** What is known of a swarm before its work begins: who is at it, what it may cost; and what its plan promises once it stands. */
import { amount, swarmCap } from "../../domain/budget.ts";
import { listed } from "../../domain/foreign.ts";
import { MEASURES } from "../../domain/limits.ts";
import type { State } from "../../domain/model.ts";
import { handsOf, type PlanPreview, previewLines, previewPlan } from "../../domain/plan-preview.ts";
import type { SwarmHandle } from "../../engine/api.ts";
import type { Commit } from "./news.ts";

/** Before there is a plan: label and text. */
export function startRows(state: Readonly<State>): readonly (readonly [label: string, text: string])[] {
  const seats = [...state.seats.values()].filter(({ status }) => status === "active").map(({ seat, harness }) => `${seat} (${harness})`);
  const caps = MEASURES.flatMap((what) => {
    const cap = swarmCap(state, what);
    return cap === null ? [] : [amount(what, cap)];
  });
  const cap = caps.length === 0 ? "no cap is set (budgets.swarm)" : `it stops and asks you at ${caps.join(", ")}`;
  return [
    ["team", `${state.team}: ${listed(seats, 8)}`],
    ["cost", `${state.estimate === null ? "no earlier swarm to reckon by" : `it will probably cost ${state.estimate}`}; ${cap}`],
    ...(state.solo ? [] : [["plan", "its waves, gain and cost are told when it stands, before work on it begins"] as const]),
  ];
}

export function startFacts(state: Readonly<State>) {
  const { team, solo, estimate, seats } = state;
  const agents = [...seats.values()].map(({ seat, role, harness, model }) => ({ agent: seat, role, harness, model }));
  return { team, solo, agents, estimate, caps: Object.fromEntries(MEASURES.map((what) => [what, swarmCap(state, what)])) };
}

/**
 * The plan of this commit as its preview; of none and of a single added task there is nothing to tell. No more of one that no agent
 * made: a pipeline's was shown before its swarm was made, and a task for one agent is no plan.
 */
export async function planLines(swarm: SwarmHandle, { events }: Commit): Promise<readonly string[]> {
  const plans = events.flatMap((event) =>
    event.type === "plan_submitted" && !event.plan.partial && event.plan.by !== "engine" ? [event.plan] : [],
  );
  if (plans.length === 0) return [];
  const { hands, by } = await swarm.look((state) => ({ hands: handsOf(state), by: state.reckoning ?? null }));
  return plans.flatMap(({ tasks }) => outlook(previewPlan(tasks, hands, by), swarm.id));
}

/** For a swarm at work: one agent instead means to end it first. */
const outlook = (preview: PlanPreview, swarm: string): readonly string[] =>
  previewLines(preview, `skep stop ${swarm}, then skep run --solo "…": the same checks, review and merge, without a second worker.`);
