/**
 * Edits and programs of a scripted agent, in its worktree and nowhere else. Each is safe to do twice: after a SIGKILL the
 * step that was not recorded is done again.
 */
import { mkdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { describeError } from "../base/errors.ts";
import type { Action, Change } from "./interpreter.ts";

type Work = Extract<Action, { do: "edit" | "remove" | "run" }>;
export interface WorkResult {
  readonly ok: boolean;
  readonly detail: string;
}

const RUN_MS = 120_000;

export async function doWork(action: Work, cwd: string, signal: AbortSignal): Promise<WorkResult> {
  try {
    if (action.do === "run") return await runProgram(action.argv, cwd, signal);
    const file = await inside(cwd, action.path);
    if (action.do === "remove") await rm(file, { force: true, recursive: true });
    else await writeFile(file, changed(await readOrNull(file), action.change));
    return { ok: true, detail: action.path };
  } catch (error) {
    return { ok: false, detail: describeError(error) };
  }
}

/** The text after the change; the same text again when the change is already there. */
export function changed(before: string | null, change: Change): string {
  if ("content" in change) return change.content;
  const text = before ?? "";
  if ("append" in change) return text.endsWith(change.append) ? text : text + change.append;
  if (text.includes(change.find)) return text.replace(change.find, () => change.with);
  if (text.includes(change.with)) return text;
  throw new Error("the text to replace is not in the file");
}

async function readOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Links on the way are followed before the place is judged. */
async function inside(cwd: string, relative: string): Promise<string> {
  const root = await realpath(cwd);
  const file = path.resolve(root, relative);
  if (!file.startsWith(root + path.sep)) throw new Error("the path leads out of the worktree");
  await mkdir(path.dirname(file), { recursive: true });
  const folder = await realpath(path.dirname(file));
  if (folder !== root && !folder.startsWith(root + path.sep)) throw new Error("the path leads out of the worktree");
  return path.join(folder, path.basename(file));
}

async function runProgram(argv: readonly string[], cwd: string, signal: AbortSignal): Promise<WorkResult> {
  const env = Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  // Most agents never start a program.
  const { run } = await import("../proc/run.ts");
  const result = await run(argv, { cwd, env, timeoutMs: RUN_MS, signal });
  return { ok: result.outcome === "exited" && result.code === 0, detail: result.problem || result.output || `exit ${result.code}` };
}
