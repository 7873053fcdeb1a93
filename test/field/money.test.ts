/** What is spent, by how many, and where it stops by itself. */
import { expect, test } from "vitest";
import { DEFAULT_FLOODS } from "../../src/domain/flood.ts";
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts";
import { AGENTS } from "../../src/tools/define-tool.ts";
import { toolsFor } from "../../src/tools/index.ts";
import { toolEntry } from "../../src/tools/json-schema.ts";
import { swarmWait } from "../../src/tools/swarm-wait.ts";
import { seatSpec, taskSpec } from "../domain/world.ts";
import { calls, gates, HOUR, OPERATOR, task, working } from "./support/flow.ts";

const NONE = DEFAULT_LIMITS.budgets;
const rows = ["t1", "t2", "t3"].map((name) => taskSpec(name));

test("[field.no-cap] a swarm spends without limit: at its cap nothing more is started, and a person is asked", () => {
  const world = working({ limits: { budgets: { ...NONE, swarm: { ...NONE.swarm, usd: 0.03 } } } });
  world.endTurn("dev-0");
  world.settle();
  expect([world.state.status, calls(world)]).toEqual(["paused", []]);
  expect(gates(world)).toMatchObject([{ kind: "budget", options: expect.arrayContaining(["raise", "stop"]) }]);
  expect(world.send({ type: "resume_swarm" }, OPERATOR)).toMatchObject({ ok: false, refusal: { code: "BUDGET_SPENT" } });
});

test("[field.quota-storm] a used-up plan is met by starting more agents, which fail too: all of that provider rest until it serves again", () => {
  const world = working({ tasks: rows });
  const until = world.now + 5 * HOUR;
  const sessions = world.state.sessionCount;
  world.endTurn("dev-0", false, { kind: "quota", message: "used up", resetAt: until });
  world.endTurn("dev-1", false, { kind: "quota", message: "used up", resetAt: until });
  for (let hour = 0; hour < 5; hour += 1) {
    world.settle();
    expect(["dev-0", "dev-1"].map((seat) => world.session(seat).turn)).toEqual(["idle", "idle"]);
    expect(world.state.sessionCount).toBe(sessions);
    world.now += HOUR;
  }
  expect(rows.map(({ id }) => task(world, id).attempt)).toEqual([1, 1, 0]);
  world.now = until + 1_000;
  world.settle();
  expect(["dev-0", "dev-1"].map((seat) => world.session(seat).turn)).toEqual(["running", "running"]);
});

test("[field.retry-storm] what fails is tried again at once and for ever: tries wait twice as long each time, and end at a person", () => {
  const world = working();
  world.must({ type: "submit_task", task: task(world).id, attempt: 1, evidence: [1, 2], submission: "s" }, world.by("dev-0"));
  const waits: number[] = [];
  while (gates(world).length === 0 && waits.length < 20) {
    const failing = world.owed().find(({ kind }) => kind === "commit_submission");
    world.must({ type: "fail_effect", key: failing?.key ?? "", error: "ENOSPC" });
    const retryAt = world.state.failures.get(failing?.key ?? "")?.retryAt ?? world.now;
    waits.push(retryAt - world.now);
    world.now = retryAt;
  }
  expect(gates(world)).toMatchObject([{ kind: "effect" }]);
  expect(waits).toHaveLength(DEFAULT_LIMITS.effectTries);
  for (const [n, wait] of waits.slice(1, -1).entries()) expect(wait).toBe((waits[n] ?? 0) * 2);
});

test("[field.too-many-agents] workers are added until the machine has no memory left: there is a limit, and one more is refused", () => {
  const world = working({ tasks: rows, limits: { workers: 3 } });
  const spawn = (n: number) => world.send({ type: "spawn_seat", seat: seatSpec(`dev-${n}`, "worker") }, OPERATOR);
  expect(spawn(2)).toMatchObject({ ok: true });
  expect(spawn(3)).toMatchObject({ ok: false, refusal: { code: "CAP_REACHED" } });
  world.settle();
  expect([...world.state.sessions.values()].filter(({ job }) => job.kind === "task")).toHaveLength(3);
});

test("[field.flood] one agent adds work until nobody can follow: tasks of a swarm are bounded", () => {
  const world = working({ limits: { floods: { ...DEFAULT_FLOODS, tasks: 3 } } });
  const propose = (n: number) =>
    world.as("dev-0", {
      ...{ type: "propose_task", id: `p${n}` as never, title: `more ${n}`, files: [`x${n}.ts`], criteria: 1, proof: "check_only" },
      ...{ risk: "low", text: "{}", blocking: false },
    } as never);
  expect([2, 3, 4].map((n) => propose(n).ok)).toEqual([true, true, false]);
  expect(world.state.tasks.size).toBe(3);
});

test("[field.tool-tax] the tools alone fill a model's context: their list stays small for everybody", () => {
  const tokens = (caller: Parameters<typeof toolsFor>[0], audience: "operator" | (typeof AGENTS)[number]) =>
    Buffer.byteLength(JSON.stringify(toolsFor(caller).map((tool) => toolEntry(tool, audience)))) / 4;
  expect(tokens({ kind: "operator" }, "operator")).toBeLessThanOrEqual(5_000);
  for (const duty of AGENTS) expect(tokens({ kind: "session", duty } as never, duty), duty).toBeLessThanOrEqual(3_000);
});

test("[field.long-wait] a waiting call is cut by its client after a minute, or hangs for hours: waits end within 50 s with a cursor", () => {
  expect(swarmWait.input.safeParse({ cursor: 3, seconds: 50 }).success).toBe(true);
  expect(swarmWait.input.safeParse({ cursor: 3, seconds: 51 }).success).toBe(false);
});
