/**
 * `npm run check`: every rule a machine can hold, at the same time, one line each with its time; what failed is printed
 * below. `npm run check -- types lint` runs only those parts.
 */
import { execFile } from "node:child_process";
import path from "node:path";
import { systemClock } from "../src/base/clock.ts";
import { PARTS } from "../test/requirements.ts";
import { readTree, violations } from "./architecture.ts";
import { citations, promiseProblems } from "./promises.ts";
import { promptFlaws } from "./prompts.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

/** Resolves to what is wrong, "" when nothing is. */
type Part = () => Promise<string> | string;

const CHECKS: Readonly<Record<string, Part>> = {
  types: tool("tsc", "-p", "."),
  lint: tool("biome", "ci", "--colors=off", "--error-on-warnings"),
  architecture: () => violations(readTree(ROOT)).join("\n"),
  generated: tool("tsx", "scripts/generate.ts", "--check"),
  "docs site": tool("vitepress", "build", "site", "--logLevel", "error"),
  "dead code": tool("knip", "--no-progress"),
  promises: () => promiseProblems(PARTS, citations(readTree(ROOT, ["test"]))).join("\n"),
  prompts: () => promptFlaws(readTree(ROOT, ["src"])).join("\n"),
};

/** A program of node_modules/.bin with an argument list; its output when it ends with anything but 0. */
function tool(name: string, ...args: readonly string[]): Part {
  const program = path.join(ROOT, "node_modules/.bin", name);
  const options = { cwd: ROOT, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" } };
  return () =>
    new Promise((resolve) => {
      execFile(program, args, options, (error, stdout, stderr) => {
        const output = `${stdout}${stderr}`.trim();
        resolve(error ? output || error.message : "");
      });
    });
}

async function run(name: string, part: Part): Promise<{ name: string; problem: string }> {
  const start = systemClock.monotonic();
  const problem = await (async () => part())().catch((error: unknown) =>
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  );
  const seconds = ((systemClock.monotonic() - start) / 1000).toFixed(1);
  process.stdout.write(`${problem ? "FAIL" : "ok  "}  ${name.padEnd(14)} ${seconds.padStart(5)} s\n`);
  return { name, problem };
}

async function main(wanted: readonly string[]): Promise<number> {
  const unknown = wanted.filter((name) => !Object.hasOwn(CHECKS, name));
  if (unknown.length > 0) {
    process.stderr.write(`no such part: ${unknown.join(", ")}; there are: ${Object.keys(CHECKS).join(", ")}\n`);
    return 2;
  }
  const chosen = Object.entries(CHECKS).filter(([name]) => wanted.length === 0 || wanted.includes(name));
  const results = await Promise.all(chosen.map(([name, part]) => run(name, part)));
  const failed = results.filter((result) => result.problem);
  for (const { name, problem } of failed) process.stdout.write(`\n── ${name} ${"─".repeat(60)}\n${problem}\n`);
  return failed.length > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
