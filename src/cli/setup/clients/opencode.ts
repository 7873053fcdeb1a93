import { type Client, limitOf, SERVER } from "./client.ts";

export const opencode: Client = {
  title: "OpenCode",
  file: "opencode.json",
  format: "json",
  path: ["mcp", SERVER],
  // Its own limit for a server to come up is 5 s.
  entry: (argv) => ({ type: "local", command: argv, enabled: true, timeout: 60_000 }),
  argv: ({ command }) => (Array.isArray(command) ? command.map(String) : []),
  patience: ({ timeout }) => limitOf(timeout, 5_000),
  fresh: { $schema: "https://opencode.ai/config.json" },
  programs: ["opencode"],
  place: "opencode.json",
  harness: "opencode",
  next: "start opencode here; opencode mcp list shows the server",
};
