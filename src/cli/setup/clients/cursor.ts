import { type Client, commandArgv, commandEntry, SERVER } from "./client.ts";

export const cursor: Client = {
  title: "Cursor",
  file: ".cursor/mcp.json",
  format: "json",
  path: ["mcpServers", SERVER],
  entry: commandEntry,
  argv: commandArgv,
  programs: ["cursor", "cursor-agent"],
  place: ".cursor",
  next: "open the project and switch skep on under Settings, MCP",
};
