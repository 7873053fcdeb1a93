/** The small things all checks share: how a finding and a result are put together. */
import { sha256 } from "../base/ids.ts";
import type { Change, CheckResult, Finding, Measured } from "./check.ts";

/** A finding that stops the submission. */
export const blocking = (check: string, message: string, fix: string, place: { file?: string; line?: number } = {}): Finding => ({
  check,
  file: place.file ?? null,
  line: place.line ?? null,
  message,
  fix,
  blocks: true,
});

/** What the reviewer is told; it stops nothing. */
export const note = (check: string, message: string, fix: string, place: { file?: string; line?: number } = {}): Finding => ({
  ...blocking(check, message, fix, place),
  blocks: false,
});

/** Same commits and options, same hash. */
const inputHash = (check: string, change: Change, options: unknown): string =>
  sha256(JSON.stringify([check, change.base, change.sha, change.files, options]));

export const result = (
  check: string,
  change: Change,
  options: unknown,
  findings: readonly Finding[],
  output = "",
  measured: readonly Measured[] = [],
): CheckResult => ({
  check,
  findings,
  input: inputHash(check, change, options),
  // Measured by who runs the check.
  ms: 0,
  output,
  ...(measured.length > 0 ? { measured } : {}),
});

/** A flood of findings helps nobody: the first so many, and one that counts the rest. */
export function capped(findings: readonly Finding[], max: number): readonly Finding[] {
  if (findings.length <= max) return findings;
  // What blocks comes first, or notes could push it out of sight.
  const sorted = [...findings.filter(({ blocks }) => blocks), ...findings.filter(({ blocks }) => !blocks)];
  const [next] = sorted.slice(max);
  if (next === undefined) return sorted;
  return [...sorted.slice(0, max), { ...next, file: null, line: null, message: `and ${sorted.length - max} more of this kind` }];
}
