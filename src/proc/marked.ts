/**
 * What a session or a step of a dead host started and nobody can name by its pid any more: it left its process group, its
 * parent is gone, or nobody had written it down. Such a process is known by a variable it inherited, and by nothing less: a
 * stranger in the same folder does not have it. Linux only; elsewhere groups alone are ended.
 */
import { readFileSync } from "node:fs";
import { sleep, systemClock } from "../base/clock.ts";
import { isSame } from "./identity.ts";
import { LAST_WAIT_MS, processes, send } from "./tree.ts";

export interface Mark {
  readonly name: string;
  /** Whether the value of that variable is the one looked for. */
  readonly is: (value: string) => boolean;
}

/** Rounds of SIGKILL: a process that starts others while it is looked for is met again. */
const ROUNDS = 5;
const LOOK_MS = 20;

/** Processes that carry one of the marks, by pid, with their start. Never this process. */
export function marked(marks: readonly Mark[]): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const { pid, start } of processes()) {
    if (pid === process.pid || !carries(pid, marks)) continue;
    // Looked at before and after: what was read belongs to one process.
    if (isSame(pid, start)) found.set(pid, start);
  }
  return found;
}

/** Ends all that carries one of the marks: SIGTERM, SIGKILL after `graceMs`. Answers with the pids it met. Never rejects. */
export async function endMarked(marks: readonly Mark[], graceMs = 2_000): Promise<readonly number[]> {
  const first = marked(marks);
  const met = new Set(first.keys());
  if (graceMs > 0) {
    signalAll(first, "SIGTERM");
    await gone(first, graceMs);
  }
  for (let round = 0; round < ROUNDS; round++) {
    const left = marked(marks);
    if (left.size === 0) break;
    for (const pid of left.keys()) met.add(pid);
    signalAll(left, "SIGKILL");
    await gone(left, LAST_WAIT_MS);
  }
  return [...met];
}

function signalAll(targets: ReadonlyMap<number, string>, signal: NodeJS.Signals): void {
  for (const [pid, start] of targets) if (isSame(pid, start)) send(pid, signal);
}

async function gone(targets: ReadonlyMap<number, string>, ms: number): Promise<void> {
  const deadline = systemClock.monotonic() + ms;
  while ([...targets].some(([pid, start]) => isSame(pid, start)) && systemClock.monotonic() < deadline) await sleep(LOOK_MS);
}

function carries(pid: number, marks: readonly Mark[]): boolean {
  const variables = environOf(pid);
  return marks.some(({ name, is }) => {
    const line = variables.find((one) => one.startsWith(`${name}=`));
    return line !== undefined && is(line.slice(name.length + 1));
  });
}

/** What the process was started with; empty when it belongs to somebody else, or is gone. */
function environOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return []; // another user's, or it ended between the listing and the reading
  }
}
