import { z } from "zod";
import type { PlanRevision, State, TaskSpec } from "../domain/model.ts";
import { agentTool } from "./define-tool.ts";
import { next, repeated, taskId } from "./fields.ts";
import { canonical, programKey } from "./keys.ts";
import { plannedTask, specOf, warningsAbout } from "./plan-fields.ts";
import type { Accepted } from "./swarm-call.ts";

export const taskCreate = agentTool({
  name: "task_create",
  title: "Add a task",
  description:
    "Add one task to the approved plan, new or from a proposal. It is reviewed like a plan before it opens. For a different plan use plan_submit. Fields as there. Then end your turn.",
  audience: ["queen"],
  kind: "write",
  input: z.strictObject({ ...plannedTask, from: taskId().optional().describe("Proposal it comes from") }),
  output: z.object({
    task: z.string(),
    revision: z.int(),
    warnings: z.array(z.string()).optional(),
    repeated: repeated(),
    next: next(),
  }),
  async handle({ from = null, ...task }, call) {
    const spec = await specOf(task, call);
    const known = await call.swarm.look((state) => revisionWith(state, spec));
    const answer: Pick<Accepted, "events" | "repeated"> =
      known === null ? await call.submit({ type: "create_task", spec, from }, programKey(call)) : { events: [], repeated: true };
    const made = answer.events.find((event) => event.type === "plan_submitted");
    const revision = made?.plan.revision ?? known ?? (await call.swarm.look((state) => state.plan.revision));
    const warnings = warningsAbout(task, spec);
    return {
      task: spec.id,
      revision,
      ...(warnings.length > 0 ? { warnings: [...warnings] } : {}),
      ...(answer.repeated ? { repeated: true } : {}),
      next: "End your turn: you are woken if the review returns it.",
    };
  },
});

/** The revision that brought this very task in, pending or approved; null when it is new or says something else. */
function revisionWith(state: Readonly<State>, spec: TaskSpec): number | null {
  const pending: PlanRevision | null = state.plan.pending;
  if (pending?.partial && pending.tasks.some((one) => sameSpec(one, spec))) return pending.revision;
  const task = state.tasks.get(spec.id);
  return task && task.status !== "proposed" && sameSpec(task, spec) ? state.plan.revision : null;
}

const FIELDS = ["id", "title", "role", "files", "after", "proof", "meets", "risk", "text"] as const satisfies readonly (keyof TaskSpec)[];
const sameSpec = (a: TaskSpec, b: TaskSpec): boolean => FIELDS.every((field) => canonical(a[field]) === canonical(b[field]));
