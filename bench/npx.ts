/** What a person waits for who has never run skep: from `npx` to an answered `initialize`, and to the first merged task. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { systemClock } from "../src/base/clock.ts";
import { type Figure, median, round } from "./figure.ts";
import { freshHome, npx, packFloor, packSkep } from "./packed.ts";
import { pairs, timed } from "./pairs.ts";
import { openRegistry } from "./registry.ts";
import { inTempDir } from "./stage.ts";
import { BareClient } from "./stdio-client.ts";

const COLD = 5;
const WARM = 10;
const MERGES = 3;
const MB = 1_000_000;

export const packageSize = (): Promise<Figure> =>
  inTempDir(async (dir) => {
    const { bytes, installedBytes, files } = await packSkep(dir);
    return {
      name: "the package, as it is downloaded",
      value: round(bytes / MB),
      unit: "MB",
      floor: null,
      ratio: null,
      target: "at most 5 MB, and 60 MB installed",
      met: bytes <= 5 * MB && installedBytes <= 60 * MB,
      facts: { installedMb: round(installedBytes / MB), files },
    };
  });

export const npxCold = (): Promise<Figure> =>
  withPackages(async (dir, skep, floor) => {
    const paired = await pairs(
      COLD,
      () => initialized(skep(freshHome(dir), "mcp"), dir),
      () => initialized(floor(freshHome(dir)), dir),
    );
    const target = "at most 6 s, with a registry on loopback";
    return { name: "npx with an empty cache to initialize", unit: "ms", ...paired, target, met: paired.value <= 6_000 };
  });

export const npxWarm = (): Promise<Figure> =>
  withPackages(async (dir, skep, floor) => {
    const [home, other] = [freshHome(dir), freshHome(dir)];
    const paired = await pairs(
      WARM,
      () => initialized(skep(home, "mcp"), dir),
      () => initialized(floor(other), dir),
    );
    const own = round(paired.value - paired.floor);
    return {
      name: "npx with a full cache to initialize",
      unit: "ms",
      ...paired,
      target: "at most 500 ms more than npx and node take for a package that does nothing",
      met: own <= 500,
      facts: { ownMs: own },
    };
  });

export const npxMerge = (): Promise<Figure> =>
  withPackages(async (dir, skep, floor) => {
    const rounds: { ours: number; floor: number }[] = [];
    for (let n = 0; n < MERGES; n++) {
      const bare = await timed(() => initialized(floor(freshHome(dir)), dir));
      rounds.push({ ours: await firstMerge(skep(freshHome(dir), "demo"), dir), floor: bare });
    }
    const value = median(rounds.map(({ ours }) => ours));
    return {
      name: "npx with an empty cache to the first merged task, in the demo",
      value: round(value),
      unit: "ms",
      floor: round(median(rounds.map((one) => one.floor))),
      ratio: round(median(rounds.map((one) => one.ours / one.floor))),
      target: "reported",
      met: true,
      facts: { runs: MERGES },
    };
  });

type Start = (home: string, ...args: readonly string[]) => readonly [string, ...string[]];

const withPackages = (work: (dir: string, skep: Start, floor: Start) => Promise<Figure>): Promise<Figure> =>
  inTempDir(async (dir) => {
    const all = [await packSkep(dir), await packFloor(dir)] as const;
    const registry = await openRegistry(all);
    const [skep, floor] = all.map(
      (packed): Start =>
        (home, ...args) =>
          npx(home, registry, packed, ...args),
    ) as [Start, Start];
    try {
      return await work(dir, skep, floor);
    } finally {
      await registry.close();
    }
  });

async function initialized(argv: readonly [string, ...string[]], cwd: string): Promise<void> {
  const client = new BareClient(argv, { cwd });
  try {
    await client.initialize();
  } finally {
    await client.close();
  }
}

/** Milliseconds until the first task is merged; the demo then goes on to its end, so that it disturbs no other. */
async function firstMerge([program, ...args]: readonly [string, ...string[]], cwd: string): Promise<number> {
  const begun = systemClock.monotonic();
  const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "ignore"] });
  const ended = once(child, "exit");
  let merged: number | null = null;
  for await (const line of createInterface({ input: child.stdout }))
    if (/ merged as /.test(line)) merged ??= systemClock.monotonic() - begun;
  const [code] = await ended;
  if (merged === null) throw new Error(`the demo merged nothing and ended with ${code}`);
  return merged;
}
