/** A small real repository with one commit, and a project opened on it. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { systemClock } from "../../../src/base/clock.ts";
import { createLogger } from "../../../src/base/logger.ts";
import { openProject, type ProjectOptions, type StoredProject } from "../../../src/engine/project.ts";
import { tempDir } from "../../support/temp.ts";
import { HARNESSES } from "./harnesses.ts";

export type Files = Readonly<Record<string, string>>;

export function runGit(root: string, ...args: readonly string[]): string {
  const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.invalid", "-c", "commit.gpgsign=false"];
  return execFileSync("git", [...who, ...args], { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

export function write(root: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
}

export function commitAll(root: string, files: Files, message = "More"): string {
  write(root, files);
  runGit(root, "add", "-A");
  runGit(root, "commit", "--quiet", "--message", message);
  return runGit(root, "rev-parse", "HEAD");
}

/** Its root. */
export function repository(files: Files = { "README.md": "# A library\n" }): string {
  const root = tempDir("repo");
  runGit(root, "init", "--quiet", "--initial-branch=main");
  commitAll(root, files, "Start");
  return root;
}

export const quiet = createLogger("test", process.env.SKEP_LOG ?? "silent");

/** As one process sees it; without a host unless a program is given. */
export function projectAt(root: string, more: Partial<ProjectOptions> = {}): Promise<StoredProject> {
  const options = { cwd: root, env: {}, clock: systemClock, logger: quiet, harnesses: HARNESSES, startHost: false };
  return openProject({ ...options, ...more });
}
