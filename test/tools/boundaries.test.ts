/** Who may call what, on which swarm, with which arguments: the same refusals for every tool, tried on every tool. */
import { beforeAll, describe, expect, test } from "vitest";
import type { SwarmId } from "../../src/base/ids.ts";
import type { Caller } from "../../src/engine/caller.ts";
import { type Audience, EVERYONE } from "../../src/tools/define-tool.ts";
import { TOOLS as ALL } from "../../src/tools/index.ts";
import { ask, connect, PLAN, TestSwarm } from "./support/swarm.ts";

/** That of a part in something done together is shown to its participants alone: `collab.test.ts` has its refusals. */
const TOOLS = ALL.filter(({ job }) => job === undefined);

/** Arguments that pass the schema of each tool. */
const VALID: Readonly<Record<string, Record<string, unknown>>> = {
  diff_get: { task: "t1" },
  finding_verify: { task: "t1", sha: "0123456789ab", finding: "f1", answer: "refuted", evidence: "src/a.ts:1" },
  gate_answer: { gate: "g1", answer: "yes" },
  human_ask: { question: "which?", fallback: "the first" },
  inbox_read: {},
  message_send: { to: "all", subject: "s", body: "b" },
  pipeline_list: {},
  pipeline_preview: { name: "docs" },
  pipeline_start: { name: "docs" },
  plan_review_submit: { revision: 1, plan_hash: "x", coverage: [], findings: [] },
  plan_submit: PLAN,
  spawn_role: { role: "developer", agents: 2 },
  stop_role: { agent: "dev-1" },
  swarm_complete: { summary: "done" },
  swarm_create: { goal: "something" },
  swarm_land: {},
  swarm_list: {},
  swarm_pause: {},
  swarm_resume: {},
  swarm_status: {},
  swarm_stop: {},
  swarm_wait: { seconds: 0 },
  task_cancel: { task: "t1", why: "not needed" },
  task_claim: {},
  task_create: PLAN.tasks[0],
  task_extend: { attempt: 1, files: ["src/x.ts"], why: "needed" },
  task_get: { task: "t1" },
  task_list: {},
  task_progress: { attempt: 1, done: "d", next: "n" },
  task_propose: { title: "t", brief: "b", files: ["x.ts"], criteria: ["c"] },
  task_release: { attempt: 1, reason: "stuck", detail: "d" },
  task_review_submit: { task: "t1", sha: "0123456789ab", criteria: [], findings: [] },
  task_submit: { attempt: 1, summary: "s", evidence: ["a", "b"] },
  task_undo: { task: "t1", why: "wrong", drop: true },
  whoami: {},
};

let swarm: TestSwarm;
/** Callers taken while their sessions lived. */
const callers = new Map<Audience, Caller>();

beforeAll(async () => {
  swarm = await TestSwarm.start();
  callers.set("operator", swarm.caller("operator"));
  callers.set("queen", swarm.caller("queen"));
  await swarm.must("queen", "plan_submit", PLAN);
  await swarm.settle();
  callers.set("reviewer", swarm.caller("reviewer"));
  const coverage = PLAN.conditions.map((_, index) => ({ condition: index + 1, tasks: [`t${index + 1}`] }));
  const bound = { revision: 1, plan_hash: swarm.state.plan.pending?.hash };
  await swarm.must("reviewer", "plan_review_submit", { ...bound, coverage, findings: [] });
  // The reviewer's turn is left running, so that its session lives while a worker gets the task.
  await swarm.settle((effect) => (effect.kind === "stop_session" ? null : undefined));
  callers.set("worker", swarm.caller("dev-0"));
});

const clientFor = (audience: Audience, more: object = {}) => {
  const caller = callers.get(audience);
  if (!caller) throw new Error(`no caller for ${audience}`);
  return connect({ ...caller, ...more }, swarm.project);
};

test("[tools.tables] the tables of these tests name every tool", () => {
  expect(Object.keys(VALID)).toEqual(TOOLS.map((tool) => tool.name));
});

describe("[tools.audience] a tool refuses an audience it is not for", () => {
  test.each(EVERYONE)("%s", async (audience) => {
    const client = await clientFor(audience);
    const mine = (await client.listTools()).tools.map((tool) => tool.name);
    for (const tool of TOOLS) {
      if (tool.audience.includes(audience)) {
        expect(mine).toContain(tool.name);
        continue;
      }
      const answer = await ask(client, tool.name, VALID[tool.name]);
      expect([tool.name, answer.code]).toEqual([tool.name, "NOT_ALLOWED"]);
      expect(answer.text).toContain(`Next: ${audience === "operator" ? "swarm_status" : "whoami"}.`);
      expect(mine).not.toContain(tool.name);
    }
  });
});

