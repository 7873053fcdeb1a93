import { afterEach, expect, test } from "vitest";
import { createLogger } from "../../src/base/logger.ts";
import type { EngineCommand } from "../../src/domain/commands.ts";
import { decide } from "../../src/domain/decide.ts";
import type { Effect, EffectKind } from "../../src/domain/effects.ts";
import { evolve } from "../../src/domain/evolve.ts";
import { emptyState } from "../../src/domain/state.ts";
import { Engine } from "../../src/engine/engine.ts";
import type { LiveSwarm } from "../../src/engine/host/context.ts";
import { openSwarmHandle } from "../../src/engine/swarm-handle.ts";
import { openMemoryStore } from "../../src/store/memory/store.ts";
import type { Store } from "../../src/store/ports.ts";
import { approval, plan, taskSpec, usualResult } from "../domain/world.ts";
import { TestClock } from "../support/clock.ts";
import { until } from "../support/until.ts";
import { birth, engine as engineActor, lease, OPERATOR } from "./support/born.ts";

interface Rig {
  readonly store: Store;
  readonly swarm: LiveSwarm;
  readonly clock: TestClock;
  readonly done: string[];
}
const engines: Engine[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((one) => one.stop()));
});

async function rig(): Promise<Rig> {
  const clock = new TestClock();
  const store = openMemoryStore({ clock });
  await (await store.create("s-test" as never)).close();
  const swarm = await open(store, clock);
  await swarm.submit(birth(), OPERATOR);
  await swarm.submit(lease(0), engineActor(0));
  return { store, swarm, clock, done: [] };
}

const open = async (store: Store, clock: TestClock): Promise<LiveSwarm> =>
  openSwarmHandle(await store.open("s-test" as never), { decide, evolve, emptyState, clock });

type Perform = (effect: Effect) => Promise<EngineCommand>;

function start({ swarm, clock, done }: Rig, perform?: Perform, epoch = 1): Engine {
  const usual: Perform = async (effect) => {
    done.push(effect.key);
    return usualResult(swarm.state, effect);
  };
  const run = perform ?? usual;
  const logger = createLogger("test", "silent");
  const engine = new Engine({ handle: swarm, epoch, clock, logger, perform: async (effect) => ({ record: await run(effect) }) });
  engines.push(engine);
  engine.start();
  return engine;
}

/** What the agents of a small swarm do, in order; each step waits until the engine made it possible. */
async function playAgents({ swarm }: Rig, from = 0): Promise<void> {
  const live = (seat: string) => until(() => sessionOf(swarm, seat), { what: `a session of ${seat}` });
  const steps = [
    async () => void (await as(swarm, await live("queen"), plan([taskSpec("t1")]))),
    async () => void (await as(swarm, await live("reviewer"), approval(swarm.state))),
    async () => {
      const worker = await until(() => sessionOf(swarm, swarm.state.tasks.get("t1" as never)?.seat ?? ""), { what: "a worker" });
      await as(swarm, worker, { type: "submit_task", task: "t1" as never, attempt: 1, evidence: [1, 2], submission: "s" });
    },
    async () => {
      await until(() => swarm.state.byStatus.reviewing.size === 1, { what: "a review" });
      await end(swarm, "reviewer");
      const reviewer = await until(() => (sessionOf(swarm, "reviewer")?.job.kind === "review" ? sessionOf(swarm, "reviewer") : undefined), {
        what: "a reviewer",
      });
      const sha = swarm.state.tasks.get("t1" as never)?.sha ?? "";
      await as(swarm, reviewer, { type: "read_diff", task: "t1" as never, sha, page: 1, pages: 1 });
      const criteria = [1, 2].map((n) => ({ n, met: "yes" as const }));
      await as(swarm, reviewer, { type: "review_task", task: "t1" as never, sha, criteria, findings: [], text: "{}" });
    },
    async () => {
      await until(() => swarm.state.byStatus.merged.size === 1, { what: "the merge" });
      await as(swarm, await live("queen"), { type: "complete_swarm", summary: "done" });
    },
  ];
  for (const step of steps.slice(from)) await step();
  await until(() => swarm.state.closed, { what: "the end" });
}

function sessionOf(swarm: LiveSwarm, seat: string) {
  const id = swarm.state.seats.get(seat as never)?.session;
  const session = id ? swarm.state.sessions.get(id) : undefined;
  return session?.status === "live" ? session : undefined;
}

async function as(
  swarm: LiveSwarm,
  session: NonNullable<ReturnType<typeof sessionOf>>,
  command: Parameters<LiveSwarm["submit"]>[0],
): Promise<void> {
  const answer = await swarm.submit(command, { kind: "session", seat: session.seat, session: session.id, run: session.run });
  expect(answer).toMatchObject({ ok: true });
}

async function end(swarm: LiveSwarm, seat: string): Promise<void> {
  const session = sessionOf(swarm, seat);
  if (!session) return;
  const usage = { inputTokens: 1, outputTokens: 1, cachedTokens: 0, usd: null };
  await swarm.submit(
    { type: "record_turn_ended", session: session.id, run: session.run, ok: true, error: null, usage },
    engineActor(swarm.state.epoch),
  );
}

