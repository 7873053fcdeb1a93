/** The small things all checks share: how a finding and a result are put together. */
import { sha256 } from "../base/ids.ts";
import type { Change, CheckResult, Finding } from "./check.ts";

/** A finding that stops the submission. */
export const blocking = (check: string, message: string, fix: string, place: { file?: string; line?: number } = {}): Finding => ({
  check,
  file: place.file ?? null,
  line: place.line ?? null,
  message,
  fix,
  blocks: true,
});

/** Same commits and options, same hash. */
const inputHash = (check: string, change: Change, options: unknown): string =>
  sha256(JSON.stringify([check, change.base, change.sha, change.files, options]));

export const result = (check: string, change: Change, options: unknown, findings: readonly Finding[], output = ""): CheckResult => ({
  check,
  findings,
  input: inputHash(check, change, options),
  // Measured by who runs the check.
  ms: 0,
  output,
});

/** A flood of findings helps nobody: the first so many, and one that counts the rest. */
export function capped(findings: readonly Finding[], max: number): readonly Finding[] {
  const [first] = findings;
  if (first === undefined || findings.length <= max) return findings;
  const rest = findings.length - max;
  return [...findings.slice(0, max), blocking(first.check, `and ${rest} more of this kind`, first.fix)];
}
