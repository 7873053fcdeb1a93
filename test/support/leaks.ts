/**
 * Processes a test file left behind. A child is ours when it carries the mark of this run in its environment, or works
 * inside one of this file's temp folders: agents get an allow-listed environment, so the mark alone would miss them.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { mintUuid } from "../../src/base/ids.ts";
import { until } from "./until.ts";

export const MARK = "SKEP_TEST_RUN";

export interface Leak {
  readonly pid: number;
  readonly command: string;
}

/** Marks this process, and so every child it starts from now on. */
export function markRun(): string {
  const id = mintUuid();
  process.env[MARK] = id;
  return id;
}

export function liveChildren(id: string, dirs: readonly string[]): readonly Leak[] {
  if (!existsSync("/proc/self/environ")) return []; // macOS has no /proc; leaks are caught on Linux
  const leaks: Leak[] = [];
  for (const entry of readdirSync("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      const marked = readFileSync(`/proc/${pid}/environ`, "utf8").includes(`${MARK}=${id}`);
      if (!marked && !isInside(readlinkSync(`/proc/${pid}/cwd`), dirs)) continue;
      leaks.push({ pid, command: readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim() });
    } catch {
      // ended between the listing and the reading, or belongs to another user
    }
  }
  return leaks;
}

function isInside(cwd: string, dirs: readonly string[]): boolean {
  return dirs.some((dir) => cwd === dir || cwd.startsWith(`${dir}/`));
}

/** Gives children that are already ending a moment, then ends the rest and throws with their names. */
export async function refuseLeaks(id: string, dirs: readonly string[], graceMs = 3_000): Promise<void> {
  const over = await until(() => liveChildren(id, dirs).length === 0, { timeoutMs: graceMs }).catch(() => false);
  if (over) return;
  const leaks = liveChildren(id, dirs);
  if (leaks.length === 0) return;
  for (const { pid } of leaks) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // ended by itself meanwhile
    }
  }
  const list = leaks.map((leak) => `  ${leak.pid} ${leak.command}`).join("\n");
  throw new Error(`this test file left ${leaks.length} process(es) running; end them in the test that starts them:\n${list}`);
}
