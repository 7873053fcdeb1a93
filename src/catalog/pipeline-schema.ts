/** What may stand in a pipeline's file, once its variables are filled in. */
import { z } from "zod";
import { POLICIES } from "../domain/model.ts";
import { MODES } from "../domain/modes/index.ts";
import type { ModeKind } from "../domain/modes/mode.ts";
import { id, inside } from "./fields.ts";
import { variableSchema } from "./pipeline-variables.ts";

const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((text) => !/[\n\r]/.test(text), "must be one line");
const prose = (max: number) => z.string().trim().min(1).max(max);

/** A path or glob a task may own: never skep's own settings, never git's. */
const owned = inside
  .max(160)
  .refine((path) => ![".git", ".skep"].includes(path.replace(/^(\.?\/)+/, "").split("/")[0] ?? ""), "must be outside .git and .skep");

const minutes = z.number().positive().max(1440);
const expect = z.enum(["pass", "fail"]).default("pass");
/** A program of the pipeline's own, or one the project has already, by its name. */
const check = z
  .strictObject({
    argv: z.array(z.string().min(1).max(4096)).min(1).max(100).optional(),
    use: id.optional(),
    expect,
    minutes: minutes.optional(),
  })
  .refine(({ argv, use }) => (argv === undefined) !== (use === undefined), "needs either `argv` or `use`");

const cap = z.number().positive().optional();
const budget = z.strictObject({ usd: cap, tokens: cap, turns: cap, minutes: cap });

/** Several do it together: `src/domain/modes`. */
const mode = z.strictObject({
  mode: z.enum(Object.keys(MODES) as readonly ModeKind[]),
  seats: z
    .array(z.strictObject({ place: z.string().regex(/^[a-z][a-z0-9_]{0,19}$/), role: id.optional(), provider: id.optional() }))
    .min(2)
    .max(6),
  rounds: z.int().min(1).max(10).optional(),
  convergence: z.enum(["unanimous", "majority", "metric", "rounds"]).optional(),
  share: z.number().gt(0.5).max(1).optional(),
  step_minutes: minutes.optional(),
  tier: z.union([z.literal(1), z.literal(2), z.literal(3)]).optional(),
});
const delegation = z.union([z.enum(["solo", "human", "auto"]), mode], "is solo, human, auto or an object with a mode and its seats");

export const taskSchema = z.strictObject({
  id: id.max(32),
  title: line(100),
  role: id.optional(),
  scope: z.array(owned).max(20).default([]),
  brief: prose(24_000),
  acceptance: z.array(line(240)).min(1).max(8),
  contract: prose(2_000).optional(),
  proof: z.enum(["tests_pass", "fail_then_pass", "check_only", "review_only"]).optional(),
  risk: z.enum(["low", "normal", "high"]).default("normal"),
  checks: z.array(check).max(10).default([]),
  metric: id.optional(),
  budget: budget.optional(),
  critical: z.boolean().default(false),
  report: z.boolean().default(false),
  escalate: id.optional(),
  delegation: delegation.default("auto"),
  depends_on: z.array(id).max(8).default([]),
});

export const phaseSchema = z.strictObject({
  id,
  title: line(100),
  /** What is true when the phase is over: a condition of the plan. Its title unless given. */
  done: line(200).optional(),
  /** Phases it waits for; the one above it unless given. */
  depends_on: z.array(id).max(8).optional(),
  tasks: z.array(taskSchema).min(1).max(20),
});

const fields = {
  id,
  title: line(80),
  about: prose(600),
  team: id.optional(),
  policy: z.enum(POLICIES).default("continue_best_effort"),
  variables: z.record(z.string(), variableSchema).default({}),
  phases: z.array(phaseSchema).min(1).max(8),
};
export const pipelineSchema = z.strictObject(fields);
/** What is read before anything is filled in. */
export const headSchema = z.looseObject({ id, title: line(80), about: prose(600), variables: fields.variables });

export type PhaseDraft = z.output<typeof phaseSchema>;
export type TaskDraft = z.output<typeof taskSchema>;
export type PipelineDraft = z.output<typeof pipelineSchema>;

/** Every key that may stand anywhere, for near misses. */
export const PIPELINE_KEYS: readonly string[] = [
  ...Object.keys(fields),
  ...Object.keys(phaseSchema.shape),
  ...Object.keys(taskSchema.shape),
  ...Object.keys(variableSchema.shape),
  ...Object.keys(budget.shape),
  ...Object.keys(mode.shape),
  ...["argv", "use", "expect", "place", "provider"],
].filter((key, index, all) => all.indexOf(key) === index);
