import { bounded, noSuch, type ResourceSpec } from "./resource.ts";

export const diffResource: ResourceSpec = {
  name: "diff",
  title: "The diff of a task",
  description: "The diff of a task's submitted commit: a table of files, then the first hunks. diff_get shows the other pages.",
  template: "skep://swarms/{swarm}/tasks/{task}/diff",
  mimeType: "text/plain",
  changes: {
    in: "log",
    mark(state, { task }) {
      const found = state.tasks.get(task);
      return found ? JSON.stringify([found.base, found.sha]) : null;
    },
  },
  async read({ swarm, services }, { task }) {
    const found = await swarm.look((state) => {
      const one = state.tasks.get(task);
      return one ? { base: one.base, sha: one.sha, status: one.status } : null;
    });
    if (!found) throw noSuch(`task ${task} in ${swarm.id}`, "task_list");
    if (!found.base || !found.sha) return `Nothing of ${task} is submitted; it is ${found.status}.\n`;
    const { text, page, pages, next } = await services.diff.page(found.base, found.sha, null);
    const more =
      next === null ? "" : `\n[page ${page} of ${pages}. Next: diff_get with swarm ${swarm.id}, task ${task} and cursor ${next}]`;
    return bounded(`${text.trimEnd()}${more}\n`, `diff_get with swarm ${swarm.id} and task ${task}`);
  },
};
