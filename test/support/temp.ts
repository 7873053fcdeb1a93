import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Every folder this test file made; the setup file removes them when the file is over. */
const made: string[] = [];

/** A new empty folder with its real path (macOS links its temp folder), gone when the test file ends. */
export function tempDir(name = "skep"): string {
  const dir = realpathSync(mkdtempSync(path.join(tmpdir(), `${name}-`)));
  made.push(dir);
  return dir;
}

export const tempDirs = (): readonly string[] => made;

export function removeTempDirs(): void {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}
