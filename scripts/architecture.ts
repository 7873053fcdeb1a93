/**
 * The rules of the tree that a compiler does not know: imports one way, one owner per package, small files, time and
 * randomness in one place, no shell. `violations` is pure; test/architecture.test.ts tries each rule on bad input.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { sourceViolations } from "./architecture-source.ts";
import { DOMAIN_PACKAGES, MAX_LINES, MAY_IMPORT, OWNERS } from "./architecture-table.ts";

const TABLE = "scripts/architecture-table.ts";

/** Every rule broken by these files, one line each. Keys are paths from the repository's root with forward slashes. */
export function violations(files: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(files).flatMap(([file, text]) => [
    ...sizeViolations(file, text),
    ...(file.startsWith("src/") ? importViolations(file, text) : []),
    ...sourceViolations(file, text),
  ]);
}

function sizeViolations(file: string, text: string): string[] {
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return lines > MAX_LINES
    ? [`${file}: ${lines} lines, at most ${MAX_LINES}: give the second job a file of its own (${TABLE}, MAX_LINES)`]
    : [];
}

/** `src/git/merge.ts` → git; `src/main.ts` → main. */
function folderOf(file: string): string {
  const [, first = "", ...rest] = file.split("/");
  return rest.length > 0 ? first : first.replace(/\.ts$/, "");
}

function importViolations(file: string, text: string): string[] {
  const from = folderOf(file);
  const allowed = MAY_IMPORT[from];
  if (!allowed) return [`${file}: folder ${from} is in no layer: add it to MAY_IMPORT in ${TABLE}`];
  return ts.preProcessFile(text, true, true).importedFiles.flatMap(({ fileName }) => {
    if (fileName.startsWith(".")) return relativeViolation(file, from, allowed, fileName);
    return packageViolation(file, from, fileName);
  });
}

function relativeViolation(file: string, from: string, allowed: readonly string[], specifier: string): string[] {
  const target = path.posix.join(path.posix.dirname(file), specifier);
  if (!target.startsWith("src/")) {
    const data = target === "package.json" || target.endsWith(".json");
    return data ? [] : [`${file}: src imports nothing outside src (${specifier})`];
  }
  const to = folderOf(target);
  if (to === from || allowed.includes(to)) return [];
  return [`${file}: ${from} may not import ${to} (${specifier}); imports point one way, see MAY_IMPORT in ${TABLE}`];
}

function packageViolation(file: string, from: string, specifier: string): string[] {
  if (from === "domain" && !DOMAIN_PACKAGES.some((name) => isOf(name, specifier)))
    return [`${file}: domain is pure and may not import ${specifier} (DOMAIN_PACKAGES in ${TABLE})`];
  const owned = Object.keys(OWNERS).find((name) => isOf(name, specifier));
  if (!owned || OWNERS[owned]?.includes(from)) return [];
  return [`${file}: only ${OWNERS[owned]?.join(" and ")} may import ${owned} (OWNERS in ${TABLE})`];
}

const isOf = (name: string, specifier: string): boolean => specifier === name || specifier.startsWith(`${name}/`);

/** The TypeScript files the rules are about, read from a checkout. */
export function readTree(root: string, folders: readonly string[] = ["src", "test", "scripts", "bench"]): Record<string, string> {
  const files: Record<string, string> = {};
  for (const folder of folders) {
    for (const name of readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })) {
      const file = path.posix.join(folder, name.split(path.sep).join("/"));
      if (/\.(tsx?|mjs)$/.test(file)) files[file] = readFileSync(path.join(root, file), "utf8");
    }
  }
  return files;
}
