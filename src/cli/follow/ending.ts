/** What there is to say about a swarm's work: tasks with their attempts, cost, time, and what to do next. */
import { lasted } from "../../base/lasted.ts";
import { inline } from "../../domain/foreign.ts";
import { OVER, type State, type TaskStatus } from "../../domain/model.ts";
import type { Terminal } from "../shell/terminal.ts";

export interface Ending {
  readonly swarm: string;
  readonly title: string;
  readonly status: State["status"];
  readonly plan: { readonly revision: number; readonly status: string };
  readonly tasks: readonly {
    readonly task: string;
    readonly title: string;
    readonly status: TaskStatus;
    readonly attempts: number;
    /** How each attempt ended. */
    readonly results: readonly string[];
    readonly commit: string | null;
  }[];
  readonly spent: { readonly usd: number; readonly tokens: number };
  readonly seconds: number;
  readonly branch: string;
  readonly tip: string;
  readonly target: string | null;
  readonly landed: string | null;
  readonly pullRequest: string | null;
  readonly gates: readonly string[];
}

export function endingOf(state: Readonly<State>, now: number): Ending {
  const { id, title, status, plan, createdAt, endedAt, branch, tip, target, landed, pullRequest } = state;
  return {
    ...{ swarm: id, title, status, branch, tip, target, landed, pullRequest },
    plan: { revision: plan.revision, status: plan.status },
    tasks: [...state.tasks.values()].map((task) => ({
      ...{ task: task.id, title: task.title, status: task.status, attempts: task.attempt, commit: task.mergedSha },
      results: task.history.map(({ result }) => result),
    })),
    spent: { usd: state.spent.usd, tokens: state.spent.tokens },
    seconds: Math.round(((endedAt ?? now) - createdAt) / 100) / 10,
    gates: [...state.openGates],
  };
}

/** null when nobody could land it. */
export function landable({ status, tasks, landed, pullRequest, swarm }: Ending): string | null {
  const merged = tasks.some((task) => task.status === "merged");
  return OVER.has(status) && merged && landed === null && pullRequest === null ? `skep land ${swarm}` : null;
}

export function endingText(ending: Ending, terminal: Pick<Terminal, "paint">): string {
  const { swarm, status, seconds, tasks, spent, branch, tip, landed, pullRequest, target } = ending;
  const colour = status === "completed" ? "green" : status === "failed" ? "red" : "yellow";
  const width = Math.max(0, ...tasks.map(({ task }) => task.length));
  const lines = tasks.map(({ task, title, status: its, attempts, results }) => {
    const how = results.filter((result) => result !== "merged").map((result) => result.replaceAll("_", " "));
    const tries = attempts <= 1 ? "" : `, ${attempts} attempts${how.length > 0 ? ` (${how.join(", ")})` : ""}`;
    return `  ${task.padEnd(width)}  ${inline(title, 60)}: ${its}${tries}`;
  });
  const at = pullRequest === null ? `${branch} at ${tip.slice(0, 12) || "its base"}` : `${branch}, in ${inline(pullRequest, 200)}`;
  const work = landed === null ? at : `landed on ${target ?? branch} at ${landed.slice(0, 12)}`;
  return [
    `${swarm} ${terminal.paint(colour, OVER.has(status) ? status : `is ${status}`)} after ${duration(seconds)}`,
    ...lines,
    `  work    ${work}`,
    `  cost    ${cost(spent)}`,
  ].join("\n");
}

export const cost = ({ usd, tokens }: Ending["spent"]): string => `$${usd.toFixed(2)}, ${tokens.toLocaleString("en-US")} tokens`;

export const duration = (seconds: number): string => (seconds < 60 ? `${seconds.toFixed(1)} s` : lasted(seconds * 1_000));
