/** Puts the checks into git's hooks or an agent CLI's, and takes them out again: as a list of file changes, one place per line. */
import { runningProgram } from "../../engine/host/program.ts";
import type { Checkout } from "../../git/own-change.ts";
import type { FileChange } from "./file-change.ts";
import { gitHooks } from "./git-hooks.ts";
import { settingsHook } from "./settings-hook.ts";

export { changeText, perform } from "./file-change.ts";

export const PLACES = ["git", "claude", "codex"] as const;
export type HookPlace = (typeof PLACES)[number];

export interface HookPlan {
  readonly changes: readonly FileChange[];
  /** What the person does, or should know, afterwards. */
  readonly note: string;
}
/** @param program how a hook starts skep. */
export type PlanHook = (place: Checkout, verb: "install" | "remove", program: readonly string[]) => Promise<HookPlan>;

const PLANS: Readonly<Record<HookPlace, PlanHook>> = {
  git: gitHooks,
  claude: settingsHook("claude", "Claude Code reads it when its next session starts."),
  codex: settingsHook("codex", "Codex runs it when you have trusted it: open Codex here and look at /hooks."),
};

export const planHooks = (place: Checkout, verb: "install" | "remove", where: HookPlace): Promise<HookPlan> =>
  PLANS[where](place, verb, hookProgram());

/** The program that runs now, by its absolute path; what npx put into its cache is gone any day, so npx is asked again. */
export function hookProgram(program: readonly string[] = runningProgram()): readonly string[] {
  return program.some((word) => /[/\\]_npx[/\\]/.test(word)) ? ["npx", "-y", "skep"] : program;
}
