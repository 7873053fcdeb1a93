#!/usr/bin/env node
/**
 * A program that does one turn and ends: `one-turn.mjs [--resume <session>] [--mcp <file>]`, the prompt on stdin or behind
 * `--prompt <file>`. A line of the prompt that begins with `!` is an order: exit code · say text · session name · sleep ms ·
 * stubborn · child · huge bytes · env · fail text · whoami. It tells its arguments and what it remembers of a session.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const argument = (name) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined);
const print = (line) => void process.stdout.write(`${JSON.stringify(line)}\n`);
const prompt = argument("--prompt") ? readFileSync(argument("--prompt"), "utf8") : await stdin();
const session = argument("--resume");
const memory = `${process.cwd()}/memory.json`;
const before = session && existsSync(memory) ? JSON.parse(readFileSync(memory, "utf8")) : [];
writeFileSync(memory, JSON.stringify([...before, prompt]));
print({ args: process.argv.slice(2), prompt, before });

for (const [, order, rest] of prompt.matchAll(/^!(\w+) ?(.*)$/gm)) {
  if (order === "say") print({ text: rest, usage: { in: 5, out: 2 } });
  if (order === "session") print({ id: rest });
  if (order === "fail") print({ error: rest });
  if (order === "exit") process.exitCode = Number(rest);
  if (order === "err") process.stderr.write(`${rest}\n`);
  if (order === "env") print({ env: Object.keys(process.env).sort() });
  if (order === "huge") process.stdout.write(`{"text":"${"x".repeat(Number(rest))}"}\n`);
  if (order === "stubborn") process.on("SIGTERM", () => {});
  if (order === "child")
    print({ child: spawn(process.execPath, ["-e", "process.on('SIGTERM',()=>{});setInterval(()=>{},60000)"], { stdio: "ignore" }).pid });
  if (order === "holder") spawn(process.execPath, ["-e", "setInterval(()=>{},60000)"], { stdio: ["ignore", "inherit", "ignore"] }).unref();
  if (order === "sleep") await new Promise((resolve) => setTimeout(resolve, Number(rest)));
  if (order === "whoami") print({ text: await call("whoami") });
}

async function stdin() {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk;
  return text;
}

/** Calls a tool of the server in the file it was given, as any MCP client would. */
async function call(name) {
  const { url, headers } = JSON.parse(readFileSync(argument("--mcp"), "utf8")).mcpServers.skep;
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: {} } });
  const types = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  const answer = await fetch(url, { method: "POST", headers: { ...headers, ...types }, body });
  return (await answer.json()).result.content[0].text;
}
