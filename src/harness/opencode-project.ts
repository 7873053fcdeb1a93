/**
 * OpenCode 1.18 runs the plugins of a project's `.opencode` whatever it is told: in its own process, beside every permission.
 * So a worktree that has some gets no session unless the user says they may run.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** The file in `tree` that would be run, or that names what is; null when there is none. */
export function projectPlugin(tree: string): string | null {
  for (const folder of [".opencode/plugin", ".opencode/plugins"]) {
    const found = names(path.join(tree, folder)).find((name) => /\.[jt]s$/.test(name));
    if (found !== undefined) return path.join(folder, found);
  }
  const lists = ["opencode.json", "opencode.jsonc", ".opencode/opencode.json", ".opencode/opencode.jsonc"];
  return lists.find((file) => /"plugins?"\s*:/.test(textOf(path.join(tree, file)))) ?? null;
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // no such folder
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // no such file
  }
}
