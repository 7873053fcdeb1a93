/**
 * A rule: what a person who knows the language, the project or the trade insists on. One Markdown file, `rules/<id>.md`: fields
 * on top, below them a list of single instructions that models read. What a program can decide stands in `check` or `patterns`.
 */
import { z } from "zod";
import { quote } from "../base/errors.ts";
import { matcher } from "../base/glob.ts";
import { nearest } from "../base/nearest.ts";
import { id, inside } from "./fields.ts";
import { parseYaml, splitFrontMatter } from "./front-matter.ts";
import { PATTERN_KEYS, type ProvenPattern, patternSchema } from "./patterns.ts";
import type { Problem, SourceFile } from "./problems.ts";
import { badName, idOfPath, type KnownNames } from "./roles.ts";

export type Tier = "universal" | "framework" | "project";

export interface Rule {
  readonly id: string;
  readonly title: string;
  /** Raised with every change of the text. */
  readonly version: number;
  readonly tier: Tier;
  /** `harness`: how an agent behaves, with a mechanical counterpart; `coding`: what its work is like. */
  readonly kind: "coding" | "harness";
  /** Globs of the files it is about; null: all of them. */
  readonly paths: readonly string[] | null;
  /** Names and globs of which one must be in the base commit for the rule to hold; null: it always holds. */
  readonly detect: readonly string[] | null;
  /** Higher comes first among rules of a tier. */
  readonly priority: number;
  readonly patterns: readonly ProvenPattern[];
  /** The check that decides what the text asks for. */
  readonly check: string | null;
  /** A path the globs name, and one they do not. */
  readonly example: string | null;
  readonly counter: string | null;
  /** One instruction each. */
  readonly bullets: readonly string[];
  readonly file: string;
}

export const MAX_BULLET_BYTES = 200;
const MAX_BULLETS = 20;

const globs = z.array(inside).min(1).max(100);
const fields = {
  id,
  title: z.string().min(1).max(80),
  version: z.number().int().min(1),
  tier: z.enum(["universal", "framework", "project"]),
  kind: z.enum(["coding", "harness"]).default("coding"),
  paths: globs.optional(),
  detect: globs.optional(),
  priority: z.number().int().min(-1000).max(1000).default(0),
  patterns: z.array(patternSchema).max(50).default([]),
  check: id.optional(),
  example: inside.optional(),
  counter: inside.optional(),
};
const schema = z.strictObject(fields);
const KEYS = [...new Set([...Object.keys(fields), ...PATTERN_KEYS])];

export function parseRule(source: SourceFile, known: KnownNames = {}): { rule: Rule | null; problems: readonly Problem[] } {
  const file = source.path;
  const named = idOfPath(file, ".md");
  if (named === null) return { rule: null, problems: [badName(file)] };
  const parts = splitFrontMatter(source);
  if ("what" in parts) return { rule: null, problems: [parts] };
  const { value, problems: flaws, lineOf } = parseYaml(file, parts.yaml, schema, KEYS, 2);
  if (value === null) return { rule: null, problems: flaws };
  const { paths = null, detect = null, check = null, example = null, counter = null, ...same } = value;
  const { bullets, problems } = bulletsOf(parts, file);
  const add = (line: number, what: string, fix: string): void => void problems.push({ file, line, what, fix });
  if (value.id !== named) add(lineOf("id"), `says it is ${quote(value.id)}`, `make the id ${quote(named)} or rename the file`);
  if (paths !== null && (example === null || counter === null))
    add(lineOf("paths"), "has paths without an `example` or a `counter`", "name a path they cover and one they do not");
  if (paths === null && (example !== null || counter !== null))
    add(lineOf(example === null ? "counter" : "example"), "shows a path and has no `paths`", "add `paths`, or remove example and counter");
  if (check !== null && known.checks && !known.checks.includes(check)) {
    const meant = nearest(check, known.checks);
    add(lineOf("check"), `names the unknown check ${quote(check)}`, meant ? `write ${meant}` : `choose from ${known.checks.join(", ")}`);
  }
  if (value.kind === "harness" && check === null && value.patterns.length === 0)
    add(lineOf("kind"), "is a harness rule that nothing decides", "name its `check`, or give it `patterns`");
  if (problems.length > 0) return { rule: null, problems };
  return { rule: { ...same, paths, detect, check, example, counter, bullets, file }, problems: [] };
}

/** `- ` begins an instruction, an indented line continues it; anything else would be left out in silence. */
function bulletsOf({ body, bodyLine }: { body: string; bodyLine: number }, file: string): { bullets: string[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const found: { text: string; line: number }[] = [];
  for (const [index, raw] of body.split("\n").entries()) {
    const text = raw.trim();
    const last = found.at(-1);
    if (text === "") continue;
    if (/^[-*] \S/.test(raw)) found.push({ text: text.slice(2).trim(), line: bodyLine + index });
    else if (/^\s/.test(raw) && last && !/^[-*] /.test(text)) last.text += ` ${text}`;
    else
      problems.push({ file, line: bodyLine + index, what: "has a line that is no instruction", fix: "begin it with `- `, at the margin" });
  }
  if (found.length === 0 && problems.length === 0)
    problems.push({ file, line: bodyLine, what: "has no instructions", fix: "list what to do, one `- ` line each" });
  if (found.length > MAX_BULLETS)
    problems.push({
      file,
      line: bodyLine,
      what: `has ${found.length} instructions; at most ${MAX_BULLETS} are read`,
      fix: "keep those that matter",
    });
  for (const { text, line } of found) {
    const bytes = Buffer.byteLength(text);
    if (bytes <= MAX_BULLET_BYTES) continue;
    problems.push({
      file,
      line,
      what: `has an instruction of ${bytes} bytes; at most ${MAX_BULLET_BYTES} are allowed`,
      fix: "shorten it, or make it two",
    });
  }
  return { bullets: found.map(({ text }) => text), problems };
}

/** The rules that hold in a repository with these files, and were not switched off. */
export function activeRules(rules: Iterable<Rule>, files: readonly string[], off: readonly string[] = []): readonly Rule[] {
  return [...rules].filter(({ id: name, detect }) => !off.includes(name) && (detect === null || files.some(matcher(detect))));
}
