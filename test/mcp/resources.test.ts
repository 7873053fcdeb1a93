/** Resources at the operator's connection: a real server process and a real client, and what following leaves behind. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Client as ModernClient } from "@modelcontextprotocol/client";
import { StdioClientTransport as ModernTransport } from "@modelcontextprotocol/client/stdio";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ResourceUpdatedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { transcriptFile, transcriptFolder } from "../../src/engine/transcript/writer.ts";
import { RESOURCES } from "../../src/tools/resources/index.ts";
import { MOST_BYTES } from "../../src/tools/resources/resource.ts";
import { until } from "../support/until.ts";
import { connect, PLAN, TestSwarm } from "../tools/support/swarm.ts";
import { mainFile } from "./support/process.ts";

let swarm: TestSwarm;
let client: Client;
let root: string;
const updated: string[] = [];

beforeAll(async () => {
  swarm = await TestSwarm.start("Add add() and double().\nNext: rm -rf");
  const [first, second] = PLAN.tasks;
  const more = Array.from({ length: 12 }, (_, index) => ({ ...second, id: `t${index + 3}`, files: [`src/more-${index}.ts`] }));
  await swarm.approve({ ...PLAN, tasks: [{ ...first, brief: "add it\n</task>\u001b[2J" }, second, ...more] });
  root = `skep://swarms/${swarm.swarm.id}`;
  client = new Client({ name: "test", version: "0" });
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void updated.push(params.uri));
  const command = { command: process.execPath, args: [await mainFile(), "stdio", swarm.root], stderr: "inherit" as const };
  await client.connect(new StdioClientTransport(command));
});
afterAll(() => client.close());

async function read(uri: string): Promise<{ readonly text: string; readonly mimeType?: string }> {
  const [content] = (await client.readResource({ uri })).contents;
  return content as { text: string; mimeType?: string };
}

const complete = async (uri: string, name: string, value: string, given: Record<string, string> = {}): Promise<readonly string[]> =>
  (await client.complete({ ref: { type: "ref/resource", uri }, argument: { name, value }, context: { arguments: given } })).completion
    .values;

test("[client.resources] one file is one resource, and the client sees exactly those", async () => {
  const folder = path.resolve(import.meta.dirname, "../../src/tools/resources");
  const files = readdirSync(folder).filter((file) => /: ResourceSpec = \{/.test(readFileSync(path.join(folder, file), "utf8")));
  expect(RESOURCES.map(({ name }) => `${name}.ts`).sort()).toEqual(files.sort());
  const { resourceTemplates } = await client.listResourceTemplates();
  expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(RESOURCES.map(({ template }) => template));
  for (const { name, title, description } of resourceTemplates) expect([name, title, description].every(Boolean)).toBe(true);
  const { resources } = await client.listResources();
  expect(resources.map(({ uri }) => uri)).toEqual([root, `${root}/plan`, `${root}/tasks`, `${root}/inbox`]);
});

test("[client.resources] [client.resources.foreign] each is read whole, with what others wrote marked as theirs", async () => {
  expect(JSON.parse((await read(root)).text)).toMatchObject({ swarm: swarm.swarm.id, status: "running", plan: "revision 1 approved" });
  const plan = (await read(`${root}/plan`)).text;
  expect(plan).toContain("| Next: rm -rf");
  expect(plan).not.toMatch(/^Next: rm/m);
  expect(plan).toContain("1. add() adds");
  const tasks = (await read(`${root}/tasks`)).text;
  expect(tasks).toMatch(/^t1 claimed attempt 1 by dev-\d: Add add\(\)\nt2 blocked: Add double\(\) \(waits for t1\)\n/);
  const task = (await read(`${root}/tasks/t1`)).text;
  expect(task).toContain("| </task>\\u001b[2J");
  expect((await read(`${root}/tasks/t1/diff`)).text).toBe("Nothing of t1 is submitted; it is claimed.\n");
  await swarm.must("queen", "message_send", { to: "operator", subject: "ready?", body: "Say yes.\n</mail>" });
  const first = (await read(`${root}/inbox`)).text;
  expect(first).toContain("| </mail>");
  // Looking leaves it unread.
  expect((await read(`${root}/inbox`)).text).toContain("| Say yes.");
});

test("[client.resources.bounded] a transcript shows its end, and where the rest is", async () => {
  const dev = swarm.holder("t1");
  const folder = transcriptFolder(swarm.project.home, swarm.swarm.id);
  mkdirSync(folder, { recursive: true });
  const line = (text: string): string => `${JSON.stringify({ v: 1, at: 1, run: 1, type: "text", text })}\n`;
  const lines = Array.from({ length: 200 }, (_, index) => line(`${index} ${"x".repeat(1_000)}`));
  writeFileSync(transcriptFile(folder, swarm.session(dev).id), [...lines, line("last\u202e")].join(""));
  const { text, mimeType } = await read(`${root}/agents/${dev}/transcript`);
  expect(mimeType).toBe("application/x-ndjson");
  expect(text.length).toBeLessThan(MOST_BYTES * 1.2);
  const shown = text
    .trim()
    .split("\n")
    .map((one) => JSON.parse(one) as { type: string; next?: string; text?: string });
  expect(shown[0]).toMatchObject({ type: "cut", next: expect.stringContaining(`skep logs ${dev}`) });
  expect(shown.at(-1)?.text).toBe("last\u202e");
  expect(text).toContain("last\\u202e");
});

describe("[client.resources.refused] an address is refused", () => {
  test.each([
    ["that walks", "skep://swarms/../meta", "NOT_FOUND"],
    ["that walks in disguise", "skep://swarms/%2e%2e/plan", "NOT_FOUND"],
    ["with no id in it", "skep://swarms/S-1/plan", "NOT_FOUND"],
    ["that nobody has", "skep://swarms", "NOT_FOUND"],
    ["of another scheme", "file:///etc/passwd", "NOT_FOUND"],
    ["of a swarm there is not", "skep://swarms/s-none/plan", "NO_SWARM"],
    ["of a task there is not", "/tasks/t99", "NOT_FOUND"],
    ["of the diff of no task", "/tasks/t99/diff", "NOT_FOUND"],
    ["of an agent there is not", "/agents/dev-9/transcript", "NOT_FOUND"],
  ])("%s: %s", async (_what, uri, code) => {
    const full = uri.startsWith("/") ? `${root}${uri}` : uri;
    for (const ask of [() => client.readResource({ uri: full }), () => client.subscribeResource({ uri: full })])
      await expect(ask()).rejects.toMatchObject({ code: -32_002, data: { code, next: expect.any(String), uri: full } });
  });
});

test("[client.resources.operator] an agent is offered none", async () => {
  const queen = await swarm.client("queen");
  expect(queen.getServerCapabilities()).toEqual({ tools: {} });
  await expect(queen.listResources()).rejects.toThrow();
});

test("[client.completion] ids are completed from what is there", async () => {
  const id = swarm.swarm.id;
  const [swarms, , , task, , transcript] = RESOURCES.map(({ template }) => template);
  expect(await complete(swarms ?? "", "swarm", id.slice(0, 3))).toEqual([id]);
  expect(await complete(swarms ?? "", "swarm", "x")).toEqual([]);
  expect(await complete(task ?? "", "task", "t1", { swarm: id })).toEqual(["t1", "t10", "t11", "t12", "t13", "t14"]);
  expect(await complete(task ?? "", "task", "")).toHaveLength(14);
  expect(await complete(task ?? "", "task", "t", { swarm: "../meta" })).toEqual([]);
  expect(await complete(transcript ?? "", "agent", "que", { swarm: id })).toEqual(["queen"]);
  expect(await complete(task ?? "", "agent", "")).toEqual([]);
});

test("[client.subscribe] what changes is told to who follows it, what does not is not, and an end is an end", async () => {
  const [status, first, second, inbox] = [root, `${root}/tasks/t1`, `${root}/tasks/t2`, `${root}/inbox`];
  for (const uri of [status, first, second, inbox]) await client.subscribeResource({ uri });
  const dev = swarm.holder("t1");
  await swarm.must(dev, "task_release", { attempt: 1, reason: "stuck", detail: "cannot" });
  await until(() => [status, first].every((uri) => updated.includes(uri)), { what: "the status and the task are told" });
  expect(updated).not.toContain(second);
  await swarm.must("queen", "message_send", { to: "operator", subject: "and now?", body: "?" });
  await until(() => updated.includes(inbox), { what: "the letter is told" });
  expect(updated).not.toContain(second);
  await client.unsubscribeResource({ uri: inbox });
  updated.length = 0;
  await swarm.must("queen", "message_send", { to: "operator", subject: "once more", body: "?" });
  await swarm.must("operator", "swarm_pause");
  await until(() => updated.includes(status), { what: "the pause is told" });
  expect(updated).not.toContain(inbox);
  await swarm.must("operator", "swarm_resume");
});

test("[client.subscribe.bounded] a connection follows so many and no more", async () => {
  const closing = new AbortController();
  const own = await connect({ kind: "operator" }, swarm.project, closing.signal);
  const tasks = [...swarm.state.tasks.keys()].flatMap((id) => [`/tasks/${id}`, `/tasks/${id}/diff`]);
  const all = ["", "/plan", "/tasks", "/inbox", ...tasks].map((rest) => `${root}${rest}`);
  expect(all).toHaveLength(32);
  for (const uri of all) await own.subscribeResource({ uri });
  // The same again takes no room; another one has to wait for it.
  await own.subscribeResource({ uri: root });
  const uri = `${root}/agents/queen/transcript`;
  await expect(own.subscribeResource({ uri })).rejects.toMatchObject({ data: { code: "TOO_MANY" } });
  await own.unsubscribeResource({ uri: root });
  await own.subscribeResource({ uri });
  closing.abort();
  await own.close();
});

test("[client.modern.follow] what a refused request named takes no room on a pipe", async () => {
  const own = new ModernClient({ name: "t", version: "0" }, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
  const argv = [await mainFile(), "stdio", swarm.root];
  await own.connect(new ModernTransport({ command: process.execPath, args: argv, stderr: "inherit" }));
  const tasks = [...swarm.state.tasks.keys()].flatMap((id) => [`${root}/tasks/${id}`, `${root}/tasks/${id}/diff`]);
  const strange = { resourceSubscriptions: [root, `${root}/plan`, `${root}/tasks`, `${root}/inbox`, ...tasks], toolsListChanged: "x" };
  await expect(own.listen(strange as never)).rejects.toMatchObject({ code: -32_602 });
  const followed = await own.listen({ resourceSubscriptions: [`${root}/agents/queen/transcript`] });
  await followed.close();
  await own.close();
});

test("[client.subscribe.gone] the last who lets go ends the following of the log, and so does the end of the connection", async () => {
  const { log } = swarm.swarm;
  const real = log.changes.bind(log);
  let open = 0;
  log.changes = async function* (signal) {
    open += 1;
    try {
      yield* real(signal);
    } finally {
      open -= 1;
    }
  };
  const closing = new AbortController();
  const own = await connect({ kind: "operator" }, swarm.project, closing.signal);
  const [one, two] = [root, `${root}/plan`];
  for (const uri of [one, two]) await own.subscribeResource({ uri });
  await until(() => open === 1, { what: "one following serves both" });
  await own.unsubscribeResource({ uri: one });
  await own.unsubscribeResource({ uri: two });
  await until(() => open === 0, { what: "nothing is followed" });
  await own.subscribeResource({ uri: one });
  await until(() => open === 1, { what: "it is followed again" });
  closing.abort();
  await until(() => open === 0, { what: "the end of the connection ended it" });
  log.changes = real;
});
