/**
 * Who does a task of a pipeline, where it is left open (`auto`): by its size, its files and what proves it, never by words
 * in its text. Pure, and every choice says why.
 */
import { count } from "../domain/foreign.ts";
import { isOneFile } from "../domain/overlap.ts";
import type { TaskDraft } from "./pipeline-schema.ts";

/** Whether a program decides about it: a metric, a check of its own, or the project's tests. */
export function provedBy({ metric, checks, proof }: TaskDraft, commands: readonly string[]): string | null {
  if (metric !== undefined) return `the metric ${metric}`;
  if (checks.length > 0) return `${count(checks.length, "check")} of its own`;
  const runs = proof === "tests_pass" || proof === "fail_then_pass";
  return runs && commands.length > 0 ? `the command ${commands[0]} of the project` : null;
}

/**
 * One sentence, as a plan's `because` has it: the task is its subject.
 * @param proved what decides about it beside a review; null: nothing.
 * @param risky why its files are of high risk; null: they are not.
 */
export function delegate(task: TaskDraft, proved: string | null, risky: string | null): string {
  const size = sizeOf(task);
  const risk = risky === null ? "" : `; its risk is high, so a review looks at risks first: ${risky}`;
  return proved === null
    ? `is done by one agent and always reviewed by another: ${size}, and no metric or check proves the result${risk}`
    : `is done by one agent: ${size}, and ${proved} decides about the result${risk}`;
}

function sizeOf({ scope, acceptance }: TaskDraft): string {
  const wide = scope.filter((pattern) => !isOneFile(pattern)).length;
  const files = scope.length === 0 ? "no file" : wide === 0 ? count(scope.length, "file") : `files under ${count(scope.length, "pattern")}`;
  return `${files}, ${acceptance.length === 1 ? "one criterion" : `${acceptance.length} criteria`}`;
}
