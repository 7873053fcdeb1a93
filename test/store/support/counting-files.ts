/** What a piece of work asks of the file system, by the functions of `node:fs` that it calls. */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

export interface FileCost {
  /** Calls of any function. */
  calls: number;
  /** Bytes. */
  read: number;
  written: number;
}

type Loose = (...args: unknown[]) => unknown;

/** Counts what this whole process does meanwhile, so nothing else may run in it. */
export async function countingFiles(work: () => Promise<void>): Promise<FileCost> {
  const cost: FileCost = { calls: 0, read: 0, written: 0 };
  const all = fs as unknown as Record<string, Loose>;
  const real = new Map(Object.entries(all).filter(([name, value]) => typeof value === "function" && /^[a-z]/.test(name)));
  for (const [name, call] of real)
    all[name] = Object.assign((...args: unknown[]) => {
      cost.calls++;
      const result = call(...args);
      if (name === "readSync") cost.read += Number(result);
      if (name === "writeSync") cost.written += Number(result);
      if (name === "readFileSync") cost.read += (result as Buffer | string).length;
      return result;
    }, call);
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    Object.assign(all, Object.fromEntries(real));
    syncBuiltinESMExports();
  }
  return cost;
}
