import { rowsOf } from "../task-list.ts";
import type { ResourceSpec } from "./resource.ts";

const SHOWN = 200;

export const tasksResource: ResourceSpec = {
  name: "tasks",
  title: "The tasks of a swarm",
  description: "The tasks of a swarm, a line each: status, attempt, agent, what it waits for.",
  template: "skep://swarms/{swarm}/tasks",
  mimeType: "text/plain",
  changes: { in: "log", mark: (state) => JSON.stringify(rowsOf(state)) },
  async read({ swarm }) {
    const rows = await swarm.look((state) => rowsOf(state));
    if (rows.length === 0) return "No tasks yet.\n";
    const lines = rows.slice(0, SHOWN).map(({ text }) => text);
    const next = rows[SHOWN];
    if (next) lines.push(`[${rows.length - SHOWN} more. Next: task_list with swarm ${swarm.id} and cursor ${next.id}]`);
    return `${lines.join("\n")}\n`;
  },
};
