import { type Client, commandArgv, commandEntry, SERVER } from "./client.ts";

export const vscode: Client = {
  title: "VS Code",
  file: ".vscode/mcp.json",
  format: "json",
  path: ["servers", SERVER],
  entry: (argv) => ({ type: "stdio", ...commandEntry(argv) }),
  argv: commandArgv,
  programs: ["code"],
  place: ".vscode",
  next: "open .vscode/mcp.json and press Start above the server, or MCP: List Servers",
};