describe("[tools.foreign-swarm] an agent that names another swarm is refused by every tool it has", () => {
  test.each(["queen", "reviewer", "worker"] as const)("%s", async (audience) => {
    const client = await clientFor(audience);
    const before = swarm.state.seq;
    for (const tool of TOOLS.filter((one) => one.audience.includes(audience))) {
      const answer = await ask(client, tool.name, { ...VALID[tool.name], swarm: "s-other1" });
      expect([tool.name, answer.code]).toEqual([tool.name, "FOREIGN_SWARM"]);
    }
    expect(swarm.state.seq).toBe(before);
  });

  test("and so is a session of one swarm whose token is taken to another", async () => {
    const client = await clientFor("worker", { swarm: "s-other1" as SwarmId });
    expect((await ask(client, "whoami")).code).toBe("NO_SWARM");
  });
});

describe("[tools.stale-session] a session that was ended or replaced is refused by every tool it had", () => {
  test.each(["queen", "reviewer", "worker"] as const)("%s", async (audience) => {
    for (const more of [{ run: 0 }, { session: "x99" }]) {
      const client = await clientFor(audience, more);
      for (const tool of TOOLS.filter((one) => one.audience.includes(audience))) {
        const answer = await ask(client, tool.name, VALID[tool.name]);
        expect([tool.name, answer.code]).toEqual([tool.name, "SESSION_ENDED"]);
      }
    }
  });
});

describe("[tools.unknown-field] a field no tool knows is refused by name, with a guess", () => {
  test.each(TOOLS.map((tool) => [tool.name, tool.audience[0] ?? "operator"] as const))("%s", async (name, audience) => {
    const answer = await ask(await clientFor(audience), name, { ...VALID[name], "ta\nsk": 1 });
    expect(answer.code).toBe("BAD_INPUT");
    expect(answer.text).toContain('unknown field "ta\\nsk"');
    expect(answer.text).toMatch(new RegExp(`Next: ${name} with this mended\\.$`));
  });
});

describe("[tools.bad-id] an id that is none never meets a path", () => {
  const IDS = ["../meta", "S-1", "a/b", "", "x".repeat(60), "s-1\n"];
  test.each(IDS)("%j as swarm", async (swarmId) => {
    const answer = await ask(await clientFor("operator"), "swarm_status", { swarm: swarmId });
    expect(answer.code).toBe("BAD_ID");
  });
  test.each(IDS)("%j as task, agent, gate, role", async (id) => {
    const operator = await clientFor("operator");
    for (const [tool, args] of [
      ["task_get", { task: id }],
      ["stop_role", { agent: id }],
      ["gate_answer", { gate: id, answer: "x" }],
      ["spawn_role", { role: id, agents: 1 }],
    ] as const)
      expect((await ask(operator, tool, args)).code).toBe("BAD_INPUT");
  });
  test.each(["../up.ts", "/etc/passwd", ".git/config", ".skep/config.yaml", "./.skep/x", "a/../../b", "C:/x", "a\\b", "a\0b"])(
    "%j as a file of a task",
    async (file) => {
      const answer = await ask(await clientFor("worker"), "task_propose", { ...VALID.task_propose, files: [file] });
      expect(answer.code).toBe("BAD_INPUT");
      expect(answer.text).toContain("files[1] must be relative");
    },
  );
});

test("[tools.bad-input] all problems of one call are told at once, in words, counted from 1", async () => {
  const tasks = [{ ...PLAN.tasks[0], proof: "trust_me", title: "x".repeat(120), criterias: [] }];
  const { criteria: _, ...missing } = PLAN.tasks[1];
  const answer = await ask(await clientFor("queen"), "plan_submit", { ...PLAN, goal: 7, tasks: [...tasks, missing] });
  expect(answer.code).toBe("BAD_INPUT");
  expect(answer.text).toMatch(/^BAD_INPUT: \(5\) /);
  expect(answer.text).toContain("goal must be a string");
  expect(answer.text).toContain("tasks[1].proof must be one of tests_pass, fail_then_pass, check_only, review_only");
  expect(answer.text).toContain("tasks[1].title has 120 characters; at most 100");
  expect(answer.text).toContain('unknown field "criterias" in tasks[1]');
  expect(answer.text).toContain("tasks[2].criteria is missing");
});

test("[tools.unknown-tool] an unknown tool is refused like everything else, with the one that was meant", async () => {
  const answer = await ask(await clientFor("worker"), "task_submitt", {});
  expect(answer.raw).toMatchObject({
    isError: true,
    _meta: { "dev.skep/error": { code: "UNKNOWN_TOOL", retryable: false, next: "task_submit" } },
  });
  expect(answer.text).toBe('UNKNOWN_TOOL: there is no tool "task_submitt". Next: task_submit.');
  expect(answer.raw.structuredContent).toBeUndefined();
});

test("[tools.no-project] without a repository the server answers and each call says what is missing", async () => {
  const client = await connect({ kind: "operator" }, null);
  expect((await client.listTools()).tools).toHaveLength(20);
  for (const tool of TOOLS.filter((one) => one.audience.includes("operator")))
    expect((await ask(client, tool.name, VALID[tool.name])).code).toBe("NO_PROJECT");
});

test("[tools.key-form] a program's key must be a short string", async () => {
  const client = await clientFor("operator");
  for (const key of ["", "x".repeat(201), 7])
    expect((await ask(client, "swarm_pause", {}, { "dev.skep/key": key })).code).toBe("BAD_INPUT");
});
