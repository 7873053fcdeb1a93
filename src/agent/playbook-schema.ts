/**
 * The playbook: what scripted agents do, as data. One file describes a whole swarm; an agent finds its part by its job.
 *
 *   queen:        a script
 *   plan_review:  by revision   {1: script, default: script}, or one script for all
 *   tasks:        by task id, then by attempt; the id `default` stands for every other task. A pipeline's task is known by
 *                 its id there, too: `fix` for `r4k2fm9-fix`
 *   reviews:      by task id, then by round; the same fallbacks
 *   risk:         likewise, for reviews of what could go wrong
 *   verify:       by task id, then by finding (f1, c2); the same fallbacks
 *   together:     by task id, then by place, or place and step (worker, "worker 3"), for what several do together
 *
 * A script is a list of steps. `wait: turn` ends the turn; the next message goes on behind it. A list inside the list is a
 * turn of its own, and `{when: {...}, steps: [...]}` is a turn that waits until the facts of `whoami` match.
 */
import { z } from "zod";
import { SkepError } from "../base/errors.ts";

export const PLAYBOOK_CODE = "PLAYBOOK_INVALID";
const path = z.string().min(1).max(400);
const text = z.string().max(200_000);

const call = z.strictObject({
  call: z.string().regex(/^[a-z][a-z_]*$/, "the name of a tool, without a client's prefix"),
  with: z.record(z.string(), z.unknown()).default({}),
  /** name → path in the structured result, or /regexp/ whose first group is taken from the text. */
  capture: z.record(z.string(), z.string()).default({}),
  /** ok, any, or the code of the refusal that must come. */
  expect: z.string().default("ok"),
});
const outcome = z.enum(["ok", "fail", "any"]).default("ok");
const edit = z
  .strictObject({
    edit: path,
    expect: outcome,
    content: text.optional(),
    append: text.optional(),
    replace: z.strictObject({ find: text.min(1), with: text }).optional(),
  })
  .refine((step) => [step.content, step.append, step.replace].filter((way) => way !== undefined).length === 1, {
    message: "edit takes exactly one of content, append, replace",
  });
const remove = z.strictObject({ remove: path });
const run = z.strictObject({ run: z.array(z.string()).min(1), expect: outcome });
const say = z.strictObject({ say: text });
const crash = z.strictObject({ crash: z.literal(true) });
const wait = z.strictObject({ wait: z.literal("turn") });
const sleepMs = z.strictObject({ sleepMs: z.number().int().min(0).max(60_000) });

const STEPS = { call, edit, remove, run, say, crash, wait, sleepMs };
type Verb = keyof typeof STEPS;
const VERBS = Object.keys(STEPS) as readonly Verb[];
export type Step = { [V in Verb]: z.output<(typeof STEPS)[V]> }[Exclude<Verb, "wait">];
type AnyStep = Step | z.output<typeof wait>;

export interface Turn {
  /** Facts that must hold: dotted path in `whoami`, or `message` for a regexp over the message. */
  readonly when: Readonly<Record<string, string | number | boolean | null>> | null;
  readonly steps: readonly Step[];
}
export type Script = readonly Turn[];
/** By revision, attempt, round or finding as a string, with `default`. */
export type Numbered = Readonly<Record<string, Script>>;
export interface Playbook {
  readonly queen: Script | null;
  readonly planReview: Numbered;
  readonly tasks: Readonly<Record<string, Numbered>>;
  readonly reviews: Readonly<Record<string, Numbered>>;
  readonly risk: Readonly<Record<string, Numbered>>;
  readonly verify: Readonly<Record<string, Numbered>>;
  readonly together: Readonly<Record<string, Numbered>>;
}

/** One verb per step decides which fields may stand beside it, so that an error names the field and not all forms. */
const step = z.unknown().transform((value, context): AnyStep => {
  const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
  const verb = VERBS.find((name) => keys.includes(name));
  if (!verb) {
    context.addIssue({ code: "custom", message: `a step has one of ${VERBS.join(", ")}` });
    return z.NEVER;
  }
  const read = STEPS[verb].safeParse(value);
  if (read.success) return read.data;
  for (const issue of read.error.issues) context.addIssue({ code: "custom", message: issue.message, path: issue.path });
  return z.NEVER;
});
const condition = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const turn = z.strictObject({ when: condition.optional(), steps: z.array(step) });

