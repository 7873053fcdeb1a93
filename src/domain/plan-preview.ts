/**
 * What a plan promises before it is carried out, computed from its tasks alone: waves, how much faster than one agent at
 * best, for how many more tokens, and whether one agent would do. A bound and rules of thumb, said as such; nothing waits for it.
 */
import { planCost, type Reckoning } from "./estimate.ts";
import { count, fileName, listed } from "./foreign.ts";
import type { State, TaskSpec } from "./model.ts";
import { mayOverlap } from "./overlap.ts";
import { scalingOf } from "./scaling.ts";
import { findCycle, longest, waves } from "./waves.ts";

export type Weighed = Pick<TaskSpec, "id" | "after" | "files" | "criteria" | "proof">;

/** How many agents can be at it at the same time. */
export interface Hands {
  readonly workers: number;
  readonly reviewers: number;
}

export interface PlanPreview {
  readonly tasks: number;
  /** Ids, wave after wave. */
  readonly waves: readonly (readonly string[])[];
  /** At most so many times as fast as one agent that does the tasks one after the other; below 1: slower. */
  readonly speedup: number;
  /** About so many times the tokens of that agent. */
  readonly tokens: number;
  /** More workers than this make it no faster. */
  readonly workers: number;
  /** Tasks that follow each other and may change the same file. */
  readonly shared: readonly { readonly tasks: readonly [string, string]; readonly file: string }[];
  /** Why one agent would do; null: a swarm is worth it. */
  readonly oneAgent: string | null;
  /** By earlier swarms; null: too few of them. */
  readonly cost: string | null;
}

/** A review takes this share of the work it reads, and every third task or so is reviewed twice. */
const REVIEW = 0.2 * 1.3;
/** What briefings and reading again cost, and the plan with its queen and its review, as shares of the work. */
const [BRIEFING, PLANNING] = [0.15, 0.2];
/** One reviewer keeps up with about this many workers. */
const WORKERS_PER_REVIEWER = 4;
/** A swarm that gains less is not worth its tokens. */
const LEAST_GAIN = 1.3;
const FEW_TASKS = 2;
const FEW_CRITERIA = 6;
const MOST_SHARED = 2;
const MOST_WAVES = 6;

export function previewPlan(tasks: readonly Weighed[], hands: Hands, by: Reckoning | null = null): PlanPreview {
  // A plan in force has no cycle; one that is only proposed is refused for it, and has nothing to preview.
  const order = findCycle(tasks) ? [tasks] : waves(tasks);
  const widest = Math.max(1, ...order.map((wave) => wave.length));
  const able = Math.min(hands.workers, widest, WORKERS_PER_REVIEWER * Math.max(1, hands.reviewers));
  const speedup = gain(tasks, { workers: able, reviewers: hands.reviewers });
  return {
    tasks: tasks.length,
    waves: order.map((wave) => wave.map(({ id }) => id)),
    speedup: rounded(speedup),
    tokens: rounded(1 + BRIEFING + REVIEW + PLANNING),
    workers: Math.max(1, able),
    shared: shared(tasks),
    oneAgent: oneAgent(tasks, speedup),
    cost: by === null ? null : planCost(by, tasks.length),
  };
}

/** Of the plan under review, else of the one in force; null: there is none, or it is the work of one agent anyway. */
export function previewOf(state: Readonly<State>): PlanPreview | null {
  if (state.solo) return null;
  const tasks = plannedTasks(state);
  return tasks.length === 0 ? null : previewPlan(tasks, handsOf(state), state.reckoning ?? null);
}

function plannedTasks({ plan, tasks }: Readonly<State>): readonly Weighed[] {
  const { pending } = plan;
  if (pending && !pending.partial) return pending.tasks;
  const inForce = [...tasks.values()].filter(
    ({ status, recovers }) => status !== "proposed" && status !== "cancelled" && recovers === undefined,
  );
  return pending ? [...inForce, ...pending.tasks] : inForce;
}

