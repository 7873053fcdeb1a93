/**
 * `npm run bench [name…]`: figures beside floors measured in the same run, as JSON on stdout; progress on stderr. A figure
 * that cannot be measured is reported with its error, never left out. Exit code 1 when one is missed.
 */
import { cpus, loadavg, release, totalmem } from "node:os";
import { describeError } from "../src/base/errors.ts";
import { cliStart } from "./cli-start.ts";
import { commandAtCommits, commandInMemory, commandOnFiles } from "./command-cost.ts";
import { demoMakespan } from "./demo-makespan.ts";
import { type Figure, type Measure, round } from "./figure.ts";
import { idle } from "./idle.ts";
import { load } from "./load.ts";
import { mailBusy } from "./mail-busy.ts";
import { mailCrowd } from "./mail-crowd.ts";
import { mailSend } from "./mail-send.ts";
import { mailTool } from "./mail-tool.ts";
import { mailUnread } from "./mail-unread.ts";
import { mailWakes } from "./mail-wakes.ts";
import { merges } from "./merges.ts";
import { npxCold, npxMerge, npxWarm, packageSize } from "./npx.ts";
import { seatMemory } from "./seat-memory.ts";
import { start } from "./start.ts";
import { taskClaims } from "./task-claims.ts";

const FIGURES: Readonly<Record<string, Measure>> = {
  package: packageSize,
  "npx-cold": npxCold,
  "npx-warm": npxWarm,
  "npx-merge": npxMerge,
  start,
  "mail-tool": mailTool,
  "mail-send": mailSend,
  "mail-crowd": mailCrowd,
  "mail-unread": mailUnread,
  "mail-wakes": mailWakes,
  claims: taskClaims,
  "command-files": commandOnFiles,
  "command-memory": commandInMemory,
  "command-commits": commandAtCommits,
  "mail-busy": mailBusy,
  merges,
  "seat-memory": seatMemory,
  idle,
  "demo-makespan": demoMakespan,
};

/** Measured only when they are named: they need programs that are not the project's own, or take minutes. */
const ON_REQUEST: Readonly<Record<string, Measure>> = { "cli-start": cliStart, load };
const ALL = { ...FIGURES, ...ON_REQUEST };

const machine = {
  node: process.version,
  platform: `${process.platform} ${release()} ${process.arch}`,
  cpus: `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}`,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  /** Of the last minute; well below the number of cpus, or the figures are somebody else's too. */
  load: round(loadavg()[0] ?? 0),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(ALL, name));
if (unknown.length > 0) {
  process.stderr.write(`no such figure: ${unknown.join(", ")}; there are: ${Object.keys(ALL).join(", ")}\n`);
  process.exit(2);
}

const figures: (Figure | { name: string; error: string; met: false })[] = [];
for (const [name, measure] of Object.entries(wanted.length > 0 ? ALL : FIGURES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`${name} …\n`);
  // One after the other: two figures at once would measure each other.
  figures.push(await measure().catch((error: unknown) => ({ name, error: describeError(error), met: false as const })));
}
process.stdout.write(`${JSON.stringify({ machine, figures }, null, 2)}\n`);
process.exitCode = figures.every((figure) => figure.met) ? 0 : 1;
