import { z } from "zod";
import { agentTool } from "./define-tool.ts";
import { next, prose, repeated, taskId } from "./fields.ts";
import { repeatKey } from "./keys.ts";

export const planReviewSubmit = agentTool({
  name: "plan_review_submit",
  title: "Record a plan review",
  description:
    "Record your review of one plan revision. Map every goal condition to the tasks that meet it, then list what would make the plan fail when carried out as written. An unmapped condition or a blocking finding sends it back; otherwise work starts at once. Then end your turn.",
  audience: ["reviewer"],
  kind: "write",
  input: z.strictObject({
    revision: z.int().describe("From the request"),
    plan_hash: z.string().max(80).describe("From the request"),
    coverage: z
      .array(z.strictObject({ condition: z.int(), tasks: z.array(taskId()).max(20) }))
      .max(20)
      .describe("One entry per condition"),
    findings: z
      .array(
        z.strictObject({
          kind: z.enum([
            "missing_work",
            "wrong_order",
            "overlap",
            "too_big",
            "not_checkable",
            "unneeded",
            "wrong_assumption",
            "one_agent_would_do",
          ]),
          problem: prose(400),
          blocking: z.boolean(),
          task: taskId().optional(),
        }),
      )
      .max(10),
  }),
  output: z.object({ verdict: z.string(), revision: z.int(), repeated: repeated(), next: next() }),
  async handle({ revision, plan_hash: hash, coverage, findings }, call) {
    const mapped = await call.swarm.look(({ plan }) => {
      const pending = plan.pending;
      if (pending?.revision !== revision || pending.partial) return [];
      return pending.conditions.map((_, index) => ({
        condition: index + 1,
        tasks: pending.tasks.filter((task) => task.meets.includes(index + 1)).map((task) => task.id as string),
      }));
    });
    const noted = [
      ...findings.map(({ task = null, ...finding }) => ({ ...finding, task })),
      ...differences(mapped, coverage).map((problem) => ({ kind: "wrong_assumption" as const, task: null, problem, blocking: false })),
    ];
    const unmapped = coverage.filter((entry) => entry.tasks.length === 0).map(({ condition }) => ({ condition }));
    const text = await call.swarm.keep(JSON.stringify({ coverage, unmapped, findings: noted }));
    const facts = noted.map(({ kind, task, blocking }) => ({ kind, task, blocking }));
    const command = { type: "review_plan", revision, hash, coverage, findings: facts, text } as const;
    const answer = await call.submit(command, repeatKey(call, revision, hash));
    const approved = answer.events.some((event) => event.type === "plan_endorsed" || (event.type === "plan_reviewed" && event.approved));
    return {
      verdict: approved ? "approved" : "returned",
      revision,
      ...(answer.repeated ? { repeated: true } : {}),
      next: "End your turn.",
    };
  },
});

type Coverage = readonly { readonly condition: number; readonly tasks: readonly string[] }[];

/** Where the queen's own map, which the reviewer did not see, says otherwise: the cheapest sign of a misreading. */
function differences(planned: Coverage, seen: Coverage): readonly string[] {
  return planned.flatMap(({ condition, tasks }) => {
    const other = seen.find((entry) => entry.condition === condition)?.tasks ?? [];
    if (other.length === 0 || other.some((task) => tasks.includes(task))) return [];
    return [`condition ${condition}: the plan says ${tasks.join(", ") || "no task"} meets it, the review says ${other.join(", ")}`];
  });
}
