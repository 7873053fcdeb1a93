import { type Client, commandArgv, commandEntry, SERVER } from "./client.ts";

export const claude: Client = {
  title: "Claude Code",
  file: ".mcp.json",
  format: "json",
  path: ["mcpServers", SERVER],
  entry: commandEntry,
  argv: commandArgv,
  programs: ["claude"],
  place: ".mcp.json",
  harness: "claude",
  next: "start claude here and approve the server skep; /mcp shows it",
};
