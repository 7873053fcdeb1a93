#!/usr/bin/env node
/** A worker without a model: `one-task.mjs <mcp file>` claims its task over MCP, writes out/<task>.txt, hands it in and ends. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const { url, headers } = JSON.parse(readFileSync(process.argv[2], "utf8")).mcpServers.skep;
const types = { "content-type": "application/json", accept: "application/json, text/event-stream" };
async function call(name, args = {}) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } });
  const { result } = await (await fetch(url, { method: "POST", headers: { ...headers, ...types }, body })).json();
  return { text: result.content[0].text, facts: result.structuredContent, isError: result.isError === true };
}

const { job } = (await call("whoami")).facts;
await call("task_claim");
mkdirSync("out", { recursive: true });
writeFileSync(`out/${job.task}.txt`, "written by a program\n");
const evidence = [`out/${job.task}.txt is there`];
const answer = await call("task_submit", { task: job.task, attempt: job.attempt, summary: "did what was asked", evidence });
process.stdout.write(`${JSON.stringify(answer.isError ? { error: answer.text } : { text: answer.text })}\n`);
