/** test/requirements.ts: an import and a row for every file of promises, so that adding one is adding a file. */
import { readdirSync } from "node:fs";
import path from "node:path";

export function requirementsIndex(root: string): string {
  const names = readdirSync(path.join(root, "test/requirements"))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.replace(/\.ts$/, ""))
    .sort();
  const variable = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return [
    "/** Every promise of the product, one file per part. Written by `npm run generate` from the folder beside it. */",
    'import type { PromisePart } from "../scripts/promises.ts";',
    ...names.map((name) => `import ${variable(name)} from "./requirements/${name}.ts";`),
    "",
    "export const PARTS: readonly PromisePart[] = [",
    ...names.map((name) => `  { name: "${name}", promises: ${variable(name)} },`),
    "];",
    "",
  ].join("\n");
}
