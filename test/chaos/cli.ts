/**
 * `npm run chaos -- --seed N --kills 200`: whole swarms under faults, judged after each. Figures as JSON on stdout, progress on
 * stderr. Exit code 1 when something was lost, owned twice, merged unapproved, left running, or never ended.
 */
import { parseArgs } from "node:util";
import { systemClock } from "../../src/base/clock.ts";
import type { FaultKind, Round } from "./plan.ts";
import { chaos } from "./run.ts";

const KINDS: readonly FaultKind[] = ["kill", "failpoint", "stop", "disk", "clock", "locks", "two-hosts", "torn-tail"];
const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    kills: { type: "string", default: "20" },
    only: { type: "string" },
    jobs: { type: "string", default: "1" },
    replay: { type: "string" },
  },
});

const only = KINDS.find((kind) => kind === values.only) ?? null;
if (values.only !== undefined && only === null) {
  process.stderr.write(`no such kind: ${values.only}; there are: ${KINDS.join(", ")}\n`);
  process.exit(2);
}
const seed = Number(values.seed ?? systemClock.now() % 1_000_000);
const replay = values.replay === undefined ? {} : { replay: [JSON.parse(values.replay) as Round] };
const say = (line: string): void => void process.stderr.write(`${line}\n`);

// An exit, so that what the rounds have started is ended with them.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));
say(`seed ${seed}`);
const { report, failure } = await chaos({ seed, kills: Number(values.kills), only, jobs: Number(values.jobs), say, ...replay });
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
if (failure !== null) {
  say(`seed ${seed} fails:\n${failure.outcome.problems.map((problem) => `  ${problem}`).join("\n")}`);
  say(`its files are kept in ${failure.outcome.dir}`);
  say(`again: npm run chaos -- --replay '${JSON.stringify(failure.smaller)}'`);
  process.exitCode = 1;
}
