/**
 * A project's `.gemini` folder in a worktree. Gemini CLI takes its settings and variables over the user's as soon as the folder
 * is trusted, and without trust it has no MCP servers: what would run or redirect something there is refused before the start.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { SkepError } from "../base/errors.ts";
import { isObject } from "./json-line.ts";

/** Settings that change neither what is run nor whom it speaks to. */
const HARMLESS = new Set(["$schema", "general", "ui", "output", "context", "model", "privacy"]);

/** Throws HARNESS_PROJECT when a session here would do what the project's files say, not what skep does. */
export function refuseProject(cwd: string): void {
  const found = [...settingsOf(path.join(cwd, ".gemini/settings.json")), ...(existsSync(path.join(cwd, ".gemini/.env")) ? [".env"] : [])];
  if (found.length === 0) return;
  throw new SkepError(
    "HARNESS_PROJECT",
    `the project's .gemini folder has ${found.join(", ").slice(0, 200)}, which Gemini CLI would follow in every session`,
    "take that out of .gemini in the branch the swarm starts from, or use another harness for this role",
  );
}

function settingsOf(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  try {
    const settings: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (isObject(settings))
      return Object.keys(settings)
        .filter((key) => !HARMLESS.has(key))
        .map((key) => `settings.json: ${JSON.stringify(key)}`);
  } catch {
    // With comments it is legal there, and cannot be judged here.
  }
  return ["a settings.json that is no plain JSON"];
}
