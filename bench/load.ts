/**
 * A whole swarm under load: `SKEP_LOAD=<agents>x<tasks>`, e.g. `SKEP_LOAD=50x2000 npm run bench -- load`. Counted: what merged,
 * what a tool call takes as the agents see it, and what a task costs the host at the beginning and at the end. A scripted agent
 * answers at once; one that thinks takes seconds. So each waits `SKEP_THINK` ms on average before a call, which is not counted
 * as part of it; with 0 all of them are busy without a break, and what is measured is how many processors there are.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { loadavg } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { systemClock } from "../src/base/clock.ts";
import { MAIN } from "./built.ts";
import { type Figure, percentile, round } from "./figure.ts";
import { type Hosted, hostPid, withHost } from "./host.ts";
import { playbook, type Size, team } from "./load-playbook.ts";
import { gitStarterOf, peakOf, processorOf } from "./memory.ts";
import { inTempDir } from "./stage.ts";

const MOST_MS = 50;
const MOST_MIB = 300;
/** A short answer of a model that has no more to look up. */
const THINK_MS = 5_000;
/** Nothing merged for so long: what is left is counted as lost. */
const STALLED_MS = 180_000;

function size(text = "10x40"): Size {
  const [, agents, tasks] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  if (!agents || !tasks || Number(agents) < 3) throw new Error("SKEP_LOAD is <agents>x<tasks>, with at least three agents");
  return { agents: Number(agents), tasks: Number(tasks) };
}

export const load = (): Promise<Figure> =>
  inTempDir(async (dir) => {
    const wanted = size(process.env.SKEP_LOAD);
    const thinkMs = Number(process.env.SKEP_THINK ?? THINK_MS);
    const bare = spawn(process.execPath, ["--import", "tsx", path.join(import.meta.dirname, "workers/bare-http.ts")], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    try {
      const { value: port } = await createInterface({ input: bare.stdout })[Symbol.asyncIterator]().next();
      const calls = path.join(dir, "calls");
      const timed = pathToFileURL(path.join(import.meta.dirname, "timed-calls.mjs"));
      timed.search = String(new URLSearchParams({ to: calls, bare: String(port), think: String(thinkMs) }));
      const options = {
        ...{ playbook: playbook(wanted.tasks), team: team(wanted.agents), until: "begun" as const },
        ...{
          limits: { workers: 64, turns: 10_000, sessionMinutes: 1_440 },
          floods: { startsPerMinute: 100_000, tasks: 10_000, commits: 1_000_000 },
        },
        entry: ["--import", timed.href, MAIN],
      };
      return await withHost(async (hosted) => figure({ ...wanted, thinkMs }, await follow(hosted, wanted.tasks), calls), options);
    } finally {
      bare.kill();
    }
  });

/** The host's own processor time and the clock, both in ms, when so many tasks were merged. */
interface Mark {
  readonly merged: number;
  readonly at: number;
  readonly own: number;
}
interface Run {
  readonly marks: readonly Mark[];
  readonly commits: number;
  readonly gates: number;
  readonly peakMiB: number;
  readonly starterPeakMiB: number;
  readonly childrenMs: number;
}

async function follow(hosted: Hosted, tasks: number): Promise<Run> {
  const { swarm } = hosted;
  const host = hostPid(hosted);
  const mark = (merged: number): Mark => ({ merged, at: systemClock.monotonic(), own: processorOf(host).own });
  const marks = [mark(0)];
  for (let merged = 0; merged < tasks; ) {
    const more = await swarm.until((state) => (state.byStatus.merged.size > merged || state.openGates.size > 0 ? true : null), {
      timeoutMs: STALLED_MS,
    });
    if (!more || swarm.state.byStatus.merged.size === merged) break;
    merged = swarm.state.byStatus.merged.size;
    marks.push(mark(merged));
    if (merged % 50 === 0) process.stderr.write(`${merged} merged, load ${round(loadavg()[0] ?? 0)}\n`);
  }
  const { seq, openGates } = swarm.state;
  const starter = gitStarterOf(host);
  const starterPeakMiB = starter === null ? 0 : peakOf(starter);
  return { marks, commits: seq, gates: openGates.size, peakMiB: peakOf(host), starterPeakMiB, childrenMs: processorOf(host).children };
}

function figure(
  { agents, tasks, thinkMs }: Size & { thinkMs: number },
  { marks, commits, gates, peakMiB, starterPeakMiB, childrenMs }: Run,
  file: string,
): Figure {
  const rows = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  const times = rows.map((row) => row.split(" ") as [string, string]);
  const calls = times.filter(([tool]) => tool !== "bare").map(([, ms]) => Number(ms));
  const bare = times.filter(([tool]) => tool === "bare").map(([, ms]) => Number(ms));
  const first = marks[0] as Mark;
  const last = marks.at(-1) as Mark;
  const value = round(percentile(calls, 0.95));
  const floor = round(percentile(bare, 0.95));
  const tenth = Math.max(1, Math.floor(last.merged / 10));
  const early = between(first, marks.find(({ merged }) => merged >= tenth) ?? last);
  const late = between(marks.findLast(({ merged }) => merged <= last.merged - tenth) ?? first, last);
  return {
    name: `a tool call of ${agents} agents at ${tasks} tasks, thinking ${thinkMs / 1_000} s between calls, 95 of 100`,
    value,
    unit: "ms",
    floor,
    ratio: round(value / floor),
    target: `everything merges, 95 of 100 calls under ${MOST_MS} ms, the host under ${MOST_MIB} MiB`,
    met: last.merged === tasks && gates === 0 && value < MOST_MS && peakMiB + starterPeakMiB < MOST_MIB,
    facts: {
      ...{ merged: last.merged, lost: tasks - last.merged, gates, minutes: round((last.at - first.at) / 60_000), commits },
      ...{
        hostPeakMiB: round(peakMiB),
        gitStarterPeakMiB: round(starterPeakMiB),
        calls: calls.length,
        callP50: round(percentile(calls, 0.5)),
        bareP50: round(percentile(bare, 0.5)),
      },
      ...{ hostMsPerTask: between(first, last).own, childrenMsPerTask: round(childrenMs / Math.max(1, last.merged)) },
      ...{ firstTenthHostMs: early.own, lastTenthHostMs: late.own, firstTenthMs: early.ms, lastTenthMs: late.ms },
      ...byTool(times),
      load: round(loadavg()[0] ?? 0),
    },
  };
}

/** A submission answers when it is committed, so it is told apart. */
function byTool(times: readonly (readonly [string, string])[]): Readonly<Record<string, number>> {
  const tools = [...new Set(times.map(([tool]) => tool))].filter((tool) => tool !== "bare").sort();
  const of = (wanted: string): number[] => times.filter(([tool]) => tool === wanted).map(([, ms]) => Number(ms));
  return Object.fromEntries(tools.flatMap((tool) => [50, 95].map((part) => [`${tool}P${part}`, round(percentile(of(tool), part / 100))])));
}

/** What one task took between two marks: time that passed, and processor time of the host itself. */
function between(from: Mark, to: Mark): { readonly ms: number; readonly own: number } {
  const tasks = Math.max(1, to.merged - from.merged);
  return { ms: round((to.at - from.at) / tasks), own: round((to.own - from.own) / tasks) };
}
