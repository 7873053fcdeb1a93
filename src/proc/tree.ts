/**
 * Ends whole process trees. Every child of skep leads a process group of its own; a group outlives its leader, so the
 * group is what is signalled and waited for. Children that left the group are found by their parents where /proc tells.
 */
import { readdirSync, readFileSync } from "node:fs";
import { sleep, systemClock } from "../base/clock.ts";
import { identify, isSame, parseStat } from "./identity.ts";

/** After SIGKILL only a zombie nobody reaps, or a process stuck in the kernel, can still be there. */
export const LAST_WAIT_MS = 1_000;

/** False when there is no such group, or it is not ours to signal. */
function signalGroup(leader: number, signal: NodeJS.Signals): boolean {
  return send(-leader, signal);
}

/** Whether any process of the group is left. A zombie is not: where nobody reaps orphans it would stay for ever. */
export function groupLives(leader: number): boolean {
  if (!send(-leader, 0)) return false;
  if (process.platform !== "linux") return true;
  for (const member of processes()) if (member.group === leader) return true;
  return false;
}

/**
 * SIGTERM to the group, SIGKILL to what is left of the tree after `graceMs`; resolves when the group is gone. Never rejects.
 * With the start of the leader a group that has its number by now and is somebody else's is left alone.
 */
export async function killTree(leader: number, graceMs = 2_000, start: string | null = null): Promise<void> {
  if (isAnother(leader, start)) return;
  const strays = new Map<number, string>();
  const look = (): void => {
    for (const pid of descendants(leader)) {
      const began = identify(pid);
      if (began !== null) strays.set(pid, began);
    }
  };
  const signal = (name: NodeJS.Signals): void => {
    signalGroup(leader, name);
    for (const [pid, began] of strays) if (isSame(pid, began)) send(pid, name);
  };
  const lives = (): boolean => groupLives(leader) || [...strays].some(([pid, began]) => isSame(pid, began));
  look();
  signal("SIGTERM");
  if ((await over(lives, graceMs)) || isAnother(leader, start)) return;
  look();
  signal("SIGKILL");
  await over(lives, LAST_WAIT_MS);
}

/** Whether the number of a leader that started at `start` has gone to another process. While its group lives it has not. */
const isAnother = (leader: number, start: string | null): boolean => start !== null && ![null, start].includes(identify(leader));

/** Processes below this one, and, when it leads its group, all others of the group: what it started and what that left behind. */
export function ownMembers(): ReadonlySet<number> {
  const members = new Set(descendants(process.pid));
  for (const { pid, group } of processes()) if (group === process.pid && pid !== process.pid) members.add(pid);
  return members;
}

/** Ends all members of this process that are not in `spared`, which are the ones it had before. Where there is no /proc: `child` alone. */
export async function killMembers(child: number, spared: ReadonlySet<number>, graceMs: number): Promise<void> {
  const targets = (): Set<number> => new Set([child, ...[...ownMembers()].filter((pid) => !spared.has(pid))]);
  const first = targets();
  for (const pid of first) send(pid, "SIGTERM");
  const left = (): boolean => [...targets(), ...first].some((pid) => statOf(String(pid)) !== null);
  if (await over(left, graceMs)) return;
  for (const pid of [...first, ...targets()]) send(pid, "SIGKILL");
  await over(left, LAST_WAIT_MS);
}

/** SIGKILL without waiting, for exit hooks and for what is left behind a finished leader. */
export function killNow(leader: number, start: string | null = null): void {
  if (!isAnother(leader, start)) signalGroup(leader, "SIGKILL");
}

/** Whether `lives` became false in time. */
async function over(lives: () => boolean, ms: number): Promise<boolean> {
  const deadline = systemClock.monotonic() + ms;
  for (let pause = 5; lives(); pause = Math.min(pause * 1.5, 50)) {
    if (systemClock.monotonic() >= deadline) return false;
    await sleep(pause);
  }
  return true;
}

/** False when there is nobody of that number, or it is not ours to signal. */
export function send(target: number, signal: NodeJS.Signals | 0): boolean {
  // 0 and -1 would mean "my own group" and "everybody".
  if (!Number.isInteger(target) || Math.abs(target) <= 1) return false;
  try {
    return process.kill(target, signal);
  } catch {
    return false; // ESRCH: gone; EPERM: not ours
  }
}

/** Processes below `root` by parent links. Empty where there is no /proc: there the group alone is ended. */
export function descendants(root: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const { pid, parent } of processes()) children.set(parent, [...(children.get(parent) ?? []), pid]);
  const found: number[] = [];
  const todo = [root];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    for (const child of children.get(next) ?? []) {
      found.push(child);
      todo.push(child);
    }
  }
  return found;
}

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** As `identify` tells it. */
  readonly start: string;
}

/** All that runs on this machine, as far as /proc tells. */
export function* processes(): Generator<Stat> {
  if (process.platform !== "linux") return;
  for (const entry of readdirSync("/proc")) {
    const stat = /^\d+$/.test(entry) ? statOf(entry) : null;
    if (stat) yield stat;
  }
}

/** Null for a process that is gone or only a zombie. */
function statOf(pid: string): Stat | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null; // ended between the listing and the reading
  }
  // The name in field 2 may hold spaces and parentheses: count from the last one.
  const start = parseStat(stat);
  const [, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return start === null ? null : { pid: Number(pid), parent: Number(parent), group: Number(group), start };
}
