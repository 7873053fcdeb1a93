/** A pipeline's file with its variables filled in, as plain data that still knows where each value came from. */
import { quote } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import type { YamlSource } from "../base/yaml-source.ts";
import { type Flaw, perhaps } from "./pipeline-flaws.ts";
import { hasTemplate, readText, type TextTemplate, type Values } from "./pipeline-text.ts";

type Path = readonly PropertyKey[];
export const pathKey = (path: Path): string => path.map(String).join("\0");

/** The texts of a file that have variables, by path. */
export type Templates = ReadonlyMap<string, TextTemplate>;

/** Names others refer to: a filled one could be any. */
const FIXED = new Set(["id", "depends_on"]);

/** Compiles every text of the file once; variables nobody declared and broken texts are flaws with line and column. */
export function readTemplates(
  source: YamlSource,
  variables: readonly string[],
): { readonly templates: Templates; readonly flaws: readonly Flaw[] } {
  const templates = new Map<string, TextTemplate>();
  const flaws: Flaw[] = [];
  for (const { path, text } of texts(source.value, [])) {
    if (path[0] === "variables" || !hasTemplate(text)) continue;
    const placeOf = (offset: number): string => templatePlace(source, path, text, offset);
    if (path[0] !== "phases" || path.some((step) => FIXED.has(String(step)))) {
      flaws.push({ place: placeOf(0), what: "has a variable where none is filled in", fix: "write it out" });
      continue;
    }
    const read = readText(text);
    if ("why" in read) {
      flaws.push({ place: placeOf(read.offset), what: `cannot be read: ${quote(read.why, 160)}`, fix: "write a variable as {{name}}" });
      continue;
    }
    templates.set(pathKey(path), read);
    for (const { name, offset } of read.names) {
      if (variables.includes(name)) continue;
      const meant = nearest(name, variables);
      const fix = meant ? `write {{${meant}}}` : `declare ${quote(name)} under variables; there are ${variables.join(", ")}`;
      flaws.push({ place: placeOf(offset), what: `names the unknown variable ${quote(name)}${perhaps(meant)}`, fix });
    }
  }
  return { templates, flaws };
}

/** Braces are written in a YAML text as they are; what stands between them is on one line. */
function templatePlace(source: YamlSource, path: Path, text: string, offset: number): string {
  const opens = [...text.matchAll(/\{[{%]/g)].filter(({ index }) => index <= offset);
  const last = opens.at(-1) ?? /\{[{%]/.exec(text);
  if (!last) return source.place(path);
  const same = opens.filter(([braces]) => braces === last[0]).length - 1;
  return source.textPlace(path, last[0], Math.max(0, same), Math.max(0, offset - last.index));
}

function* texts(value: unknown, path: Path): Iterable<{ path: Path; text: string }> {
  if (typeof value === "string") yield { path, text: value };
  else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) yield* texts(inner, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

export interface Filled {
  readonly value: unknown;
  readonly flaws: readonly Flaw[];
  /** The path in the file of a value whose list grew or shrank while it was filled. */
  readonly from: (path: Path) => Path;
}

/** A list inside a list takes its place: `[src/, "{{extra}}"]`. */
export function fillTree(source: YamlSource, templates: Templates, values: Values): Filled {
  const origins = new Map<string, Path>();
  const flaws: Flaw[] = [];
  const fillText = (text: string, path: Path): unknown => {
    try {
      return templates.get(pathKey(path))?.fill(values) ?? text;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      flaws.push({ place: templatePlace(source, path, text, 0), what: `cannot be filled in: ${quote(why, 160)}`, fix: "mend it there" });
      return text;
    }
  };
  const fill = (value: unknown, from: Path, to: Path): unknown => {
    if (typeof value === "string") return fillText(value, from);
    if (Array.isArray(value)) {
      const list: unknown[] = [];
      for (const [index, item] of value.entries()) {
        const filled = fill(item, [...from, index], [...to, list.length]);
        for (const one of typeof item === "string" && Array.isArray(filled) ? filled : [filled]) {
          origins.set(pathKey([...to, list.length]), [...from, index]);
          list.push(one);
        }
      }
      return list;
    }
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, [...from, key], [...to, key])]));
  };
  const value = fill(source.value, [], []);
  const from = (path: Path): Path => {
    for (let length = path.length; length > 0; length--) {
      const known = origins.get(pathKey(path.slice(0, length)));
      if (known) return [...known, ...path.slice(length)];
    }
    return path;
  };
  return { value, flaws, from };
}
