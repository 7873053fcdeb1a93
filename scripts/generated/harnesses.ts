/** The agent CLIs skep can drive. */
import type { Capabilities, Harness } from "../../src/harness/harness.ts";
import { HARNESSES } from "../../src/harness/index.ts";
import { code, table } from "./table.ts";

const SAYS: Readonly<Record<keyof Capabilities, string>> = {
  steer: "takes mail while it works",
  interrupt: "can be interrupted",
  resume: "continues a dead session",
  receipts: "proves what it read",
  cost: "tells its cost",
  toolPolicy: "enforces the preset itself",
  watchable: "shows what it does",
};

export function harnessesTable(): string {
  const rows = Object.values(HARNESSES).map(({ id, provider, tried, capabilities }: Harness) => {
    const powers = Object.entries(SAYS).filter(([power]) => capabilities[power as keyof Capabilities]);
    return [code(id), provider, tried ?? "–", powers.map(([, words]) => words).join(", ")];
  });
  return table(["harness", "provider", "tried with", "what it can"], rows);
}
