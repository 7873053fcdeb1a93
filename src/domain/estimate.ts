/** What a new swarm will probably cost, from the merged tasks of the swarms before it. A range with its basis, never a promise. */
import { OVER, type State } from "./model.ts";
import type { Spend } from "./spend.ts";

/** What one finished swarm tells: each merged task with its reviews, and all that no task was charged with. */
export interface Experience {
  readonly tasks: readonly Spend[];
  readonly rest: Spend | null;
}

export function experienceOf(state: Readonly<State>): Experience | null {
  if (!OVER.has(state.status)) return null;
  const tasks = [...state.byStatus.merged].flatMap((id) => state.tasks.get(id)?.spent ?? []).filter(({ turns }) => turns > 0);
  if (tasks.length === 0) return null;
  const sum = (of: (spend: Spend) => number): number =>
    of(state.spent) - [...state.tasks.values()].reduce((all, task) => all + of(task.spent), 0);
  const rest = { usd: sum(({ usd }) => usd), tokens: sum(({ tokens }) => tokens), turns: sum(({ turns }) => turns), ms: 0 };
  return { tasks, rest: state.solo ? null : rest };
}

/** Fewer merged tasks than this say nothing. */
const FEWEST = 3;

/**
 * @param solo the whole swarm is one task; else the plan will decide how many there are.
 * @returns one line, or null when there is too little to go by.
 */
export function estimate(past: readonly Experience[], solo: boolean): string | null {
  const tasks = past.flatMap((one) => one.tasks);
  if (tasks.length < FEWEST) return null;
  const task = range(tasks);
  const basis = `by ${tasks.length} merged tasks of ${past.length} earlier ${past.length === 1 ? "swarm" : "swarms"}`;
  if (solo) return `${task}, ${basis}`;
  const rests = past.flatMap(({ rest }) => rest ?? []);
  const plan = rests.length === 0 ? "" : `, and ${range(rests)} for the plan and the queen`;
  return `${task} per task of the plan${plan}, ${basis}`;
}

/** The middle half. Swarms whose CLIs tell no price are counted in tokens. */
function range(spends: readonly Spend[]): string {
  const priced = spends.some(({ usd }) => usd > 0);
  const values = spends.map(({ usd, tokens }) => (priced ? usd : tokens)).sort((a, b) => a - b);
  const at = (share: number): number => values[Math.round((values.length - 1) * share)] ?? 0;
  return priced ? `$${at(0.25).toFixed(2)} to $${at(0.75).toFixed(2)}` : `${rounded(at(0.25))} to ${rounded(at(0.75))} tokens`;
}

const rounded = (n: number): string => Number(n.toPrecision(2)).toLocaleString("en-US");
