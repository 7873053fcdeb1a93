/** Bundles of the tests' main files: made by the first test file of a run that starts one, and there for all others. */
import { existsSync, mkdtempSync, renameSync } from "node:fs";
import path from "node:path";
import { inject } from "vitest";
import { bundle } from "./bundle.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const making = new Map<string, Promise<string>>();

/** @param main a main file of tests. Answers the path of the bundle. */
export function bundled(main: string): Promise<string> {
  const known = making.get(main) ?? make(main);
  making.set(main, known);
  return known;
}

async function make(main: string): Promise<string> {
  const place = path.join(inject("bundles"), path.relative(ROOT, main).replaceAll(path.sep, "-"));
  const made = path.join(place, "main.mjs");
  if (existsSync(made)) return made;
  const own = mkdtempSync(`${place}-`);
  await bundle(main, own);
  try {
    renameSync(own, place);
  } catch (error) {
    if (!existsSync(made)) throw error; // else the other worker made the same
  }
  return made;
}
