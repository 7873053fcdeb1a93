/** Findings as a person at a terminal, or a hook, shows them: one line each. */
import type { CheckResult, Finding } from "../../checks/check.ts";
import { showPath } from "../../git/diff.ts";

export const isBlocked = (results: readonly CheckResult[]): boolean =>
  results.some(({ findings }) => findings.some(({ blocks }) => blocks));

/** `file:line: message (check). Fix: …`, what blocks first. */
export function findingLines(results: readonly CheckResult[]): readonly string[] {
  const all = results.flatMap(({ findings }) => findings);
  return [...all.filter(({ blocks }) => blocks), ...all.filter(({ blocks }) => !blocks)].map(line);
}

function line(finding: Finding): string {
  const { check, file, line: at, message, blocks } = finding;
  const place = file === null ? "" : `${showPath(file)}${at === null ? "" : `:${at}`}: `;
  return `${place}${blocks ? "" : "note: "}${message.replace(/[.\s]+$/, "")} (${check}). Fix: ${fixOf(finding)}`;
}

/** Checks speak to agents, about tasks; here a person reads. */
const OWN_FIXES: Readonly<Record<string, string>> = {
  secrets: "Read it from the environment and stage the file again; what only looks like a secret goes to checks.secrets.allow.",
  size: "Commit a part that stands by itself first; checks.size sets the limit.",
  scope: "Take the change to it back, or name it with --files.",
};

function fixOf({ check, fix, message }: Finding): string {
  if (message.startsWith("CHECK_FAILED")) return "This is not about your change: skep doctor, or report it.";
  return OWN_FIXES[check] ?? fix;
}
