/**
 * Which checks a submission goes through and with what options: one list, one line per check, and in the functions below
 * one line per source of its options. Everything comes from the settings of the base commit, so that no agent changes what
 * judges it.
 */

import { CHECKS } from "../checks/index.ts";
import type { CheckOrder } from "../checks/run-checks.ts";
import type { CheckCommand, Settings } from "./settings.ts";

/** What the checks of a submission depend on. */
export interface Submission {
  readonly role: string;
  /** The task's files: globs. */
  readonly files: readonly string[];
}

export function checkOrders(settings: Settings, about: Submission): readonly CheckOrder[] {
  const { checks } = settings.config;
  return [
    { check: "scope", options: {} },
    { check: "secrets", options: checks.secrets },
    { check: "forbidden-patterns", options: { patterns: forbidden(settings, about) } },
    { check: "commands", options: { commands: commands(settings, about) } },
  ];
}

/** Only those that run programs of the project: what a merge result has to pass, whoever made it. */
export const programOrders = (settings: Settings, about: Submission): readonly CheckOrder[] =>
  checkOrders(settings, about).filter(({ check }) => CHECKS[check]?.runsPrograms === true);

const forbidden = ({ config }: Settings, _about: Submission): readonly unknown[] => [...config.checks.forbidden];

const commands = ({ checks, roles }: Settings, { role }: Submission): readonly CheckCommand[] => [
  ...checks,
  ...(roles[role]?.checks ?? []),
];

/** What a briefing tells of them: commands an agent can run itself come first, with their arguments. */
export function checkNames(
  settings: Settings,
  about: Submission,
): readonly { readonly name: string; readonly argv: readonly string[] | null }[] {
  return [
    ...commands(settings, about).map(({ name, argv }) => ({ name, argv })),
    ...checkOrders(settings, about)
      .filter(({ check }) => check !== "commands")
      .map(({ check }) => ({ name: check, argv: null })),
  ];
}
