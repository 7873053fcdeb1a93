/** What a new swarm will probably cost, from the merged tasks of the swarms before it. A range with its basis, never a promise. */
import { count } from "./foreign.ts";
import { OVER, type State } from "./model.ts";
import type { Spend } from "./spend.ts";

/** What one finished swarm tells: each merged task with its reviews, and all that no task was charged with. */
export interface Experience {
  readonly tasks: readonly Spend[];
  readonly rest: Spend | null;
}

type Range = readonly [low: number, high: number];

/** What earlier swarms say about the next one. Each range is the middle half. */
export interface Reckoning {
  /** Swarms whose CLIs tell no price are counted in tokens. */
  readonly unit: "usd" | "tokens";
  readonly task: Range;
  /** The plan and the queen; null: no earlier swarm had one. */
  readonly rest: Range | null;
  readonly tasks: number;
  readonly swarms: number;
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

/** null: there is too little to go by. */
export function reckon(past: readonly Experience[]): Reckoning | null {
  const tasks = past.flatMap((one) => one.tasks);
  if (tasks.length < FEWEST) return null;
  const rests = past.flatMap(({ rest }) => rest ?? []);
  const unit = [...tasks, ...rests].some(({ usd }) => usd > 0) ? "usd" : "tokens";
  const rest = rests.length === 0 ? null : middle(rests.map((spend) => spend[unit]));
  return { unit, task: middle(tasks.map((spend) => spend[unit])), rest, tasks: tasks.length, swarms: past.length };
}

function middle(values: number[]): Range {
  values.sort((a, b) => a - b);
  const at = (share: number): number => values[Math.round((values.length - 1) * share)] ?? 0;
  return [at(0.25), at(0.75)];
}

/**
 * One line about a swarm whose plan is not there yet.
 * @param solo the whole swarm is one task; else the plan will decide how many there are.
 */
export function estimate(by: Reckoning, solo: boolean): string {
  const task = amounts(by.task, by.unit);
  if (solo) return `${task}, ${basis(by)}`;
  const plan = by.rest === null ? "" : `, and ${amounts(by.rest, by.unit)} for the plan and the queen`;
  return `${task} per task of the plan${plan}, ${basis(by)}`;
}

/** One line about a plan of so many tasks, its making included. */
export function planCost(by: Reckoning, tasks: number): string {
  const at = (end: 0 | 1): number => by.task[end] * tasks + (by.rest?.[end] ?? 0);
  return `${amounts([at(0), at(1)], by.unit)}, ${basis(by)}`;
}

const basis = ({ tasks, swarms }: Reckoning): string => `by ${count(tasks, "merged task")} of ${count(swarms, "earlier swarm")}`;

const amounts = ([low, high]: Range, unit: Reckoning["unit"]): string =>
  unit === "usd" ? `$${low.toFixed(2)} to $${high.toFixed(2)}` : `${rounded(low)} to ${rounded(high)} tokens`;

const rounded = (n: number): string => Number(n.toPrecision(2)).toLocaleString("en-US");
