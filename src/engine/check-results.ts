/** What checks found, as it is recorded: one line per check, and what the author reads of those that stop the work. */
import type { CheckResult } from "../checks/check.ts";
import type { CheckSum, Prose } from "../domain/model.ts";
import type { SwarmHandle } from "./api.ts";

const OUTPUT_CHARS = 1_500;

export const sumsOf = (results: readonly CheckResult[]): readonly CheckSum[] =>
  results.map(({ check, findings, input, ms, measured }) => ({
    ...{ check, input },
    passed: !findings.some(({ blocks }) => blocks),
    ms: Math.round(ms),
    ...(measured ? { measured } : {}),
  }));

export async function findingsOf(
  results: readonly CheckResult[],
  swarm: Pick<SwarmHandle, "keep">,
): Promise<{ readonly findings: Prose | null; readonly findingsCount: number }> {
  const blocking = results.flatMap(({ findings, output }) =>
    // The author reads a failing program's own words, at the end of its output.
    findings.flatMap((finding) =>
      finding.blocks ? [{ ...finding, ...(output === "" ? {} : { output: output.slice(-OUTPUT_CHARS) }) }] : [],
    ),
  );
  return { findings: blocking.length === 0 ? null : await swarm.keep(JSON.stringify(blocking)), findingsCount: blocking.length };
}
