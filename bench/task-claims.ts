/** Eight processes taking 1,000 tasks from one log: is each taken once, and does each process get its share? */
import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import path from "node:path";
import { crew } from "./crew.ts";
import { type Figure, round } from "./figure.ts";
import { timed } from "./pairs.ts";
import { inTempDir, withSwarm } from "./stage.ts";
import { fillSwarm } from "./swarm.ts";

const PROCESSES = 8;
const TASKS = 1_000;
/** Commands a task takes through a worker's hands. */
const COMMITS_PER_TASK = 3;
/** Below this part of its fair share a process counts as starved. */
const STARVED = 0.2;

export const taskClaims = (): Promise<Figure> =>
  inTempDir(async (dir) => {
    const root = path.join(dir, "skep");
    await withSwarm(root, ({ log }) => fillSwarm(log, TASKS, PROCESSES));
    const { ms, results } = await crew<string[]>("claim.ts", PROCESSES, (n) => [root, String(n)]);
    const taken = results.flat();
    const doubles = taken.length - new Set(taken).size;
    const starved = results.filter((own) => own.length < (TASKS / PROCESSES) * STARVED).length;
    const value = round((taken.length / ms) * 1000);
    const floor = await bareCommitsPerSecond(dir).then((rate) => round(rate / COMMITS_PER_TASK));
    return {
      name: `${PROCESSES} processes claiming ${TASKS} tasks`,
      value,
      unit: "tasks/s",
      floor,
      ratio: round(value / floor),
      target: "no task twice, no process starved",
      met: doubles === 0 && starved === 0 && taken.length === TASKS,
      facts: { taken: taken.length, doubles, starved, least: Math.min(...results.map((own) => own.length)) },
    };
  });

/** One process appending a line and syncing it, again and again. */
async function bareCommitsPerSecond(dir: string): Promise<number> {
  const lines = 300;
  const file = openSync(path.join(dir, "bare.jsonl"), "a");
  const ms = await timed(async () => {
    for (let n = 0; n < lines; n++) {
      writeSync(file, `${"x".repeat(400)}\n`);
      fdatasyncSync(file);
    }
  });
  closeSync(file);
  return (lines / ms) * 1000;
}
