/** Looks for tokens of which only the hashes are known: where none may be, none is found. */
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { sha256 } from "../../src/base/ids.ts";

/** Tokens are 32 bytes in base64url. */
const LENGTH = 43;
const RUNS = new RegExp(`[A-Za-z0-9_-]{${LENGTH},}`, "g");

/** How many of the tokens stand in the text. */
export function tokensIn(text: string, hashes: ReadonlySet<string>): number {
  const found = new Set<string>();
  for (const [run] of text.matchAll(RUNS))
    for (let at = 0; at + LENGTH <= run.length && at < 4_096; at += 1) {
      const hash = sha256(run.slice(at, at + LENGTH));
      if (hashes.has(hash)) found.add(hash);
    }
  return found.size;
}

/** Files below a folder that hold a token. */
export function filesWithToken(folder: string, hashes: ReadonlySet<string>): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => {
    const file = path.join(folder, name);
    return lstatSync(file).isFile() && tokensIn(readFileSync(file, "latin1"), hashes) > 0;
  });
}

export interface Seen {
  readonly argv: Set<string>;
  /** Of processes that carry the mark of a session. */
  readonly environ: Set<string>;
}

/** Notes arguments and environments of all processes that can be seen now. */
export function lookAtProcesses(seen: Seen): void {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    seen.argv.add(procFile(pid, "cmdline"));
    const environ = procFile(pid, "environ");
    if (environ.includes("SKEP_SESSION=")) seen.environ.add(environ);
  }
}

function procFile(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "latin1").replaceAll("\0", "\n");
  } catch {
    return ""; // ended meanwhile
  }
}
