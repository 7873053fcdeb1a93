/** The runner's words for what every adapter's stream says; the program behind it prints JSON lines. */
import { fileURLToPath } from "node:url";
import { command } from "../../../src/harness/command.ts";
import type { Dialect } from "./dialects.ts";

const out = (line: object) => ({ type: "out", id: "{{last}}", line: JSON.stringify(line) });

export const COMMAND_DIALECT: Dialect = {
  harness: command,
  fake: fileURLToPath(new URL("../../bin/fake-command.mjs", import.meta.url)),
  settings: {
    argv: ["agent", "{session}", "{mcp_file}"],
    resume: ["agent", "--resume", "{session}", "{mcp_file}"],
    output: { text: "text", inputTokens: "in", outputTokens: "out" },
    entry: "entry",
  },
  ready: [{ type: "ready" }],
  mcp: "unknown",
  onlyAsked: true,
  loose: "alive",
  tokenFile: "mcp.json",
  started: out({}),
  receipt: () => ({ type: "started", id: "{{last}}" }),
  text: (text) => out({ text, in: 7, out: 3 }),
  ended: (_text, error) => ({
    ...{ type: "exit", id: "{{last}}", code: error === null ? 0 : 1, signal: null },
    ...{ stderr: error ?? "", why: error === "interrupted" ? "cut" : "ended" },
  }),
  interrupted: [],
};
