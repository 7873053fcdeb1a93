import { z } from "zod";
import { SkepError } from "../base/errors.ts";
import { inline } from "../domain/foreign.ts";
import type { State, Task, TaskStatus } from "../domain/model.ts";
import { EVERYONE, swarmTool } from "./define-tool.ts";

const PAGE = 20;
const STATUSES = [
  ...["proposed", "blocked", "open", "claimed", "submitted", "checking"],
  ...["reviewing", "approved", "merging", "merged", "reviewed", "failed", "cancelled"],
] as const;

export const taskList = swarmTool({
  name: "task_list",
  title: "List tasks",
  description: "List the tasks of the swarm with status, attempt and what they wait for, 20 at a time. For the whole of one: task_get.",
  audience: EVERYONE,
  kind: "read",
  input: z.strictObject({
    status: z
      .string()
      .refine((text) => (STATUSES as readonly string[]).includes(text), `must be one of ${STATUSES.join(", ")}`)
      .optional()
      .describe("Only these, e.g. open"),
    cursor: z.string().max(40).optional().describe("From more of the last page"),
  }),
  output: z.object({ tasks: z.array(z.string()), total: z.int(), more: z.string().optional() }),
  async handle({ status, cursor }, { swarm, caller }) {
    // Who works on what is the author's story: a reviewer judges the commit.
    const blind = caller.kind === "session" && caller.duty === "reviewer";
    const rows = await swarm.look((state) => rowsOf(state, status as TaskStatus | undefined, blind));
    const from = cursor === undefined ? 0 : rows.findIndex(({ id }) => id === cursor);
    if (from < 0) throw new SkepError("NO_PAGE", "the cursor names no task of this list", "task_list without cursor");
    const more = rows[from + PAGE]?.id;
    return { tasks: rows.slice(from, from + PAGE).map(({ text }) => text), total: rows.length, ...(more === undefined ? {} : { more }) };
  },
});

/** Every task as one line, in the order of the plan. `blind`: without who works on it. */
export function rowsOf(state: Readonly<State>, status?: TaskStatus, blind = false): readonly { id: string; text: string }[] {
  const ids = status === undefined ? [...state.tasks.keys()] : [...state.byStatus[status]];
  return ids.flatMap((id) => {
    const task = state.tasks.get(id);
    return task ? [{ id, text: rowOf(state, task, blind) }] : [];
  });
}

/** `t3 claimed attempt 2 by dev-1: Reject expired sessions (after t1)` */
function rowOf(state: Readonly<State>, task: Readonly<Task>, blind: boolean): string {
  const waits = task.status === "blocked" ? task.after.filter((id) => state.tasks.get(id)?.status !== "merged") : [];
  const marks = [
    waits.length > 0 ? `waits for ${waits.join(", ")}` : "",
    task.gate ? `gate ${task.gate}` : "",
    task.reserved && !blind ? `kept for ${task.reserved.seat}` : "",
  ].filter((mark) => mark !== "");
  const attempt = task.attempt > 0 ? ` attempt ${task.attempt}` : "";
  const who = blind ? "" : task.seat ? ` by ${task.seat}` : task.status === "proposed" && task.proposedBy ? ` by ${task.proposedBy}` : "";
  return `${task.id} ${task.status}${attempt}${who}: ${inline(task.title, 100)}${marks.length > 0 ? ` (${marks.join("; ")})` : ""}`;
}
