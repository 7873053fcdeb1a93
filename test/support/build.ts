/**
 * Whether `dist/` is the build of the sources, looked at once per run. In CI a stale build ends the run; elsewhere only
 * the tests that start the built program fail, so that one folder's unit tests run without a build.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { inject } from "vitest";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Why `dist/main.mjs` cannot be tested, or "". */
    buildProblem: string;
    /** Where `bundled` keeps what it made; gone when the run ends. */
    bundles: string;
  }
}

const ROOT = path.resolve(import.meta.dirname, "../..");
const MAIN = path.join(ROOT, "dist/main.mjs");

export default function globalSetup(project: TestProject): () => void {
  const problem = buildProblem();
  if (problem && process.env.CI) throw new Error(problem);
  project.provide("buildProblem", problem);
  const bundles = mkdtempSync(path.join(tmpdir(), "skep-bundles-"));
  project.provide("bundles", bundles);
  project.onTestsRerun(() => {
    for (const name of readdirSync(bundles)) rmSync(path.join(bundles, name), { recursive: true });
  });
  return () => rmSync(bundles, { recursive: true, force: true });
}

/** Absolute path of the built program; throws when it is missing or older than the sources were at the start. */
export function builtMain(): string {
  const problem = inject("buildProblem");
  if (problem) throw new Error(problem);
  return MAIN;
}

function buildProblem(): string {
  const built = mtime(MAIN);
  if (built === null) return "dist/main.mjs is missing; run: npm run build";
  const newer = readdirSync(path.join(ROOT, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file))
    .find((file) => (mtime(path.join(ROOT, "src", file)) ?? 0) > built);
  return newer === undefined ? "" : `dist/main.mjs is older than src/${newer}; run: npm run build`;
}

function mtime(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
