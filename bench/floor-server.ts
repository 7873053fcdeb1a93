/**
 * The least an MCP server on the same SDK is: one tool over stdio, which stores a text durably. Bundled at bench time the way
 * skep is, so that start-up compares servers and not packaging.
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { z } from "zod";
import { bareStore } from "./bare.ts";

const folder = process.argv[2] ?? mkdtempSync(path.join(tmpdir(), "skep-floor-"));
const server = new McpServer({ name: "floor", version: "0.0.0" });
let stored = 0;

server.registerTool(
  "store",
  { title: "Store", description: "Stores a text durably.", inputSchema: { text: z.string().describe("The text") } },
  ({ text }) => {
    bareStore(folder, String(stored++), text);
    return { content: [{ type: "text", text: "stored" }] };
  },
);
process.stdin.on("end", () => process.exit(0));
await server.connect(new StdioServerTransport());
