/**
 * A program as the operator of a swarm: it starts one, follows it, puts its questions to you, and lands the work.
 *
 *   node operator.mjs <repository> "<goal>" [answer…]
 *
 * Each answer given on the command line is taken for one question; when there are none left, you are asked.
 */
import { createInterface } from "node:readline/promises";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const [repository, goal, ...answers] = process.argv.slice(2);
if (!repository || !goal) {
  console.error('usage: node operator.mjs <repository> "<goal>" [answer…]');
  process.exit(2);
}

const client = new Client({ name: "operator", version: "1" });
// Of its own accord the SDK gives a server only a few variables; skep and its agents need your PATH and HOME.
const env = { ...process.env };
await client.connect(new StdioClientTransport({ command: "skep", args: ["mcp", "--toolset", "core"], cwd: repository, env }));

/** The facts of an answer. A refusal is one line: its code, what, why, and what to call next. */
async function call(name, args) {
  const { isError, content, structuredContent } = await client.callTool({ name, arguments: args }, undefined, { timeout: 90_000 });
  if (isError) throw new Error(content[0].text);
  return structuredContent;
}

async function answerTo({ gate, question, options }) {
  console.log(`${gate} asks: ${question}${options ? ` (${options.join(", ")})` : ""}`);
  const given = answers.shift();
  if (given !== undefined) return given;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const typed = await terminal.question("> ");
  terminal.close();
  return typed;
}

try {
  const { swarm } = await call("swarm_create", { goal });
  console.log(`${swarm} has begun`);
  // A wait returns with news, or after 50 seconds without. The cursor says what has been told, so nothing is told twice.
  for (let cursor; ; ) {
    const { news, gates = [], status, ...rest } = await call("swarm_wait", { swarm, ...(cursor === undefined ? {} : { cursor }) });
    for (const line of news) console.log(`  ${line}`);
    for (const gate of gates) {
      const answer = await answerTo(gate);
      await call("gate_answer", { swarm, gate: gate.gate, answer });
      console.log(`${gate.gate} is answered: ${answer}`);
    }
    cursor = rest.cursor;
    if (status === "completed") break;
    if (status === "failed" || status === "stopped") throw new Error(`the swarm is ${status}`);
  }
  const { target, sha } = await call("swarm_land", { swarm });
  console.log(`landed on ${target} at ${sha}`);
} finally {
  await client.close();
}
