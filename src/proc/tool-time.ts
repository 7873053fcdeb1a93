/**
 * CPU time of what a process started: its children that are there, and those it has waited for. Its own time is left out: a
 * program that draws a spinner is busy with nothing.
 */
import { readFileSync } from "node:fs";
import { descendants } from "./tree.ts";

/** Of USER_HZ, which is 100 wherever node runs on Linux. */
const MS_PER_TICK = 10;

/** In milliseconds; null where nobody can tell: no such process, or no /proc. */
export function toolTime(pid: number): number | null {
  const own = timesOf(pid);
  if (own === null) return null;
  const below = descendants(pid).flatMap((child) => timesOf(child) ?? []);
  return [{ ...own, self: 0 }, ...below].reduce((all, { self, waited }) => all + self + waited, 0) * MS_PER_TICK;
}

/** Fields 14 to 17 of /proc/<pid>/stat: user and system time, the same of children that were waited for. In ticks. */
function timesOf(pid: number): { readonly self: number; readonly waited: number } | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null; // ended meanwhile, or another system
  }
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [user = 0, system = 0, waitedUser = 0, waitedSystem = 0] = fields.slice(11, 15).map(Number);
  return { self: user + system, waited: waitedUser + waitedSystem };
}
