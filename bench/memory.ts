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
