/** YAML with places: a file becomes a value checked by a schema, and whatever is wrong becomes problems with a line. */
import { isMap, isNode, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { quote } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import type { Problem, SourceFile } from "./problems.ts";

export interface Parsed<T> {
  /** null exactly when there are problems. */
  readonly value: T | null;
  readonly problems: readonly Problem[];
  /** The line of a field, for problems found later, e.g. a role that does not exist. */
  lineOf(...path: readonly (string | number)[]): number;
}

/** Larger than any honest data file; keeps a hostile one from costing time. */
const LARGEST = 64 * 1024;

/**
 * @param keys every key the schema knows anywhere, so that an unknown one can be answered with its near miss
 * @param firstLine line of the file on which `text` begins
 */
export function parseYaml<T>(file: string, text: string, schema: z.ZodType<T>, keys: readonly string[], firstLine = 1): Parsed<T> {
  const counter = new LineCounter();
  const problems: Problem[] = [];
  const add = (line: number, what: string, fix: string): void => void problems.push({ file, line, what, fix });
  if (text.length > LARGEST) {
    add(firstLine, `is ${text.length} characters long; at most ${LARGEST} are read`, "shorten it");
    return { value: null, problems, lineOf: () => firstLine };
  }
  const document = parse(text, counter);
  if (document === null) {
    add(firstLine, "is nested too deeply", "write it flat");
    return { value: null, problems, lineOf: () => firstLine };
  }
  const lineAt = (offset: number): number => counter.linePos(offset).line + firstLine - 1;
  const lineOf = (...path: readonly (string | number)[]): number => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lineAt(node.range[0]);
    }
    return firstLine;
  };
  // Later errors of a broken document are mostly echoes of the first.
  const flaw = document.errors[0] ?? document.warnings[0];
  if (flaw) add(lineAt(flaw.pos[0]), `is no valid YAML: ${quote(flaw.message, 200)}`, "mend the YAML there");
  if (problems.length > 0) return { value: null, problems, lineOf };
  const result = schema.safeParse(plain(document, problems, file, firstLine));
  if (result.success) return { value: problems.length > 0 ? null : result.data, problems, lineOf };
  // A misspelt key is why another one is missing: it is named first.
  const misspelt = (issue: z.core.$ZodIssue): number => (issue.code === "unrecognized_keys" ? 0 : 1);
  for (const issue of result.error.issues.toSorted((a, b) => misspelt(a) - misspelt(b))) {
    const path = issue.path.filter((step) => typeof step !== "symbol");
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) {
        const meant = nearest(key, keys);
        const fix = meant ? `write ${quote(meant)} instead` : `remove it; known keys are ${keys.join(", ")}`;
        add(
          keyLine(document.getIn(path, true), key, lineAt) ?? lineOf(...path),
          `has the unknown key ${quote(key)}${meant ? `, perhaps ${quote(meant)}` : ""}`,
          fix,
        );
      }
    } else {
      add(
        lineOf(...path),
        fieldProblem(path.join("."), issue),
        path.length > 0 ? `give ${quote(path.join("."))} a value that fits` : "state its fields",
      );
    }
  }
  return { value: null, problems, lineOf };
}

function fieldProblem(field: string, issue: z.core.$ZodIssue): string {
  if (field === "") return "holds no fields";
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined")) return `misses ${quote(field)}`;
  return `has a wrong ${quote(field)}: ${issue.message.replace(/^Invalid (input|option): /, "")}`;
}

/** null: thousands of open brackets exhausted the parser's stack. */
function parse(text: string, lineCounter: LineCounter): ReturnType<typeof parseDocument> | null {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: true, stringKeys: true });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Aliases are bounded by the library; one bomb more is a problem like any other. */
function plain(document: ReturnType<typeof parseDocument>, problems: Problem[], file: string, line: number): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 });
  } catch (error) {
    problems.push({
      file,
      line,
      what: `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      fix: "write it without aliases",
    });
    return null;
  }
}

function keyLine(map: unknown, key: string, lineAt: (offset: number) => number): number | null {
  // At the top, `getIn([])` answers the contents of the document.
  if (!isMap(map)) return null;
  for (const { key: node } of map.items) {
    if (isNode(node) && node.range && String(node) === key) return lineAt(node.range[0]);
  }
  return null;
}

/** Splits `---` YAML `---` from the text below it. */
export function splitFrontMatter({ path, text }: SourceFile): { yaml: string; body: string; bodyLine: number } | Problem {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  if (lines[0]?.trimEnd() !== "---") {
    return {
      file: path,
      line: 1,
      what: "has no front matter",
      fix: "begin it with a line of three hyphens, its fields, and three hyphens again",
    };
  }
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === "---");
  if (end < 0) return { file: path, line: 1, what: "has front matter without an end", fix: "close it with a line of three hyphens" };
  return { yaml: lines.slice(1, end).join("\n"), body: lines.slice(end + 1).join("\n"), bodyLine: end + 2 };
}
