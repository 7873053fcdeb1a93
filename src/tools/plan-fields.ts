/** A task as a plan states it: its arguments, and how they become a `TaskSpec`. Shared by plan_submit and task_create. */
import { z } from "zod";
import type { TaskSpec, TaskText } from "../domain/model.ts";
import { line, ownedPath, prose, roleId, taskId } from "./fields.ts";
import type { SwarmCall } from "./swarm-call.ts";

export const proof = z.enum(["tests_pass", "fail_then_pass", "check_only", "review_only"]);

export const plannedTask = {
  id: taskId(),
  title: line(100),
  brief: prose(1_200),
  files: z.array(ownedPath()).min(1).max(20),
  criteria: z.array(line(240)).min(1).max(8),
  proof,
  meets: z.array(z.int()).max(8),
  after: z.array(taskId()).max(8).optional(),
  role: roleId().optional(),
  contract: prose(600).optional(),
  risk: z.enum(["low", "normal", "high"]).optional(),
};
export type PlannedTask = z.output<z.ZodObject<typeof plannedTask>>;

export async function specOf(task: PlannedTask, { swarm, services }: Pick<SwarmCall, "swarm" | "services">): Promise<TaskSpec> {
  const { id, title, brief, files, criteria, proof, meets, after = [], contract = null } = task;
  const text: TaskText = { brief, criteria, contract };
  const placed = await services.placing(swarm, { files, role: task.role, risk: task.risk });
  const kept = await swarm.keep(JSON.stringify(text));
  return { id, title, files, after, criteria: criteria.length, proof, meets, text: kept, ...placed };
}

const VAGUE = /\b(properly|correctly|robust(ly)?|clean(ly)?|appropriate(ly)?|good|nice(ly)?|well[- ]tested)\b/i;
const TEST_FILE = /(^|\/)(tests?|spec|__tests__)\/|[._-](test|spec)\.[a-z]+$/i;

/** What the queen should know of a task: what skep chose where she left it open, and what may go wrong though nothing forbids it. */
export function warningsAbout(task: PlannedTask, { role, because = [] }: TaskSpec): readonly string[] {
  const warnings = because.map((reason) => `${task.id} ${reason}`);
  for (const [index, criterion] of task.criteria.entries()) {
    const word = VAGUE.exec(criterion)?.[0];
    if (word) warnings.push(`${task.id} criterion ${index + 1} says "${word}", which nobody can decide`);
  }
  const onlyTests = task.files.every((file) => TEST_FILE.test(file)) && (task.after?.length ?? 0) > 0;
  if (onlyTests && role !== "tester")
    warnings.push(`${task.id} only tests what ${task.after?.join(", ")} makes: tests belong to the task that changes the code`);
  if (task.proof === "review_only") warnings.push(`${task.id} has no proof a program can run`);
  return warnings;
}
