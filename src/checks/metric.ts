/**
 * Commands whose exit or number decides: a bug that must still show itself, a benchmark that must not get slower, a coverage
 * that must rise. Work that fails one is discarded, and the next attempt begins without it.
 *
 * `{ name: "speed", argv: ["node", "bench.mjs"], minutes: 5, number: { direction: "lower", betterThan: "base", by: 2 } }` passes
 * when the last number printed at the submission is at least 2 less than the one printed at its base.
 */
import { z } from "zod";
import { lastGroup, whyUnusable } from "../base/bounded-search.ts";
import { describeError, quote } from "../base/errors.ts";
import { matches } from "../base/glob.ts";
import type { Change, Check, Finding, Measured } from "./check.ts";
import { blocking, result } from "./finding.ts";
import { describe, lastWords, MINUTE_MS, type Program, runProgram, shareOf, shownCommand, tail } from "./program.ts";

const aim = z.object({
  /** Its first group is the number; without it the last number printed counts. The last match wins. */
  pattern: z.string().optional(),
  direction: z.enum(["higher", "lower"]),
  atLeast: z.number().optional(),
  atMost: z.number().optional(),
  betterThan: z.literal("base").optional(),
  by: z.number().min(0).optional(),
});
type Aim = z.output<typeof aim>;

const metricOptions = z.object({
  name: z.string(),
  argv: z.array(z.string()).min(1),
  cwd: z.string().nullish(),
  minutes: z.number().positive().default(10),
  paths: z.array(z.string()).optional(),
  expect: z.enum(["pass", "fail"]).default("pass"),
  number: aim.optional(),
});
type Metric = z.output<typeof metricOptions>;

interface MetricsOptions {
  readonly metrics: readonly Metric[];
  /** Preparing the worktree at another commit may take so long. */
  readonly setupMinutes: number;
}

const needsBase = ({ number }: Metric): boolean => number?.betterThan === "base";

export const metric: Check<MetricsOptions> = {
  id: "metric",
  summary: "Commands that measure: their exit or a number they print decides.",
  options: z.strictObject({ metrics: z.array(metricOptions).default([]), setupMinutes: z.number().positive().default(10) }),
  runsPrograms: true,
  limitMs: ({ metrics, setupMinutes }) =>
    metrics.reduce((sum, one) => sum + (one.minutes + setupMinutes) * (needsBase(one) ? 2 : 1) * MINUTE_MS, MINUTE_MS),
  async run(change, options) {
    const wanted = options.metrics.filter(({ paths }) => !paths || change.paths.some((file) => matches(file, paths)));
    const share = shareOf(wanted.reduce((sum, one) => sum + (needsBase(one) ? 2 : 1), 0));
    const [findings, outputs, measured]: [Finding[], string[], Measured[]] = [[], [], []];
    for (const one of wanted) {
      const taken = await take(one, change, share);
      change.signal.throwIfAborted();
      findings.push(...taken.findings);
      outputs.push(...taken.outputs);
      measured.push(...taken.measured);
    }
    return result("metric", change, options, findings, tail(outputs.join("\n")), measured);
  },
};

interface Taken {
  readonly findings: readonly Finding[];
  readonly outputs: readonly string[];
  readonly measured: readonly Measured[];
}

/** A run of the command: its number, or why there is none. */
type Sample = { readonly value: number | null; readonly output: string } | { readonly why: string; readonly output: string };

async function take(one: Metric, change: Change, share: number): Promise<Taken> {
  const found = (message: string, outputs: readonly string[], measured: readonly Measured[] = []): Taken => ({
    findings: [blocking("metric", `${one.name}: ${message}`, fixFor(one))],
    outputs,
    measured,
  });
  // Programs of the submission ran here before.
  await change.place(change.sha);
  const now = await sample(one, change, share);
  if ("why" in now) return found(now.why, [now.output]);
  if (!one.number || now.value === null) return { findings: [], outputs: [now.output], measured: [] };
  if (!needsBase(one)) return verdict(one.number, now.value, null, [now.output]);
  const before = await atBase(one, change, share);
  const outputs = [`at the base:\n${before.output}`, `at the submission:\n${now.output}`];
  if ("why" in before) return found(`could not be measured at the base: ${before.why}`, outputs);
  return verdict(one.number, now.value, before.value, outputs);

  function verdict(number: Aim, value: number, base: number | null, printed: readonly string[]): Taken {
    const { wanted, passed } = judge(number, value, base);
    const measured = [{ name: one.name, value, wanted }];
    return passed ? { findings: [], outputs: printed, measured } : found(`is ${value}, wanted ${wanted}`, printed, measured);
  }
}

/** A base that does not exit as wanted has no number: the last one in a stack trace measures nothing. */
async function atBase(one: Metric, change: Change, share: number): Promise<Sample> {
  try {
    await change.place(change.base);
    return await sample(one, change, share);
  } catch (error) {
    return { why: quote(describeError(error), 300), output: "" };
  } finally {
    await change.place(change.sha);
  }
}

async function sample(one: Metric, change: Change, share: number): Promise<Sample> {
  const done = await runProgram(one, change, share);
  if (done === null) return { why: `there is no folder ${quote(one.cwd ?? ".")}`, output: "" };
  const { ended, output } = done;
  if (ended.outcome !== "exited") return { why: `${shownCommand(one)} ${describe(ended)}`, output };
  const failed = ended.code !== 0;
  if (one.expect === "pass" && failed) return { why: `${shownCommand(one)} ${describe(ended)}${lastWords(ended)}`, output };
  if (one.expect === "fail" && !failed) return { why: `${shownCommand(one)} ${describe(ended)}, but has to fail`, output };
  if (!one.number) return { value: null, output };
  return numberIn(one.number, ended.output, output);
}

const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`;

function numberIn({ pattern }: Aim, text: string, output: string): Sample {
  try {
    const found = lastGroup(pattern ?? NUMBER, text);
    if (found === null) return { why: "it printed no number", output };
    const value = found.trim() === "" ? Number.NaN : Number(found.trim());
    return Number.isFinite(value) ? { value, output } : { why: `what it printed is no number: ${quote(found, 60)}`, output };
  } catch (error) {
    return { why: `the expression ${quote(pattern ?? NUMBER)} ${whyUnusable(error)}`, output };
  }
}

function judge(number: Aim, value: number, base: number | null): { readonly wanted: string; readonly passed: boolean } {
  const { atLeast, atMost, direction, by } = number;
  const limits: { wanted: string; passed: boolean }[] = [];
  if (atLeast !== undefined) limits.push({ wanted: `at least ${atLeast}`, passed: value >= atLeast });
  if (atMost !== undefined) limits.push({ wanted: `at most ${atMost}`, passed: value <= atMost });
  if (base !== null) {
    const gain = direction === "higher" ? value - base : base - value;
    const least = by ? ` by ${by} or more` : "";
    // A gain asked for counts when it is reached; without one, the same number is no improvement.
    limits.push({ wanted: `${direction} than the base's ${base}${least}`, passed: by ? gain >= by : gain > 0 });
  }
  return { wanted: limits.map(({ wanted }) => wanted).join(" and "), passed: limits.every(({ passed }) => passed) };
}

function fixFor(one: Program): string {
  const where = one.cwd ? ` in ${quote(one.cwd)}` : "";
  return `Run ${shownCommand(one)}${where} yourself, and try an approach that reaches it.`;
}
