/** What commits and pull requests of a landing say. Titles come from agents: each stays on its own line. */
import type { LandedTask, LandOrder } from "./strategy.ts";

const SUBJECT_MAX = 200;

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

export function subjectOf({ title, swarm }: Pick<LandOrder, "title" | "swarm">): string {
  const line = oneLine(title) || `Work of ${swarm}`;
  return line.length > SUBJECT_MAX ? `${line.slice(0, SUBJECT_MAX - 1)}…` : line;
}

export const tasksText = (tasks: readonly LandedTask[]): string =>
  tasks.map(({ task, title }) => `- ${task}: ${oneLine(title)}`).join("\n");

export const trailers = ({ swarm, tasks }: Pick<LandOrder, "swarm" | "tasks">): readonly string[] => [
  `Skep-Swarm: ${swarm}`,
  ...tasks.map(({ task, sha }) => `Skep-Task: ${task} ${sha}`),
];
