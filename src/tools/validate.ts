/** Arguments against a tool's schema: every problem of one call at once, in words a model can act on. */
import type { z } from "zod";
import { quote, SkepError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import type { ToolSpec } from "./define-tool.ts";

type Issue = z.core.$ZodIssue;
const SHOWN = 8;

/** Throws BAD_INPUT. */
export function validInput(tool: ToolSpec, args: unknown): Record<string, unknown> {
  const parsed = tool.input.safeParse(args ?? {});
  if (parsed.success) return parsed.data;
  const known = Object.keys(tool.input.shape);
  const problems = parsed.error.issues.flatMap((issue) => describe(issue, args, known));
  const shown = problems.length > SHOWN ? [...problems.slice(0, SHOWN - 1), `and ${problems.length - SHOWN + 1} more`] : problems;
  throw new SkepError(
    "BAD_INPUT",
    `${problems.length > 1 ? `(${problems.length}) ` : ""}${shown.join("; ")}`,
    `${tool.name} with this mended`,
  );
}

function describe(issue: Issue, args: unknown, known: readonly string[]): readonly string[] {
  const at = place(issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownField(at, key, issue.path.length === 0 ? known : []));
    case "invalid_type":
      return [valueAt(args, issue.path) === undefined ? `${at} is missing` : `${at} must be ${article(issue.expected)}`];
    case "invalid_value":
      return [`${at} must be one of ${issue.values.map(String).join(", ")}`];
    case "too_big":
      return [`${at} ${size(issue.origin, valueAt(args, issue.path))}; at most ${issue.maximum}`];
    case "too_small":
      return [`${at} ${size(issue.origin, valueAt(args, issue.path))}; at least ${issue.minimum}`];
    default:
      return [`${at} ${issue.message}`];
  }
}

function unknownField(at: string, key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  const where = at === "the input" ? "" : ` in ${at}`;
  return `unknown field ${quote(key, 40)}${where}${meant ? `, perhaps ${meant}` : ""}`;
}

function size(origin: string, value: unknown): string {
  if (origin === "string") return `has ${String(value).length} characters`;
  if (origin === "array") return `has ${Array.isArray(value) ? value.length : "another number of"} entries`;
  return `is ${String(value).slice(0, 20)}`;
}

const article = (type: string): string =>
  (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`).replace("a int", "a whole number").replace("an int", "a whole number");

/** `tasks[2].files[0]`, counted from 1 as a reader counts. */
function place(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "the input";
  return path.reduce<string>(
    (text, step) => (typeof step === "number" ? `${text}[${step + 1}]` : text ? `${text}.${quoteKey(step)}` : quoteKey(step)),
    "",
  );
}

const quoteKey = (step: PropertyKey): string => (/^[a-z_]{1,40}$/i.test(String(step)) ? String(step) : quote(String(step), 40));

function valueAt(args: unknown, path: readonly PropertyKey[]): unknown {
  let value = args;
  for (const step of path) value = value !== null && typeof value === "object" ? (value as Record<PropertyKey, unknown>)[step] : undefined;
  return value;
}
