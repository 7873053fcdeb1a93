/** Which of the swarm's rules a session is told. */
import { rulesFor } from "../catalog/rule-choice.ts";
import type { Rule } from "../catalog/rules.ts";
import type { Surroundings } from "../domain/briefing.ts";
import type { Settings } from "./settings.ts";

type Told = Pick<Surroundings, "rules" | "ruleCharacters">;

/** To who does a task: what may be about the files it owns. */
export const taskRules = (settings: Settings, files: readonly string[]): Told => told(settings, rulesFor(settings.rules, files));

/** To who reviews it: what is about the files that changed. Where a check decides, there is nothing to look for. */
export const reviewRules = (settings: Settings, changed: readonly string[]): Told =>
  told(
    settings,
    rulesFor(settings.rules, changed).filter(({ check }) => check === null),
  );

const told = ({ config }: Settings, rules: readonly Rule[]): Told => ({
  rules: rules.map(({ id, bullets }) => ({ id, bullets })),
  ruleCharacters: config.rules.characters,
});
