/** Where a program that a setting or a CLI's name means can be started from. */
import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";
import type { Env } from "./harness.ts";

/** Absolute path of an executable file: a name is looked up in PATH (absolute folders alone), a path must be absolute. */
export function findProgram(name: string, env: Env): string | null {
  if (path.isAbsolute(name)) return isProgram(name) ? name : null;
  if (name.includes("/")) return null;
  const folders = (env.PATH ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders.map((folder) => path.join(folder, name)).find(isProgram) ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false; // not there, or not to be run
  }
}
