import { z } from "zod";
import { SkepError } from "../base/errors.ts";
import { swarmTool } from "./define-tool.ts";
import { taskId } from "./fields.ts";

export const diffGet = swarmTool({
  name: "diff_get",
  title: "Read a diff",
  description:
    "Read the diff of a task's submitted commit: a table of files, then the hunks, page by page. A review is accepted only when every page was fetched; each page names the next.",
  audience: ["operator", "reviewer"],
  kind: "read",
  input: z.strictObject({
    task: taskId(),
    cursor: z
      .string()
      .regex(/^p\d{1,4}$/, "must be p1, p2, …")
      .optional()
      .describe("As the last page names it"),
  }),
  output: null,
  async handle({ task, cursor }, call) {
    const { swarm, services, caller } = call;
    const commit = await swarm.look((state) => {
      const found = state.tasks.get(task);
      if (!found) return null;
      const job = caller.kind === "session" ? state.sessions.get(caller.session)?.job : undefined;
      // Pages count only for the review they were read for.
      const counts = job?.kind === "review" && job.task === task && job.sha === found.sha;
      return { base: found.base, sha: found.sha, status: found.status, counts };
    });
    if (!commit) throw new SkepError("NOT_FOUND", `there is no task ${task}`, "task_list");
    if (!commit.base || !commit.sha) throw new SkepError("NO_DIFF", `${task} is ${commit.status}; nothing is submitted`, "task_get");
    const page = await services.diff.page(commit.base, commit.sha, cursor ?? null);
    if (commit.counts) await call.submit({ type: "read_diff", task, sha: commit.sha, page: page.page, pages: page.pages });
    const more = page.next === null ? "" : `\n[page ${page.page} of ${page.pages}. diff_get with task ${task} and cursor ${page.next}]`;
    return `${page.text.trimEnd()}${more}\n`;
  },
});
