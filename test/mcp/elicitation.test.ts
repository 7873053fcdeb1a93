/** Gates as questions in the operator's client: a real server process, a real client over a pipe. */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ElicitRequestSchema, type ElicitResult } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Gate } from "../../src/domain/model.ts";
import { until } from "../support/until.ts";
import { ask, TestSwarm } from "../tools/support/swarm.ts";
import { mainFile } from "./support/process.ts";

let swarm: TestSwarm;
const clients: Client[] = [];
beforeEach(async () => {
  swarm = await TestSwarm.start();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

interface Put {
  readonly message: string;
  readonly properties: Readonly<Record<string, { readonly type: string; readonly enum?: readonly string[] }>>;
  readonly taken: AbortSignal;
  reply(result: ElicitResult): void;
}

/** A client with somebody at it, whose dialogs the test sees and answers. */
async function seat(capable = true): Promise<{ readonly client: Client; readonly puts: readonly Put[] }> {
  const client = new Client({ name: "desk\u001b[31m", version: "1" }, { capabilities: capable ? { elicitation: { form: {} } } : {} });
  const puts: Put[] = [];
  if (capable)
    client.setRequestHandler(ElicitRequestSchema, ({ params }, { signal }) => {
      const properties = "requestedSchema" in params ? (params.requestedSchema.properties as Put["properties"]) : {};
      return new Promise<ElicitResult>((reply) => puts.push({ message: params.message, properties, taken: signal, reply }));
    });
  clients.push(client);
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [await mainFile(), "stdio", swarm.root], stderr: "inherit" }),
  );
  return { client, puts };
}

const put = (puts: readonly Put[], n: number): Promise<Put> => until(() => puts[n - 1], { what: `question ${n} is put` });
const cursorOf = async (client: Client): Promise<number> => (await ask(client, "swarm_wait")).facts.cursor as number;
const gate = (id: string): Gate | undefined => swarm.state.gates.get(id as never);
const QUESTION = {
  question: "Which format?\u001b[2J\nCSV has a precedent.",
  context: "Two tools\u001b[2J read it.",
  fallback: "CSV",
  options: ["CSV", "JSON"],
};

test("[gates.context] [gates.elicit] [gates.elicit.shown] [gates.who] a gate that opens in a wait is asked in the client, and the answer taken there counts", async () => {
  const { client, puts } = await seat();
  const waiting = ask(client, "swarm_wait", { cursor: await cursorOf(client) });
  await swarm.must("queen", "human_ask", QUESTION);
  const { message, properties, reply } = await put(puts, 1);
  expect(message.split("\n")).toEqual([
    `skep, swarm ${swarm.swarm.id} "Add add() and double().": gate g1, asked by queen`,
    "| Which format?\\u001b[2J",
    "| CSV has a precedent.",
    "To know:",
    "| Two tools\\u001b[2J read it.",
    expect.stringMatching(/^Without an answer at \d{4}-.*: CSV$/),
  ]);
  expect(properties.answer?.enum).toEqual(["CSV", "JSON"]);
  reply({ action: "accept", content: { answer: "JSON" } });
  const { facts } = await waiting;
  expect(facts.news).toContain("gate g1 answered by operator through desk\\u001b[31m: JSON");
  expect(facts).not.toHaveProperty("gates");
  await swarm.swarm.refresh();
  expect(gate("g1")).toMatchObject({
    answer: "JSON",
    answeredBy: "operator",
    answeredVia: "desk\\u001b[31m",
    answeredAt: expect.any(Number),
  });
  // The queen's session is told as by any answer.
  expect(swarm.state.wake.map(({ what }) => what)).toContain("gate_answered");
  // A free question takes words; an answer longer than one call of swarm_wait is taken all the same.
  await swarm.must("queen", "human_ask", { question: `Why? ${"x".repeat(1_990)}`, fallback: "no reason" });
  const short = await ask(client, "swarm_wait", { cursor: facts.cursor as number, seconds: 1 });
  expect(short.facts.next).toBe("swarm_wait: the user is being asked g2 in this client");
  const second = await put(puts, 2);
  expect(second.properties).toMatchObject({ answer: { type: "string", maxLength: 4_000 } });
  expect(Buffer.byteLength(second.message)).toBeLessThan(3_000);
  second.reply({ action: "accept", content: { answer: "Because." } });
  const late = (): Promise<boolean> => swarm.swarm.look((state) => state.gates.get("g2" as never)?.answer === "Because.");
  await until(late, { what: "the late answer counts" });
});

test("[gates.elicit.left] a declined, a dismissed and a wrongly answered question stay open, are not put again, and the wait goes on", async () => {
  const { client, puts } = await seat();
  await swarm.must("queen", "human_ask", QUESTION);
  const cursor = await cursorOf(client);
  const waiting = ask(client, "swarm_wait", { cursor });
  (await put(puts, 1)).reply({ action: "decline" });
  await swarm.must("queen", "human_ask", { question: "And then?", fallback: "nothing" });
  (await put(puts, 2)).reply({ action: "cancel" });
  const { facts } = await waiting;
  expect(facts.news).toEqual(["gate g2 opened: And then?"]);
  expect((facts.gates as { gate: string }[]).map((one) => one.gate)).toEqual(["g1", "g2"]);
  // An answer that was never among the options is none.
  await swarm.must("queen", "human_ask", { ...QUESTION, question: "And how?" });
  const asking = ask(client, "swarm_wait", { cursor: facts.cursor as number });
  (await put(puts, 3)).reply({ action: "accept", content: { answer: "YAML" } });
  const { cursor: last } = (await asking).facts;
  const quiet = await ask(client, "swarm_wait", { cursor: last as number, seconds: 1 });
  expect(quiet.facts).toMatchObject({ news: [], next: "gate_answer for g1: only you can" });
  expect((quiet.facts.gates as { gate: string }[]).map((one) => one.gate)).toEqual(["g1", "g2", "g3"]);
  expect(puts).toHaveLength(3);
}, 60_000);

test("[gates.elicit.first] an answer from elsewhere takes the pending question back; one that came later is refused in words", async () => {
  const { client, puts } = await seat();
  const waiting = ask(client, "swarm_wait", { cursor: await cursorOf(client) });
  await swarm.must("queen", "human_ask", QUESTION);
  const pending = await put(puts, 1);
  await swarm.must("operator", "gate_answer", { gate: "g1", answer: "CSV" });
  await until(() => pending.taken.aborted, { what: "the question is taken back" });
  pending.reply({ action: "accept", content: { answer: "JSON" } });
  expect((await waiting).facts.news).toContain("gate g1 answered by operator through test: CSV");
  const late = await swarm.call("operator", "gate_answer", { gate: "g1", answer: "JSON" });
  expect(late.text).toMatch(/^GATE_ANSWERED: g1 was answered "CSV" by the operator through test at \d{4}-\d\d-\d\dT/);
});

test("[gates.elicit.absent] a client that cannot ask sees what it saw before", async () => {
  const { client, puts } = await seat(false);
  const waiting = ask(client, "swarm_wait", { cursor: await cursorOf(client) });
  await swarm.must("queen", "human_ask", QUESTION);
  expect((await waiting).facts).toMatchObject({
    news: ["gate g1 opened: Which format?\\u001b[2J CSV has a precedent."],
    next: "gate_answer for g1: only you can",
  });
  expect(puts).toEqual([]);
});
