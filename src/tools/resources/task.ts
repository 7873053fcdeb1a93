import { neighbourText } from "../task-text.ts";
import { bounded, type ResourceSpec } from "./resource.ts";

export const taskResource: ResourceSpec = {
  name: "task",
  title: "A task",
  description: "One task whole: what it asks, criteria, files, contracts, earlier attempts, where it stands.",
  template: "skep://swarms/{swarm}/tasks/{task}",
  mimeType: "text/markdown",
  changes: {
    in: "log",
    mark(state, { task }) {
      const found = state.tasks.get(task);
      if (!found) return null;
      const { status, attempt, seat, sha, mergedSha, gate, files, risk, changedAt, history } = found;
      return JSON.stringify([status, attempt, seat, sha, mergedSha, gate, files, risk, changedAt, history.length]);
    },
  },
  async read(call, { task }) {
    const text = await neighbourText(call, task, false);
    return bounded(text, `task_list with swarm ${call.swarm.id} for the others; \`skep logs\` in a terminal for all that happened`);
  },
};
