/** Which version a CLI's program tells, and whether that is new enough; asked once per program file. */
import { statSync } from "node:fs";
import { run } from "../proc/run.ts";
import type { Env, Found, Missing } from "./harness.ts";

export interface Versioned {
  /** As people call it. */
  readonly title: string;
  /** The first version with everything that is used. */
  readonly oldest: readonly [number, number, number];
  /** How one gets it, and how a newer one. */
  readonly install: string;
  readonly update: string;
}

const ASK_MS = 20_000;
/** By path, size and time of change: starting some CLIs only to hear their version takes seconds. */
const TOLD = new Map<string, Promise<string | null>>();

/** The first of `programs` that tells a version; a build that this processor cannot run tells none. */
export async function versioned(programs: readonly string[], of: Versioned, env: Env): Promise<Found | Missing> {
  for (const program of programs) {
    const version = await told(program, env);
    if (version !== null) return judged(program, version, of);
  }
  return { found: false, why: `${programs[0] ?? of.title} does not tell its version`, fix: of.install };
}

/** Whether a version is new enough. */
export function judged(program: string, version: string, { title, oldest, update }: Versioned): Found | Missing {
  const parts = version.split(".").map(Number);
  const at = oldest.findIndex((least, index) => parts[index] !== least);
  if (at < 0 || (parts[at] ?? 0) >= (oldest[at] ?? 0)) return { found: true, path: program, version };
  return { found: false, why: `${title} ${version} is too old, ${oldest.join(".")} is needed`, fix: update };
}

async function told(program: string, env: Env): Promise<string | null> {
  const { size, mtimeMs } = statSync(program);
  const key = `${program}\0${size}\0${mtimeMs}`;
  const known = TOLD.get(key);
  if (known !== undefined) return known;
  const asking = ask(program, env);
  TOLD.set(key, asking);
  // What could not answer may answer the next time.
  if ((await asking) === null) TOLD.delete(key);
  return asking;
}

async function ask(program: string, env: Env): Promise<string | null> {
  const own = { PATH: env.PATH ?? "", HOME: env.HOME ?? "/" };
  const { stdout } = await run([program, "--version"], { cwd: "/", env: own, timeoutMs: ASK_MS });
  return /(?:^|[\s/v])(\d+\.\d+\.\d+)/.exec(stdout.trim())?.[1] ?? null;
}