test("[engine.path] the whole job runs through one loop, each effect once, and no timer is left", async () => {
  const all = await rig();
  start(all);
  await playAgents(all);
  expect(new Set(all.done).size).toBe(all.done.length);
  const kinds = new Set(all.done.map((key) => key.split(":")[0]));
  expect([...kinds]).toEqual(
    expect.arrayContaining([
      "open_swarm",
      "open_worktree",
      "start_session",
      "commit_submission",
      "run_checks",
      "merge_task",
      "stop_session",
      "close_swarm",
    ]),
  );
});

const KINDS: readonly EffectKind[] = [
  "open_swarm",
  "open_worktree",
  "start_session",
  "commit_submission",
  "run_checks",
  "merge_task",
  "close_swarm",
];
test.each(KINDS)("[engine.killed] an engine that never answers for %s is replaced by one that finishes the job", async (kind) => {
  const all = await rig();
  const usual: Perform = async (effect) => usualResult(all.swarm.state, effect);
  let stuck: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => {
    stuck = resolve;
  });
  const dead = new Promise<never>(() => undefined);
  start(all, async (effect) => {
    if (effect.kind !== kind) return usual(effect);
    stuck();
    return dead;
  });
  engines.length = 0;
  const agents = playAgents(all);
  await reached;
  await all.swarm.submit(lease(1, "h2"), engineActor(1));
  start(all, undefined, 2);
  await agents;
  expect(all.swarm.state).toMatchObject({ status: "completed", closed: true });
});

test("[engine.back-off] a failing effect waits longer each time, as data, and is tried again", async () => {
  const all = await rig();
  let tries = 0;
  start(all, async (effect) => {
    if (effect.kind === "open_swarm" && tries++ < 2) throw new Error("disk on fire");
    return usualResult(all.swarm.state, effect);
  });
  await until(() => all.swarm.state.failures.get("open_swarm")?.count === 1, { what: "the first failure" });
  expect(all.swarm.state.tip).toBe("");
  all.clock.tick(500);
  await until(() => all.swarm.state.failures.get("open_swarm")?.count === 2, { what: "the second failure" });
  const { retryAt = 0 } = all.swarm.state.failures.get("open_swarm") ?? {};
  expect(retryAt - all.clock.now()).toBe(1_000);
  all.clock.tick(1_000);
  await until(() => all.swarm.state.tip === "base", { what: "the third try" });
});

test("[engine.cap] an effect that keeps failing ends in a gate, and its answer starts it anew", async () => {
  const all = await rig();
  let broken = true;
  start(all, async (effect) => {
    if (broken && effect.kind === "open_swarm") throw new Error("no space left");
    return usualResult(all.swarm.state, effect);
  });
  await until(
    () => {
      all.clock.tick(60_000);
      return all.swarm.state.openGates.size === 1;
    },
    { what: "a gate" },
  );
  expect([...all.swarm.state.gates.values()]).toMatchObject([{ kind: "effect", effect: "open_swarm", options: ["retry", "stop"] }]);
  broken = false;
  await all.swarm.submit({ type: "answer_gate", gate: "g1" as never, answer: "retry" }, OPERATOR);
  await until(() => all.swarm.state.tip === "base", { what: "the retry" });
});

test("[engine.fenced] an engine whose epoch is over starts nothing and its result is refused", async () => {
  const all = await rig();
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const started: string[] = [];
  start(all, async (effect) => {
    started.push(effect.key);
    await held;
    return usualResult(all.swarm.state, effect);
  });
  await until(() => started.length === 1, { what: "the first effect" });
  await all.swarm.submit(lease(1, "h2"), engineActor(1));
  release();
  start(all, undefined, 2);
  await until(() => sessionOf(all.swarm, "queen"), { what: "the queen" });
  expect(started).toEqual(["open_swarm"]);
  expect(all.done.filter((key) => key === "open_swarm").length).toBeLessThanOrEqual(1);
});

test("[engine.unrecorded] what an effect began is taken back when its result cannot be written, and only then tried again", async () => {
  const { swarm, clock } = await rig();
  let full = 2;
  const handle = {
    get state() {
      return swarm.state;
    },
    refresh: () => swarm.refresh(),
    onCommit: (listener: Parameters<LiveSwarm["onCommit"]>[0]) => swarm.onCommit(listener),
    async submit(command: EngineCommand, actor: Parameters<LiveSwarm["submit"]>[1]) {
      if (command.type === "record_opened" && full-- > 0) throw new Error("the disk is full");
      return swarm.submit(command, actor);
    },
  } as LiveSwarm;
  const seen: string[] = [];
  const perform = async (effect: Effect) => {
    if (effect.kind === "open_swarm") seen.push("begun");
    const afterwards = async (accepted: boolean): Promise<void> =>
      void (effect.kind === "open_swarm" && seen.push(accepted ? "kept" : "taken back"));
    return { record: usualResult(swarm.state, effect), afterwards };
  };
  const engine = new Engine({ handle, epoch: 1, clock, logger: createLogger("test", "silent"), perform });
  engines.push(engine);
  engine.start();
  await until(
    () => {
      clock.tick(500);
      return seen.includes("kept");
    },
    { what: "the third try" },
  );
  expect(seen).toEqual(["begun", "taken back", "begun", "taken back", "begun", "kept"]);
});
