/** Every setting, a table for each section of the file: its value, default, where it may stand, what it does. */
import { type ConfigField, configFields, userFields } from "../../src/config/fields.ts";
import { code, table } from "./table.ts";

/** The pages that tell more of a section. */
const MORE: Readonly<Record<string, string>> = {
  team: "[Roles and teams](roles.md)",
  automation: "[How often a swarm asks you](gates.md#how-often-a-swarm-asks-you)",
  checks: "[Checks](checks.md)",
  review: "[Reviews](reviews.md)",
  merge: "[Merging](merging.md)",
  rules: "[Rules](rules.md)",
  supervision: "[Supervision](supervision.md)",
  budgets: "[Budgets](budgets.md)",
  floods: "[Supervision](supervision.md)",
  scaling: "[How a swarm grows and shrinks](scaling.md)",
  harness: "[Agent CLIs](agents.md), [permissions](permissions.md)",
  land: "[Landing](landing.md)",
  notify: "[Notifications](gates.md#notifications)",
};

export function configSections(): string {
  const fields = [...configFields(), ...userFields()];
  const names = [...new Set(fields.map(sectionOf))];
  return names
    .map((name) =>
      section(
        name,
        fields.filter((field) => sectionOf(field) === name),
      ),
    )
    .join("\n\n");
}

const sectionOf = ({ path }: ConfigField): string => path.split(".")[0] ?? path;

function section(name: string, fields: readonly ConfigField[]): string {
  const rows = fields.map((field) => [code(field.path), field.type, code(JSON.stringify(field.default) ?? ""), where(field), field.about]);
  const more = MORE[name] ? `More: ${MORE[name]}.\n\n` : "";
  return `## ${name}\n\n${more}${table(["setting", "value", "default", "in", "what it does"], rows)}`;
}

const OWN: ReadonlySet<string> = new Set(userFields().map(({ path }) => path));

function where({ path, env }: ConfigField): string {
  if (OWN.has(path)) return "your own file";
  return env === null ? "either file" : "either file, variable";
}
