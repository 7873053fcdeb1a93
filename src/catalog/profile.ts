/**
 * The profile of a role: what it answers for, what it leaves alone, where it works, what its submissions must hold, how it
 * thinks and where it turns. Part becomes words of its prompt, part becomes checks, part decides which tasks suit it.
 */
import { z } from "zod";
import { isRegExp } from "../base/bounded-search.ts";
import { id, inside } from "./fields.ts";
import { PATTERN_KEYS, type ProvenPattern, patternSchema } from "./patterns.ts";

const line = z
  .string()
  .trim()
  .min(1)
  .max(160)
  .refine((text) => !/[\n\r]/.test(text), "must be one line");
const lines = z.array(line).max(8).default([]);

const output = z.strictObject({
  path: inside,
  content: z
    .string()
    .min(1)
    .max(1000)
    .refine((text) => isRegExp(text), "is no regular expression")
    .optional(),
  description: line,
  example: line,
  counter: line,
});

/** A file a submission of the role must hold. Example and counter are a line of it when `content` is given, else a path. */
export interface RequiredOutput {
  /** Glob. */
  readonly path: string;
  /** Regular expression that one of those files must match; null: it is enough that there is one. */
  readonly content: string | null;
  readonly description: string;
  readonly example: string;
  readonly counter: string;
}

/** Keys of the front matter. */
export const profileFields = {
  responsibilities: lines,
  must_not: lines,
  scope_paths: z.array(inside).max(60).default([]),
  required_outputs: z.array(output).max(20).default([]),
  forbidden_patterns: z.array(patternSchema).max(50).default([]),
  escalation: id.optional(),
  framework: z.strictObject({ name: line, steps: z.array(line).min(3).max(6) }).optional(),
};

/** Every key that may stand somewhere inside these fields. */
export const PROFILE_KEYS: readonly string[] = [...Object.keys(profileFields), ...Object.keys(output.shape), ...PATTERN_KEYS, ...["steps"]];

export interface Profile {
  readonly responsibilities: readonly string[];
  readonly mustNot: readonly string[];
  /** Globs of files that are this role's business; a task without a role goes where most of its files are. */
  readonly scopePaths: readonly string[];
  readonly requiredOutputs: readonly RequiredOutput[];
  readonly forbiddenPatterns: readonly ProvenPattern[];
  /** A role of the team, or `human`. */
  readonly escalation: string | null;
  readonly framework: { readonly name: string; readonly steps: readonly string[] } | null;
}

/** Of a role whose file says nothing of all this, e.g. one pinned by an older skep. */
export const NO_PROFILE: Profile = {
  ...{ responsibilities: [], mustNot: [], scopePaths: [], requiredOutputs: [], forbiddenPatterns: [] },
  ...{ escalation: null, framework: null },
};

export const HUMAN = "human";

export function profileOf(value: z.output<z.ZodObject<typeof profileFields>>): Profile {
  return {
    responsibilities: value.responsibilities,
    mustNot: value.must_not,
    scopePaths: value.scope_paths,
    requiredOutputs: value.required_outputs.map(({ content = null, ...same }) => ({ ...same, content })),
    forbiddenPatterns: value.forbidden_patterns,
    escalation: value.escalation ?? null,
    framework: value.framework ?? null,
  };
}

/** The part of the prompt that the profile is; its order is fixed and nothing in it changes from session to session. */
export function renderProfile({ responsibilities, mustNot, framework, escalation }: Profile): string {
  const parts: string[] = [];
  if (responsibilities.length > 0) parts.push(`## You answer for\n${bullets(responsibilities)}`);
  if (mustNot.length > 0) parts.push(`## What you must not do\n${bullets(mustNot)}`);
  if (framework) parts.push(`## How to think: ${framework.name}\n${framework.steps.map((step, n) => `${n + 1}. ${step}`).join("\n")}`);
  if (escalation !== null) parts.push(`## Where to turn\n${turnTo(escalation)}`);
  return parts.join("\n\n");
}

const bullets = (items: readonly string[]): string => items.map((item) => `- ${item}`).join("\n");

const turnTo = (who: string): string =>
  who === HUMAN
    ? "What is beyond you goes to the person behind this swarm: human_ask, with a fallback."
    : `What is beyond you goes to ${who}, by message_send with what you looked at.`;
