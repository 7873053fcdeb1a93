import { type Client, commandArgv, commandEntry, limitOf, SERVER } from "./client.ts";

export const codex: Client = {
  title: "Codex",
  file: ".codex/config.toml",
  format: "toml",
  path: ["mcp_servers", SERVER],
  // Its own limits are 10 s to start, which npx with an empty cache may need, and 60 s for a call.
  entry: (argv) => ({ ...commandEntry(argv), startup_timeout_sec: 60, tool_timeout_sec: 120 }),
  argv: commandArgv,
  patience: ({ startup_timeout_sec: set }) => limitOf(set, 10) * 1_000,
  programs: ["codex"],
  place: ".codex",
  harness: "codex",
  next: "start codex here and trust the folder: of others it reads no settings; /mcp shows the server",
};
