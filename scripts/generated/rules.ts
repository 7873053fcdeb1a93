/** The rules that come with the package. */
import { loadCatalog } from "../../src/catalog/catalog.ts";
import type { Rule } from "../../src/catalog/rules.ts";
import { shippedFiles } from "../../src/catalog/shipped.ts";
import { code, table } from "./table.ts";

export function rulesTable(): string {
  const rules = [...loadCatalog({ shipped: shippedFiles(), project: [] }).rules.values()];
  const rows = rules.map((rule) => [code(rule.id), rule.title, rule.kind, rule.tier, holds(rule), about(rule), decides(rule)]);
  return table(["rule", "about", "kind", "tier", "holds when there is", "files", "what a program decides"], rows);
}

const holds = ({ detect }: Rule): string => (detect === null ? "always" : detect.map(code).join(" "));
const about = ({ paths }: Rule): string => (paths === null ? "all" : paths.map(code).join(" "));

function decides({ check, patterns }: Rule): string {
  const messages = [...new Set(patterns.map(({ message }) => message))];
  return [...(check === null ? [] : [`the check ${code(check)}`]), ...messages].join("; ");
}