type Item = { readonly step: AnyStep } | { readonly turn: { when: Turn["when"]; steps: readonly AnyStep[] } };
const item = z.unknown().transform((value, context): Item => {
  const isTurn = typeof value === "object" && value !== null && "steps" in value;
  const read = Array.isArray(value) ? z.array(step).safeParse(value) : isTurn ? turn.safeParse(value) : step.safeParse(value);
  if (!read.success) {
    for (const issue of read.error.issues) context.addIssue({ code: "custom", message: issue.message, path: issue.path });
    return z.NEVER;
  }
  if (Array.isArray(read.data)) return { turn: { when: null, steps: read.data } };
  return "steps" in read.data ? { turn: { when: read.data.when ?? null, steps: read.data.steps } } : { step: read.data };
});
const script = z.array(item).transform(turnsOf);

/** A bare script under a number map stands for `default`. */
const numbered = z.preprocess(
  (value) => (Array.isArray(value) ? { default: value } : value),
  z.record(z.string().regex(/^(default|[cf]?[1-9]\d*)$/, "a number or default"), script),
);
const byPlace = z.preprocess(
  (value) => (Array.isArray(value) ? { default: value } : value),
  z.record(z.string().regex(/^[a-z][a-z0-9_]{0,19}( [1-9]\d*)?$/, "a place, or a place and its step"), script),
);
const byTask = z.record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "a task id or default"), numbered);

const playbook = z.strictObject({
  /** Free text for readers. */
  about: z.string().optional(),
  queen: script.optional(),
  plan_review: numbered.default({}),
  tasks: byTask.default({}),
  reviews: byTask.default({}),
  risk: byTask.default({}),
  verify: byTask.default({}),
  together: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "a task id or default"), byPlace).default({}),
});

function turnsOf(items: readonly Item[]): Script {
  const turns: { when: Turn["when"]; steps: Step[] }[] = [];
  let open: { when: Turn["when"]; steps: Step[] } | null = null;
  const add = (next: AnyStep, when: Turn["when"]): void => {
    if ("wait" in next) {
      open = null;
      return;
    }
    if (!open) {
      open = { when, steps: [] };
      turns.push(open);
    }
    open.steps.push(next);
  };
  for (const entry of items) {
    if ("step" in entry) {
      add(entry.step, null);
      continue;
    }
    open = null;
    for (const inner of entry.turn.steps) add(inner, entry.turn.when);
    open = null;
  }
  return turns;
}

/** Where a value stands, as an error names it. */
export type PlaceOf = (path: readonly PropertyKey[]) => string;

/** @param file how errors name it. Throws PLAYBOOK_INVALID with the place and what is wrong there. */
export function toPlaybook(value: unknown, file: string, place: PlaceOf = () => file): Playbook {
  const read = playbook.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    const at = pathInFile(value, issue?.path ?? []);
    const where = at.length > 0 ? ` (${at.join(".")})` : "";
    const inner = issue?.code === "invalid_key" ? issue.issues[0] : undefined;
    const what = inner?.message ?? issue?.message ?? "not a playbook";
    throw new SkepError(PLAYBOOK_CODE, `${place(at)}: ${what}${where}`, `correct ${file} there`);
  }
  const { queen, plan_review: planReview, tasks, reviews, risk, verify, together } = read.data;
  return { queen: queen ?? null, planReview, tasks, reviews, risk, verify, together };
}

/** A bare script was read as its `default`: that step of the path is not in the file. */
function pathInFile(value: unknown, path: readonly PropertyKey[]): readonly PropertyKey[] {
  const [first, ...rest] = path;
  if (first === undefined) return [];
  if (first === "default" && Array.isArray(value)) return pathInFile(value, rest);
  const inner = typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[first] : undefined;
  return [first, ...pathInFile(inner, rest)];
}
