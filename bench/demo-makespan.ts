/** How long the demo takes against the same recorded turns and checks laid on its plan with nothing between them. */
import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { MAIN } from "./built.ts";
import { type Figure, median, round } from "./figure.ts";
import { type Layout, type Logged, layOut } from "./layout.ts";

const RUNS = 3;
const run = promisify(execFile);

export async function demoMakespan(): Promise<Figure> {
  const layouts: Layout[] = [];
  for (let n = 0; n < RUNS; n++) layouts.push(layOut(await demoLog()));
  const middle = (pick: (layout: Layout) => number): number => round(median(layouts.map(pick)));
  const ratio = middle(({ realMs, bareMs }) => realMs / bareMs);
  return {
    name: "the demo's makespan",
    value: middle(({ realMs }) => realMs),
    unit: "ms",
    floor: middle(({ bareMs }) => bareMs),
    ratio,
    target: "at most 1.6 × its agents and checks laid on the plan",
    met: ratio <= 1.6,
    facts: { runs: RUNS, ratioWithWaitsForCommits: middle(({ realMs, bareWithWaitsMs }) => realMs / bareWithWaitsMs) },
  };
}

async function demoLog(): Promise<readonly Logged[]> {
  const { repository, swarm } = JSON.parse(await skep("demo", "--json", "--keep")) as { repository: string; swarm: string };
  try {
    return (JSON.parse(await skep("logs", swarm, "--json", "--project", repository)) as { events: readonly Logged[] }).events;
  } finally {
    rmSync(path.dirname(repository), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

const skep = async (...args: readonly string[]): Promise<string> =>
  (await run(process.execPath, [MAIN, ...args], { maxBuffer: 64 * 1024 * 1024 })).stdout;
