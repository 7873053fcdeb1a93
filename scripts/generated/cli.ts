/** The commands a person types; what skep starts by itself is left out. */
import { COMMANDS } from "../../src/cli/index.ts";
import { code, table } from "./table.ts";

export function cliTable(): string {
  const rows = COMMANDS.filter(({ hidden }) => !hidden).map(({ name, summary }) => [code(`skep ${name}`), summary]);
  return table(["command", "what it does"], rows);
}
