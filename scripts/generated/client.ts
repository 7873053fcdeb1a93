/** What an operator's client is offered beside the tools, as it is told to the client. */
import { RESOURCES } from "../../src/tools/resources/index.ts";
import { code, table } from "./table.ts";

export function resourcesTable(): string {
  const rows = RESOURCES.map(({ template, mimeType, description }) => [code(template), mimeType, description]);
  return table(["resource", "as", "what it shows"], rows);
}
