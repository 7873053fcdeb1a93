/**
 * Which checks a submission goes through and with what options: one list, one line per check, and in the functions below
 * one line per source of its options. Everything comes from the settings of the base commit, so that no agent changes what
 * judges it.
 */

import { patternOptions } from "../catalog/patterns.ts";
import { CHECKS } from "../checks/index.ts";
import type { CheckOrder } from "../checks/run-checks.ts";
import type { TaskCheck } from "../domain/task.ts";
import type { CheckCommand, Settings } from "./settings.ts";

/** What the checks of a submission depend on. */
export interface Submission {
  readonly role: string;
  /** The task's files: globs. */
  readonly files: readonly string[];
  /** Programs the plan states for it alone. */
  readonly ownChecks?: readonly TaskCheck[];
}

export function checkOrders(settings: Settings, about: Submission): readonly CheckOrder[] {
  const { config } = settings;
  const { checks } = config;
  return [
    { check: "scope", options: {} },
    { check: "secrets", options: checks.secrets },
    { check: "forbidden-patterns", options: { patterns: forbidden(settings, about) } },
    ...some("required-outputs", outputs(settings, about), "outputs"),
    { check: "dangerous-output", options: checks.dangerous },
    { check: "dependencies", options: checks.dependencies },
    { check: "size", options: checks.size },
    ...(checks.mergePreview === "off" ? [] : [{ check: "merge-preview", options: { on: checks.mergePreview } }]),
    ...some("commands", commands(settings, about), "commands"),
    ...some("task-checks", about.ownChecks ?? [], "checks"),
    // Last: a metric takes the worktree to the base and back.
    ...some("metric", checks.metrics, "metrics", { setupMinutes: config.worktree.setupMinutes }),
  ];
}

/** Only those that run programs of the project: what a merge result has to pass, whoever made it. */
export const programOrders = (settings: Settings, about: Submission): readonly CheckOrder[] =>
  checkOrders(settings, about).filter(({ check }) => CHECKS[check]?.runsPrograms === true);

const forbidden = ({ config, roles, rules }: Settings, { role }: Submission): readonly unknown[] => [
  ...config.checks.forbidden,
  ...patternOptions(`role ${role}`, roles[role]?.forbiddenPatterns ?? []),
  ...rules.flatMap(({ id, patterns, paths }) => patternOptions(`rule ${id}`, patterns, paths)),
];

const outputs = ({ roles }: Settings, { role }: Submission): readonly unknown[] =>
  (roles[role]?.requiredOutputs ?? []).map(({ path, content, description }) => ({ path, content, description }));

const commands = ({ checks, roles }: Settings, { role }: Submission): readonly CheckCommand[] => [
  ...checks,
  ...(roles[role]?.checks ?? []),
];

/** A check that has nothing to look for is not run at all. */
const some = (check: string, list: readonly unknown[], under: string, more: object = {}): readonly CheckOrder[] =>
  list.length === 0 ? [] : [{ check, options: { ...more, [under]: list } }];

/** What a briefing tells of them: commands an agent can run itself come first, with their arguments. */
export function checkNames(
  settings: Settings,
  about: Submission,
): readonly { readonly name: string; readonly argv: readonly string[] | null }[] {
  return [
    ...commands(settings, about).map(({ name, argv }) => ({ name, argv })),
    ...(about.ownChecks ?? []).map(({ argv, expect }) => ({ name: expect === "fail" ? "must fail" : "of this task", argv })),
    ...settings.config.checks.metrics.map(({ name, argv }) => ({ name: `metric ${name}`, argv })),
    ...checkOrders(settings, about)
      .filter(({ check }) => CHECKS[check]?.runsPrograms !== true)
      .map(({ check }) => ({ name: check === "size" ? sizeName(settings) : check, argv: null })),
  ];
}

const sizeName = ({ config }: Settings): string =>
  config.checks.size.lines === null ? "size" : `size (at most ${config.checks.size.lines} changed lines)`;
