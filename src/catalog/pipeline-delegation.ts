/**
 * Who does a task of a pipeline, where it is left open (`auto`): by its size, its files and what proves it, never by words
 * in its text. Pure, and every choice says why.
 */
import { count } from "../domain/foreign.ts";
import { DEFAULTS, type ModeSpec } from "../domain/modes/mode.ts";
import { isOneFile } from "../domain/overlap.ts";
import type { TaskDraft } from "./pipeline-schema.ts";
import { RESOLVER } from "./task-fit.ts";

/** Whether a program decides about it: a metric, a check of its own, or the project's tests. */
export function provedBy({ metric, checks, proof }: TaskDraft, commands: readonly string[]): string | null {
  if (metric !== undefined) return `the metric ${metric}`;
  if (checks.length > 0) return `${count(checks.length, "check")} of its own`;
  const runs = proof === "tests_pass" || proof === "fail_then_pass";
  return runs && commands.length > 0 ? `the command ${commands[0]} of the project` : null;
}

/**
 * Another role reads along, where a mistake is dear and no program would find it; null: one agent does it, as nearly always.
 * A role of its own, for whoever reads along would see what the author sees.
 */
export function readAlong(role: string, workers: readonly string[]): ModeSpec | null {
  const others = workers.filter((other) => other !== role && other !== RESOLVER);
  const reader = others.find((other) => other === "architect") ?? others[0];
  if (reader === undefined) return null;
  return {
    kind: "review",
    rounds: 2,
    seats: [
      { place: "lead", role },
      { place: "reader", role: reader },
    ],
  };
}

/** How many sessions a mode takes at most until there is a result, that of its lead among them; docs/modes.md has the table. */
export function sessionsOf({ kind, seats, rounds = DEFAULTS.rounds }: ModeSpec): number {
  const each = kind === "circling" ? 2 : 1;
  // A first version before, a sign-off after.
  const around = kind === "circling" ? 2 : 0;
  return seats.length * (each * rounds + around) + 1;
}

/**
 * One sentence, as a plan's `because` has it: the task is its subject.
 * @param proved what decides about it beside a review; null: nothing.
 * @param risky why its risk is high; null: it is not.
 * @param mode where somebody reads along.
 */
export function delegate(task: TaskDraft, proved: string | null, risky: string | null, mode: ModeSpec | null): string {
  const size = sizeOf(task);
  const risk = risky === null ? "" : `; its risk is high, so a review looks at risks first: ${risky}`;
  if (mode !== null) {
    const [, reader] = mode.seats;
    return `is done by one agent while the role ${reader?.role} reads along, at most ${sessionsOf(mode)} sessions, and always reviewed by another: ${size}, no metric or check proves the result${risk}`;
  }
  return proved === null
    ? `is done by one agent and always reviewed by another: ${size}, and no metric or check proves the result${risk}`
    : `is done by one agent: ${size}, and ${proved} decides about the result${risk}`;
}

function sizeOf({ scope, acceptance }: TaskDraft): string {
  const wide = scope.filter((pattern) => !isOneFile(pattern)).length;
  const files = scope.length === 0 ? "no file" : wide === 0 ? count(scope.length, "file") : `files under ${count(scope.length, "pattern")}`;
  return `${files}, ${acceptance.length === 1 ? "one criterion" : `${acceptance.length} criteria`}`;
}
