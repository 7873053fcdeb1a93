import { type Client, commandArgv, commandEntry, SERVER } from "./client.ts";

export const gemini: Client = {
  title: "Gemini CLI",
  file: ".gemini/settings.json",
  format: "json",
  path: ["mcpServers", SERVER],
  entry: commandEntry,
  argv: commandArgv,
  programs: ["gemini"],
  place: ".gemini",
  harness: "gemini",
  next: "start gemini here and trust the folder; /mcp shows the server",
};
