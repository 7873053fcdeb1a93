/** A swarm that asks its person at the plan and at the landing, by tool calls of real clients. */
import { Client as ModernClient, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { buildServer } from "../../src/mcp/build-server.ts";
import { answerModern } from "../../src/mcp/modern-http.ts";
import { callTool } from "../../src/tools/call-tool.ts";
import { projectServices } from "../../src/tools/project-services.ts";
import { HARNESSES } from "../engine/support/harnesses.ts";
import { quiet, runGit } from "../engine/support/repository.ts";
import { ask, FILES, PLAN, TestSwarm } from "./support/swarm.ts";

const [FIRST] = PLAN.tasks;
const ONE = { ...PLAN, conditions: ["add() adds"], tasks: [FIRST] };
const ground = (swarm: TestSwarm) => ({ project: swarm.project, services: projectServices(swarm.project, HARNESSES) });

/** From the plan to the end, with t1 merged. */
async function worked(): Promise<TestSwarm> {
  const swarm = await TestSwarm.start("Add add().", { ...FILES, ".skep/config.yaml": "automation: 2\n" });
  const plan = await swarm.must("queen", "plan_submit", ONE);
  await swarm.settle();
  const bound = { revision: 1, plan_hash: plan.facts.plan_hash, coverage: [{ condition: 1, tasks: ["t1"] }], findings: [] };
  expect((await swarm.must("reviewer", "plan_review_submit", bound)).facts).toMatchObject({ verdict: "approved" });
  await swarm.endTurn("reviewer");
  await swarm.settle();
  expect(swarm.state.tasks.size).toBe(0);
  const [gate] = (await swarm.must("operator", "swarm_status")).facts.gates as { context: string; means: object }[];
  expect(gate).toMatchObject({
    gate: "g1",
    question: "Let this plan begin?",
    options: ["approve", "return", "stop"],
    means: { approve: "its tasks begin" },
  });
  expect(gate?.context).toContain("t1 (developer) Add add(): src/a.ts");
  await swarm.must("operator", "gate_answer", { gate: "g1", answer: "approve" });
  await swarm.settle();
  const dev = swarm.holder("t1");
  const submitting = swarm.must(dev, "task_submit", { attempt: 1, summary: "did it", evidence: ["a.ts:1", "a.ts:1"] });
  await swarm.swarm.until((state) => (state.byStatus.submitted.size > 0 ? true : null), { timeoutMs: 5_000 });
  await swarm.settle();
  await submitting;
  await swarm.endTurn(dev);
  await swarm.settle();
  await swarm.must("reviewer", "diff_get", { task: "t1" });
  const criteria = [1, 2].map((n) => ({ n, met: "yes", evidence: "see src/a.ts:2" }));
  await swarm.must("reviewer", "task_review_submit", { task: "t1", sha: swarm.task("t1").sha, criteria, findings: [] });
  await swarm.endTurn("reviewer");
  await swarm.settle((effect) => {
    if (effect.kind !== "merge_task") return undefined;
    const sha = runGit(swarm.root, "commit-tree", `${effect.sha}^{tree}`, "-p", swarm.state.tip, "-m", "Merge t1");
    runGit(swarm.root, "branch", "--force", swarm.state.branch, sha);
    return { type: "record_merge", task: effect.task, attempt: effect.attempt, outcome: { kind: "merged", sha } };
  });
  await swarm.must("queen", "swarm_complete", { summary: "done" });
  return swarm;
}

/** A client whose user answers every dialog like this. */
async function desk(swarm: TestSwarm, answer: string): Promise<{ readonly client: Client; readonly shown: string[] }> {
  const closing = new AbortController().signal;
  const caller = { kind: "operator" } as const;
  const server = buildServer({ caller, ground: async () => ground(swarm), clock: systemClock, logger: quiet, version: "0.0.0", closing });
  const client = new Client({ name: "desk", version: "0" }, { capabilities: { elicitation: {} } });
  const shown: string[] = [];
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    shown.push(params.message);
    return { action: "accept", content: { answer } };
  });
  const [mine, its] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(its), client.connect(mine)]);
  return { client, shown };
}

/** The same at a client of revision 2026-07-28, which asks between two calls. */
async function modernDesk(swarm: TestSwarm, answer: string): Promise<{ readonly client: ModernClient; readonly shown: string[] }> {
  const caller = { kind: "operator" } as const;
  const world = { ground: async () => ground(swarm), clock: systemClock, logger: quiet, version: "0.0.0" };
  const order = { ...world, caller, closing: new AbortController().signal, memory: {} };
  const client = new ModernClient(
    { name: "desk", version: "0" },
    { capabilities: { elicitation: {} }, versionNegotiation: { mode: { pin: "2026-07-28" } } },
  );
  const shown: string[] = [];
  client.setRequestHandler("elicitation/create", ({ params }) => {
    shown.push(params.message);
    return { action: "accept", content: { answer } };
  });
  const fetch = (url: string | URL, init?: RequestInit): Promise<Response> =>
    answerModern(new Request(url, init), JSON.parse(String(init?.body)), order, () => undefined);
  await client.connect(new StreamableHTTPClientTransport(new URL("http://127.0.0.1/mcp"), { fetch }));
  return { client, shown };
}

test("[gates.tier.land] the work lands on a person's word alone: a dialog, or their own command", async () => {
  const swarm = await worked();
  const args = { swarm: swarm.swarm.id };
  expect((await swarm.call("operator", "swarm_land", args)).text).toMatch(
    /^NEEDS_PERSON: .* this client cannot ask the user\. Next: ask the user to run skep land s-/,
  );
  const doubtful = await desk(swarm, "not now");
  expect((await ask(doubtful.client, "swarm_land", args)).code).toBe("NEEDS_PERSON");
  expect(doubtful.shown).toEqual([expect.stringContaining("bring its work to main?")]);
  const undecided = await modernDesk(swarm, "not now");
  expect(await undecided.client.callTool({ name: "swarm_land", arguments: args })).toMatchObject({
    isError: true,
    _meta: { "dev.skep/error": { code: "NEEDS_PERSON" } },
  });
  expect(undecided.shown).toEqual(doubtful.shown);
  // What was never among the answers lands nothing.
  const strange = await modernDesk(swarm, "land it, land it");
  expect(await strange.client.callTool({ name: "swarm_land", arguments: args })).toMatchObject({ isError: true });
  expect(swarm.state.landed).toBeNull();
  const decided = await modernDesk(swarm, "land");
  const { structuredContent } = await decided.client.callTool({ name: "swarm_land", arguments: args });
  expect(structuredContent).toMatchObject({ target: "main" });
  expect(structuredContent).not.toHaveProperty("repeated");
  expect((await ask((await desk(swarm, "land")).client, "swarm_land", args)).facts).toMatchObject({ target: "main", repeated: true });
  // At a terminal the command is the word.
  const here = {
    caller: { kind: "operator" },
    ground: ground(swarm),
    clock: systemClock,
    key: null,
    client: null,
    person: "here",
  } as const;
  const landed = await callTool("swarm_land", args, { ...here, signal: new AbortController().signal, progress: () => undefined });
  expect(landed).toMatchObject({ facts: { repeated: true } });
});
