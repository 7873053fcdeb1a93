/** The scripted model server on its own, spoken to as Claude Code speaks to it. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { parsePlaybook } from "../../src/agent/playbook.ts";
import { tempDir } from "../support/temp.ts";
import { type ModelServer, startModelServer } from "./server.ts";

let server: ModelServer | null = null;
afterEach(() => server?.close());

interface Block {
  readonly type: string;
  readonly id?: string;
  readonly name?: string;
  readonly text?: string;
  readonly input?: unknown;
}
const TOOLS = ["mcp__skep__whoami", "Write", "Read", "Bash"].map((name) => ({ name }));

async function ask(messages: readonly unknown[], cwd: string): Promise<readonly Block[]> {
  const body = JSON.stringify({
    model: "m",
    tools: TOOLS,
    system: [{ type: "text", text: `Primary working directory: ${cwd}` }],
    messages,
  });
  const answer = await fetch(`${server?.url}/v1/messages`, { method: "POST", body });
  return ((await answer.json()) as { content: readonly Block[] }).content;
}

test("[model.stateless] each answer follows from the conversation alone: reads before it overwrites, and goes on after a cut", async () => {
  const cwd = tempDir("model");
  writeFileSync(path.join(cwd, "a.txt"), "old\n");
  const playbook =
    "tasks: { t1: [{ say: now }, { edit: a.txt, append: more }, { crash: true }, { run: [npm, test, a b] }, { call: task_submit }] }";
  server = await startModelServer(parsePlaybook(playbook, "p.yaml"));
  const messages: unknown[] = [
    {
      role: "user",
      content: [
        { type: "text", text: "<system-reminder>x</system-reminder>" },
        { type: "text", text: "go" },
      ],
    },
  ];
  const said: string[] = [];
  for (const result of ['{"job":{"kind":"task","task":"t1","attempt":1}}', "1\told", "written", "passed", "accepted", null]) {
    const content = await ask(messages, cwd);
    // The same request again has the same answer: nothing is kept between two.
    expect((await ask(messages, cwd)).map(({ name, input, text }) => [name, input, text])).toEqual(
      content.map(({ name, input, text }) => [name, input, text]),
    );
    const call = content.find(({ type }) => type === "tool_use");
    said.push(content.map(({ name, text }) => name ?? text).join("+"));
    if (call?.name === "Write") expect(call.input).toEqual({ file_path: path.join(cwd, "a.txt"), content: "old\nmore" });
    if (call?.name === "Bash") expect(call.input).toMatchObject({ command: "npm test 'a b'" });
    messages.push({ role: "assistant", content });
    if (result === null) break;
    messages.push({ role: "user", content: [{ type: "tool_result", tool_use_id: call?.id, content: result }] });
    if (call?.name === "Bash") messages.push({ role: "user", content: "a letter, after a cut" });
  }
  expect(said).toEqual([...["mcp__skep__whoami", "now+Read", "now+Write", "Bash", "mcp__skep__task_submit"], "now"]);
  expect(server.faults).toEqual([]);
});

test("[model.faults] a playbook that does not fit is told to the model's reader and kept for the test", async () => {
  server = await startModelServer(parsePlaybook("tasks: {}", "p.yaml"));
  const start = [{ role: "user", content: "go" }];
  const [call] = await ask(start, "/");
  const result = { type: "tool_result", tool_use_id: call?.id, content: '{"role":"queen"}' };
  const end = await ask([...start, { role: "assistant", content: [call] }, { role: "user", content: [result] }], "/");
  expect(end[0]?.text).toContain("no script");
  expect(server.faults).toHaveLength(1);
});

test("[model.responses] behind OpenAI's Responses API the same playbook is told in Codex's tools: a namespace and one shell", async () => {
  const cwd = tempDir("model");
  const playbook =
    "tasks: { t1: [{ say: now }, { edit: src/a.txt, content: it's }, { run: [npm, test], expect: any }, { call: task_submit }] }";
  server = await startModelServer(parsePlaybook(playbook, "p.yaml"));
  const tools = [
    { type: "function", name: "exec_command" },
    { type: "namespace", name: "mcp__skep", tools: [{ name: "whoami" }, { name: "task_submit" }] },
  ];
  const user = (text: string) => ({ type: "message", role: "user", content: [{ type: "input_text", text }] });
  const input: unknown[] = [user(`<environment_context><cwd>${cwd}</cwd></environment_context>`), user("go")];
  const said: string[] = [];
  for (const result of [
    '{"job":{"kind":"task","task":"t1","attempt":1}}',
    "Process exited with code 0\n",
    "Process exited with code 1\n",
    "accepted",
  ]) {
    const answer = await fetch(`${server.url}/v1/responses`, {
      method: "POST",
      body: JSON.stringify({ model: "m", stream: true, tools, input }),
    });
    const done = (await answer.text())
      .split("\n")
      .filter((line) => line.startsWith("data: ") && line.includes("response.output_item.done"));
    const items = done.map((line) => JSON.parse(line.slice(6)).item as Record<string, string>);
    said.push(
      items.map(({ type, namespace, name, arguments: args }) => [type, namespace, name, args].filter(Boolean).join(" ")).join(" + "),
    );
    input.push(...items, { type: "function_call_output", call_id: items.at(-1)?.call_id, output: result });
  }
  expect(said).toEqual([
    "function_call mcp__skep whoami {}",
    `message + function_call exec_command {"cmd":"mkdir -p -- ${cwd}/src && printf %s 'it'\\\\''s' > ${cwd}/src/a.txt"}`,
    'function_call exec_command {"cmd":"npm test"}',
    "function_call mcp__skep task_submit {}",
  ]);
  server.failWith(500, { status: 429, body: { error: { type: "usage_limit_reached" } }, headers: { "retry-after": "7" } });
  const ask = () => fetch(`${server?.url}/v1/responses`, { method: "POST", body: "{}" });
  expect((await ask()).status).toBe(500);
  const limited = await ask();
  expect([limited.status, limited.headers.get("retry-after"), await limited.json()]).toEqual([
    429,
    "7",
    { error: { type: "usage_limit_reached" } },
  ]);
});

test("[model.chat] behind OpenAI's chat completions the same playbook is told in OpenCode's tools, streamed and whole", async () => {
  const cwd = tempDir("model");
  writeFileSync(path.join(cwd, "a.txt"), "old\n");
  const playbook = "tasks: { t1: [{ say: now }, { edit: a.txt, append: more }, { run: [curl, x], expect: fail }, { call: task_submit }] }";
  server = await startModelServer(parsePlaybook(playbook, "p.yaml"));
  const tools = ["skep_whoami", "read", "write", "bash"].map((name) => ({ type: "function", function: { name } }));
  const messages: unknown[] = [
    { role: "system", content: `<env>\n  Working directory: ${cwd}\n</env>` },
    { role: "user", content: [{ type: "text", text: "go" }] },
  ];
  const ask = async (stream: boolean) => {
    const body = JSON.stringify({ model: "m", stream, tools, messages });
    return (await fetch(`${server?.url}/v1/chat/completions`, { method: "POST", body })).text();
  };
  const said: string[] = [];
  for (const result of [
    '{"job":{"kind":"task","task":"t1","attempt":1}}',
    "1: old",
    "written",
    "The user has specified a rule",
    "accepted",
  ]) {
    const { message } = JSON.parse(await ask(false)).choices[0];
    const [call] = message.tool_calls;
    const streamed = await ask(true);
    expect(streamed).toContain(JSON.stringify(call.function.name));
    expect(streamed.trimEnd().endsWith("data: [DONE]")).toBe(true);
    said.push([message.content, call.function.name, call.function.arguments].filter(Boolean).join(" "));
    messages.push(message, { role: "tool", tool_call_id: call.id, content: result });
  }
  expect(said).toEqual([
    "skep_whoami {}",
    `now read {"filePath":"${cwd}/a.txt"}`,
    `now write {"filePath":"${cwd}/a.txt","content":"old\\nmore"}`,
    'bash {"command":"curl x","description":"Run a program"}',
    "skep_task_submit {}",
  ]);
  expect(server.faults).toEqual([]);
});
