/** The scripted agent as a real process: a real MCP client with its own token, driven through its adapter. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import type { LaunchOrder } from "../../src/harness/harness.ts";
import { scripted } from "../../src/harness/scripted.ts";
import { agentEntry, orderFor } from "../harness/support/order.ts";
import { stopAll, watch } from "../harness/support/watch.ts";
import { tempDir } from "../support/temp.ts";
import { Refused, startToolServer, type ToolFunction, type ToolServer } from "../support/tool-server.ts";

const servers: ToolServer[] = [];
afterEach(async () => {
  await stopAll();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const TASK = { role: "developer", job: { kind: "task", task: "t1", attempt: 1 }, task: { id: "t1", criteria: ["a", "b"] } };

async function stage(playbook: string, tools: Record<string, ToolFunction> = {}, settings: Record<string, unknown> = {}) {
  const folder = tempDir("playbook");
  writeFileSync(path.join(folder, "play.yaml"), playbook);
  const server = await startToolServer({ whoami: () => TASK, ...tools }, { tokens: ["tok-1", "tok-2"] });
  servers.push(server);
  const order = orderFor({
    mcp: { url: server.url, token: "tok-1" },
    settings: { playbook: path.join(folder, "play.yaml"), state: path.join(folder, "state"), entry: await agentEntry(), ...settings },
  });
  return { server, order, folder };
}

test("[agent.steps] a task is done by calls, edits and programs, with values captured on the way", async () => {
  const { server, order } = await stage(
    `
tasks:
  t1:
    1:
      - call: task_claim
        capture: { note: '/note: (\\w+)/', size: size }
      - edit: src/a.js
        content: "export const note = '\${note}';\\n"
      - edit: src/a.js
        append: "// size \${size}\\n"
      - edit: src/a.js
        replace: { find: note, with: memo }
      - run: [node, -e, "process.exit(require('fs').existsSync('src/a.js') ? 0 : 1)"]
      - say: handing in
      - call: task_submit
        with: { attempt: "\${attempt}", evidence: { each: whoami.task.criteria, give: "\${n}: \${item}" }, size: "\${size}" }
        expect: OUT_OF_SCOPE
      - remove: src/a.js
      - call: task_submit
        with: { attempt: "\${attempt}" }
`,
    {
      task_claim: () => ({ size: 3, text: "note: hello" }),
      task_submit: ({ size }) => {
        if (size !== undefined) throw new Refused("OUT_OF_SCOPE", "src/a.js is not yours");
        return "accepted: checking. End your turn";
      },
    },
  );
  const session = await watch(scripted, order);
  expect(await session.see("ready")).toMatchObject({ cliSession: order.cliSession, mcp: "connected" });
  expect(await session.deliver("# Task t1, attempt 1", "r1", "next")).toBe("taken");
  const ended = await session.see("turn_ended");
  expect(ended).toMatchObject({ ok: true, error: null, text: "handing in", usage: { usd: null } });
  expect(ended.usage.inputTokens).toBeGreaterThan(0);
  expect(server.calls.map(({ tool }) => tool)).toEqual(["whoami", "task_claim", "task_submit", "task_submit"]);
  expect(server.calls[2]?.args).toEqual({ attempt: 1, evidence: ["1: a", "2: b"], size: 3 });
  expect(new Set(server.calls.map(({ token }) => token))).toEqual(new Set(["tok-1"]));
  expect(readdirSync(path.join(order.cwd, "src"))).toEqual([]);
});

test("[agent.crash-once] a crash step kills the process once; the resumed session goes on behind it with another token", async () => {
  const { server, order, folder } = await stage(
    `
tasks:
  default:
    - call: task_progress
      with: { done: half }
      capture: { mark: mark }
    - edit: a.txt
      append: "\${mark}\\n"
    - crash: true
    - call: task_submit
      with: { mark: "\${mark}" }
`,
    { task_progress: () => ({ mark: "m1" }), task_submit: () => "accepted" },
  );
  const first = await watch(scripted, order);
  await first.deliver("go", "r1", "next");
  expect(await first.exited).toMatchObject({ code: null, signal: "SIGKILL" });
  expect(readFileSync(path.join(folder, "state", `${order.cliSession}.json`), "utf8")).not.toContain("tok-1");

  const again: LaunchOrder = { ...order, resume: true, mcp: { ...order.mcp, token: "tok-2" } };
  const second = await watch(scripted, again);
  await second.deliver("go on", "r2", "next");
  expect(await second.see("turn_ended")).toMatchObject({ ok: true });
  expect(server.calls.map(({ tool, token }) => `${tool} ${token}`)).toEqual(["whoami tok-1", "task_progress tok-1", "task_submit tok-2"]);
  expect(server.calls[2]?.args).toEqual({ mark: "m1" });
  expect(readFileSync(path.join(order.cwd, "a.txt"), "utf8")).toBe("m1\n");
});

test("[agent.queen-turns] a kept session runs the first turn not run yet whose facts hold", async () => {
  let plan = { status: "none", revision: 0 };
  const { server, order } = await stage(
    `
queen:
  - - call: plan_submit
      with: { goal: first }
  - when: { plan.status: returned }
    steps:
      - call: plan_submit
        with: { goal: "again, \${whoami.plan.revision}" }
  - when: { message: "all .*ended" }
    steps: [{ call: swarm_complete }]
`,
    {
      whoami: () => ({ role: "queen", job: { kind: "plan" }, plan }),
      plan_submit: ({ goal }) => ({ goal }),
      swarm_complete: () => ({}),
    },
  );
  const session = await watch(scripted, order);
  await session.deliver("the goal", "r1", "next");
  await session.see("turn_ended", 1);
  await session.deliver("a letter", "r2", "next");
  expect((await session.see("turn_ended", 2)).ok).toBe(true);
  plan = { status: "returned", revision: 1 };
  await session.deliver("findings", "r3", "next");
  await session.see("turn_ended", 3);
  await session.deliver("All tasks ended", "r4", "next");
  await session.see("turn_ended", 4);
  const acts = server.calls.filter(({ tool }) => tool !== "whoami").map(({ tool, args }) => `${tool} ${args.goal ?? ""}`.trim());
  expect(acts).toEqual(["plan_submit first", "plan_submit again, 1", "swarm_complete"]);
});

test("[agent.unexpected] an answer the playbook did not expect ends the turn at that step, and a new message tries it again", async () => {
  let full = true;
  const { order } = await stage("tasks: { t1: [{ call: task_submit }] }", {
    task_submit: () => {
      if (full) throw new Refused("STALE_ATTEMPT", "t1 is at attempt 2");
      return "accepted";
    },
  });
  const session = await watch(scripted, order);
  await session.deliver("go", "r1", "next");
  const failed = await session.see("turn_ended");
  expect(failed).toMatchObject({
    ok: false,
    error: expect.stringMatching(/task t1 1, turn 1, step 1: task_submit was to answer ok.*STALE_ATTEMPT/),
  });
  full = false;
  await session.deliver("go on", "r2", "next");
  expect(await session.see("turn_ended", 2)).toMatchObject({ ok: true });
});

test("[agent.retries] a call cut by a dying host, and one answered with retryable, is made again", async () => {
  let busy = 2;
  const { server, order } = await stage("tasks: { t1: [{ call: task_submit }] }", {
    task_submit: () => {
      busy -= 1;
      if (busy > 0) throw new Refused("BUSY", "the log was locked");
      server.cut(0);
      return "accepted";
    },
  });
  const session = await watch(scripted, order);
  await session.see("ready");
  server.cut(3);
  await session.deliver("go", "r1", "next");
  expect(await session.see("turn_ended")).toMatchObject({ ok: true, error: null });
  expect(server.calls.filter(({ tool }) => tool === "task_submit")).toHaveLength(2);
});

test("[agent.token] a refused token is a failed connection, and no agent without tools goes on", async () => {
  const { order } = await stage("tasks: {}");
  const session = await watch(scripted, { ...order, mcp: { ...order.mcp, token: "stranger" } });
  expect(await session.see("ready")).toMatchObject({ mcp: "failed" });
  expect(await session.exited).toMatchObject({ code: 1 });
});
