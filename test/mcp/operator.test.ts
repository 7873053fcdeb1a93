/** Who may speak for the user: not a process that an agent's session started, however it was started. */
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Proc } from "../../src/domain/model.ts";
import { SESSION_MARK } from "../../src/engine/session-mark.ts";
import { type ProcessTable, requireOperator } from "../../src/mcp/operator.ts";
import { identify, thisProcess } from "../../src/proc/identity.ts";
import { TestSwarm } from "../tools/support/swarm.ts";
import { endAll, outcome, startMain } from "./support/process.ts";

let swarm: TestSwarm;
beforeAll(async () => {
  swarm = await TestSwarm.start();
});
afterAll(endAll);

/** 40 → 30 → 20 → 1, with the given marks and starts. */
const table = (more: Partial<ProcessTable> & { marks?: Record<number, string> } = {}): ProcessTable => ({
  self: 40,
  machine: "m",
  boot: "b",
  parent: (pid) => ({ 40: 30, 30: 20, 20: 1 })[pid] ?? null,
  start: (pid) => `s${pid}`,
  variable: (pid, name) => (name === SESSION_MARK ? (more.marks?.[pid] ?? null) : null),
  ...more,
});

/** Makes the queen's session a process with this identity. */
async function sessionIs(proc: Proc): Promise<void> {
  const session = swarm.session("queen");
  const command = { type: "record_session", session: session.id, run: session.run + 1, proc, cli: "c", turn: "running" } as const;
  await swarm.engine(command);
}

describe("[mcp.operator] a process may be the operator", () => {
  test("when nothing in its ancestry is a session's", async () => {
    await expect(requireOperator(null, table())).resolves.toBeUndefined();
    await expect(requireOperator(swarm.project, table())).resolves.toBeUndefined();
  });

  test.each([40, 30, 20, 1])("but not when process %i of its line carries the mark", async (pid) => {
    await expect(requireOperator(null, table({ marks: { [pid]: "s-1/x1" } }))).rejects.toMatchObject({ code: "SESSION_PROCESS" });
  });

  test("nor when an ancestor is the process of a live session; the same pid of another time, boot or machine is somebody else", async () => {
    const seen = (more: Partial<ProcessTable>) => requireOperator(swarm.project, table({ machine: "m2", boot: "b2", ...more }));
    await sessionIs({ pid: 20, start: "s20", machine: "m2", boot: "b2" });
    await expect(seen({})).rejects.toMatchObject({ code: "SESSION_PROCESS" });
    await expect(seen({ start: (pid) => `later${pid}` })).resolves.toBeUndefined();
    await expect(seen({ boot: "b3" })).resolves.toBeUndefined();
    await expect(seen({ machine: "m3" })).resolves.toBeUndefined();
    await expect(seen({ parent: () => null })).resolves.toBeUndefined();
  });

  test("and a process table that goes in circles does not hang it", async () => {
    await expect(requireOperator(null, table({ parent: (pid) => (pid === 40 ? 30 : 40) }))).resolves.toBeUndefined();
  });
});

describe("[mcp.operator.process] a real process", () => {
  test("of the user is the operator", async () => {
    const child = await startMain(["operator", swarm.root]);
    expect(await outcome(child)).toMatchObject({ out: "operator\n", code: 0 });
  });

  test("with the mark of a session is refused", async () => {
    const child = await startMain(["operator", ""], { [SESSION_MARK]: "s-1/x1" });
    expect((await outcome(child)).out).toBe("SESSION_PROCESS\n");
  });

  test("that scrubbed its environment is still refused: its ancestor is the session", async () => {
    const parent = await startMain(["parent", swarm.root]);
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(/^pid (\d+)/.exec(line.toString())?.[1]);
    const { machine, boot } = thisProcess();
    await sessionIs({ pid, start: identify(pid) ?? "", machine, boot });
    const ended = outcome(parent);
    parent.stdin.write("go\n");
    expect((await ended).out).toBe("SESSION_PROCESS\n");
  });

  test("that scrubbed its environment under a marked shell is refused by the mark alone", async () => {
    const parent = await startMain(["parent", ""], { [SESSION_MARK]: "s-1/x1" });
    await once(parent.stdout, "data");
    const ended = outcome(parent);
    parent.stdin.write("go\n");
    expect((await ended).out).toBe("SESSION_PROCESS\n");
  });
});

test("[mcp.operator.calls] a forged operator's server answers, and refuses every call", async () => {
  const child = await startMain(["stdio", swarm.root], { [SESSION_MARK]: "s-1/x1" });
  const ended = outcome(child);
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const init = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "t", version: "0" } };
  send({ id: 1, method: "initialize", params: init });
  send({ method: "notifications/initialized" });
  ["gate_answer", "swarm_land", "swarm_stop", "swarm_status"].forEach((name, index) => {
    const args = name === "gate_answer" ? { gate: "g1", answer: "yes" } : {};
    send({ id: index + 2, method: "tools/call", params: { name, arguments: args } });
  });
  child.stdin.end();
  const frames = (await ended).out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { id: number; result: { isError?: boolean; _meta?: object } });
  expect(frames.map((frame) => frame.id).sort()).toEqual([1, 2, 3, 4, 5]);
  for (const frame of frames.filter(({ id }) => id > 1)) {
    expect(frame.result.isError).toBe(true);
    expect(frame.result._meta).toMatchObject({ "dev.skep/error": { code: "SESSION_PROCESS" } });
  }
  expect(swarm.state.status).toBe("running");
});
