/** An MCP client as a person sees one at work: its calls, and what the server answers. */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { MAIN, type Stage } from "./stage.ts";

type Facts = Record<string, unknown>;

const GOAL = "Orders can be exported as CSV and as JSON";
const MOST_WAITS = 40;

/** A swarm from its goal to your branch, with the question in the middle answered when it comes. */
export async function playClient(stage: Stage): Promise<string> {
  const client = new Client({ name: "your client", version: "1" });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [MAIN, "mcp"],
      cwd: stage.repository,
      env: { ...stage.env },
      stderr: "ignore",
    }),
  );
  const lines: string[] = [];
  const call = async (name: string, args: Facts): Promise<Facts> => {
    const answer = await client.callTool({ name, arguments: args });
    if (answer.isError) throw new Error(`${name} was refused: ${JSON.stringify(answer.content)}`);
    const facts = answer.structuredContent as Facts;
    lines.push(`→ ${name} ${JSON.stringify(args)}`, `← ${stage.readable(JSON.stringify(facts, null, 2)).replaceAll("\n", "\n  ")}`, "");
    return facts;
  };
  try {
    const { swarm } = await call("swarm_create", { goal: GOAL });
    let cursor = 0;
    for (let waits = 0; waits < MOST_WAITS; waits += 1) {
      const { cursor: next, gates, status } = await call("swarm_wait", { cursor });
      cursor = Number(next);
      if (Array.isArray(gates) && gates.length > 0) await call("gate_answer", { gate: "g1", answer: "semicolon" });
      if (status === "completed") break;
    }
    await call("swarm_land", { swarm });
    return lines.join("\n").trimEnd();
  } finally {
    await client.close();
  }
}
