/** The registry of checks. */
import { CHECKS } from "../../src/checks/index.ts";
import { code, table } from "./table.ts";

export function checksTable(): string {
  const rows = Object.values(CHECKS).map(({ id, summary, runsPrograms }) => [code(id), summary, runsPrograms === true ? "yes" : "no"]);
  return table(["check", "what it holds", "runs programs"], rows);
}
