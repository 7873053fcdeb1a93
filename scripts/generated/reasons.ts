/** Why something does not move: the registry of reasons. */
import { REASONS, type WaitsFor } from "../../src/domain/why-codes.ts";
import { code, table } from "./table.ts";

const ON: Readonly<Record<WaitsFor, string>> = {
  you: "you",
  time: "time: it goes on by itself",
  others: "others in the swarm",
  host: "the host",
  nobody: "nobody",
};

export function reasonsTable(): string {
  return table(
    ["reason", "waits for", "what it means"],
    Object.entries(REASONS).map(([name, { waitsFor, means }]) => [code(name), ON[waitsFor], means]),
  );
}