/** Those there are, and those that may join by themselves. */
export function handsOf(state: Readonly<State>): Hands {
  const active = (duty: "worker" | "reviewer"): number =>
    [...state.seats.values()].filter((seat) => seat.duty === duty && seat.status === "active").length;
  const { max, grows } = scalingOf(state);
  const mayJoin = (duty: "worker" | "reviewer"): boolean => max.swarm !== null && grows.some((one) => one.duty === duty);
  const workers = mayJoin("worker") ? Math.max(active("worker"), state.limits.workers) : active("worker");
  return { workers: Math.max(1, workers), reviewers: Math.max(1, active("reviewer")) };
}

const weight = ({ criteria, files }: Weighed): number => Math.max(1, criteria) * Math.max(1, files.length);
const sum = (tasks: readonly Weighed[]): number => tasks.reduce((all, task) => all + weight(task), 0);

/** One agent does all of the work; a swarm cannot be done before its longest chain is, nor before each worker did its share, and the reviews come on top. */
function gain(tasks: readonly Weighed[], { workers, reviewers }: Hands): number {
  const work = sum(tasks);
  const chain = longest(tasks.map((task) => ({ id: task.id, after: task.after, weight: weight(task) })));
  const time = Math.max(chain, work / Math.max(1, workers)) + (work * REVIEW) / Math.max(1, reviewers);
  return time === 0 ? 1 : work / time;
}

function oneAgent(tasks: readonly Weighed[], speedup: number): string | null {
  if (tasks.length <= FEW_TASKS) return `the plan has ${count(tasks.length, "task")}`;
  if (speedup < LEAST_GAIN) return speedup < 1 ? "a swarm would be slower" : "a swarm would be hardly faster";
  const criteria = tasks.reduce((all, task) => all + task.criteria, 0);
  if (criteria <= FEW_CRITERIA && folders(tasks).size === 1) return `all of it is in one folder, with ${criteria} criteria`;
  return tasks.every(({ proof }) => proof === "review_only") ? "nothing that runs proves any of it" : null;
}

function folders(tasks: readonly Weighed[]): ReadonlySet<string> {
  const folder = (pattern: string): string => pattern.replace(/^\.?\/+/, "").replace(/(^|\/)[^/]*$/, "");
  return new Set(tasks.flatMap(({ files }) => files.map(folder)));
}

function shared(tasks: readonly Weighed[]): PlanPreview["shared"] {
  const byId = new Map<string, Weighed>(tasks.map((task) => [task.id, task]));
  return tasks.flatMap((task) =>
    task.after.flatMap((id) => {
      const before = byId.get(id);
      const file = before && task.files.find((one) => before.files.some((other) => mayOverlap(one, other)));
      return file === undefined ? [] : [{ tasks: [id, task.id] as const, file }];
    }),
  );
}

const rounded = (n: number): number => Math.round(n * 10) / 10;

/** In a few lines, numbers first. `solo`: how to have one agent do it instead, in the words of whoever reads. */
export function previewLines(preview: PlanPreview, solo: string): readonly string[] {
  const { shared: pairs, cost, oneAgent: why, waves: all } = preview;
  const first = all.slice(0, MOST_WAVES).map((wave) => listed(wave, MOST_WAVES));
  const order = [...first, ...(all.length > MOST_WAVES ? ["…"] : [])].join(" → ");
  return [
    `${previewHead(preview)} (${order}). At best ${preview.speedup} times as fast as one agent, for about ${preview.tokens} times its tokens (a rule of thumb).`,
    ...pairs
      .slice(0, MOST_SHARED)
      .map(({ tasks: [a, b], file }) => `${a} and ${b} may both change ${fileName(file)}, so they run one after the other.`),
    ...(pairs.length > MOST_SHARED ? [`So do ${count(pairs.length - MOST_SHARED, "other pair")}.`] : []),
    ...(cost === null ? [] : [`It will probably cost ${cost}.`]),
    ...(why === null ? [] : [`One agent would do: ${why}. ${solo}`]),
  ];
}

/** `4 tasks in 2 waves` */
export const previewHead = ({ tasks, waves: all }: PlanPreview): string => `${count(tasks, "task")} in ${count(all.length, "wave")}`;
