/** What a process holds in memory, in MiB: resident, and its proportional share, which counts shared pages once. */
import { readFileSync } from "node:fs";

export interface Memory {
  readonly rss: number;
  readonly pss: number;
}

export function memoryOf(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const kib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? Number.NaN);
  return { rss: kib("Rss") / 1024, pss: kib("Pss") / 1024 };
}

/** At its fullest moment so far, in MiB. */
export function peakOf(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

/** The process that starts git for a host; null when there is none. */
export function gitStarterOf(host: number): number | null {
  const children = readFileSync(`/proc/${host}/task/${host}/children`, "utf8").trim().split(" ");
  const isStarter = (pid: string): boolean => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes("git-starter");
    } catch {
      return false; // ended meanwhile
    }
  };
  const found = children.filter((pid) => pid !== "").find(isStarter);
  return found === undefined ? null : Number(found);
}

/** Linux counts processor time for programs in hundredths of a second, whatever the kernel's own tick is. */
const TICKS_A_SECOND = 100;

/** Processor time of a process so far in ms: its own, and that of its children that have ended. */
export function processorOf(pid: number): { readonly own: number; readonly children: number } {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name in parentheses may hold anything; numbers are counted behind it.
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const ms = (from: number): number => (((fields[from] ?? Number.NaN) + (fields[from + 1] ?? Number.NaN)) * 1000) / TICKS_A_SECOND;
  return { own: ms(11), children: ms(13) };
}
