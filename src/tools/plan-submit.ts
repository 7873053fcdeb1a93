import { z } from "zod";
import { SkepError } from "../base/errors.ts";
import { handsOf, previewPlan } from "../domain/plan-preview.ts";
import { withDrafted } from "../engine/pipeline/drafted.ts";
import { agentTool } from "./define-tool.ts";
import { line, next, prose, repeated } from "./fields.ts";
import { canonical, digest, programKey } from "./keys.ts";
import { type PlannedTask, plannedTask, specOf, warningsAbout } from "./plan-fields.ts";

/** The events of one call are one line of the log, at most 64 KiB with what skep adds. */
const MOST_BYTES = 48 * 1024;

export const planSubmit = agentTool({
  name: "plan_submit",
  title: "Hand in the plan",
  description:
    "Hand in the whole plan for review; a new call replaces the last revision. Tests and docs belong to the task that changes the code. Tasks that could run at the same time may not share a file: merge them, or order them with after. All problems are refused together. If one task is enough, submit one. Then end your turn.",
  audience: ["queen"],
  kind: "write",
  input: z.strictObject({
    goal: prose(300).describe("The goal in your words"),
    conditions: z.array(line(200)).min(1).max(8).describe("What must be true at the end, checkable"),
    approach: prose(1_200).describe("How, and what you rejected"),
    tasks: z
      .array(
        z.strictObject({
          ...plannedTask,
          files: plannedTask.files.describe("Exclusive; globs allowed"),
          criteria: plannedTask.criteria.describe("Decidable by test, command or one look"),
          meets: plannedTask.meets.describe("Condition numbers from 1"),
          contract: plannedTask.contract.describe("Exact names and types others rely on"),
        }),
      )
      .min(1)
      .max(20),
    assumptions: z.array(line(200)).max(6).optional().describe("Gaps you filled by a guess"),
  }),
  output: z.object({
    revision: z.int(),
    plan_hash: z.string(),
    waves: z.array(z.array(z.string())),
    speedup: z.number(),
    warnings: z.array(z.string()).optional(),
    repeated: repeated(),
    next: next(),
  }),
  async handle(plan, call) {
    const { goal, conditions, approach, tasks, assumptions = [] } = plan;
    refuseOversize(tasks);
    const hash = digest(plan).slice(0, 16);
    const drafted = await call.services.drafted(call.swarm);
    const specs = await Promise.all(tasks.map(async (task) => withDrafted(await specOf(task, call), drafted)));
    const policy = drafted === null ? {} : { policy: drafted.policy };
    const text = await call.swarm.keep(JSON.stringify({ approach, assumptions }));
    const answer = await call.submit({ type: "submit_plan", hash, goal, conditions, text, tasks: specs, ...policy }, programKey(call));
    const made = answer.events.find((event) => event.type === "plan_submitted");
    if (!made && !answer.repeated)
      throw new SkepError(
        "WAITING_HUMAN",
        "the plan was returned too often; a person is asked how to go on",
        "end your turn; you are woken by the answer",
      );
    const revision = made ? made.plan.revision : await call.swarm.look((state) => state.plan.revision);
    const preview = previewPlan(specs, await call.swarm.look(handsOf));
    const warnings = tasks.flatMap((task, index) => (specs[index] ? warningsAbout(task, specs[index]) : [])).slice(0, 20);
    if (preview.oneAgent !== null && tasks.length > 1)
      warnings.push(`one agent would do: ${preview.oneAgent}; hand in one task if nothing else speaks for several`);
    return {
      revision,
      plan_hash: hash,
      waves: preview.waves.map((wave) => [...wave]),
      speedup: preview.speedup,
      ...(warnings.length > 0 ? { warnings } : {}),
      ...(answer.repeated ? { repeated: true } : {}),
      next: "End your turn: you are woken by findings or when the queen is needed.",
    };
  },
});

/** Prose goes to artifacts, but names and file lists stand in the event that every process folds. */
function refuseOversize(tasks: readonly PlannedTask[]): void {
  const sizes = tasks.map((task) => ({
    id: task.id,
    bytes: Buffer.byteLength(canonical([task.id, task.title, task.files, task.after, task.meets])) + 400,
  }));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= MOST_BYTES) return;
  const largest = sizes
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, 3)
    .map(({ id, bytes }) => `${id} ${bytes} bytes`);
  throw new SkepError(
    "PLAN_TOO_LARGE",
    `the file lists of this plan need ${total} bytes, at most ${MOST_BYTES} fit; largest are ${largest.join(", ")}`,
    "plan_submit with globs instead of single files",
  );
}
