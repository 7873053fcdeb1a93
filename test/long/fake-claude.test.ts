/** Whole swarms through the Claude adapter, against a fake that speaks its stream: what a real one costs too much to show each time. */
import { afterEach, expect, test } from "vitest";
import type { Event } from "../../src/domain/events.ts";
import type { LiveSwarm } from "../../src/engine/host/context.ts";
import { claudeRig } from "../e2e/support/fake-claude.ts";
import type { Rig } from "../e2e/support/rig.ts";
import { TWO_TASKS } from "../e2e/support/two-tasks.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});
async function rigged(options: Parameters<typeof claudeRig>[0]): Promise<Rig> {
  const rig = await claudeRig(options);
  rigs.push(rig);
  return rig;
}
type Of<T extends Event["type"]> = Extract<Event, { type: T }>;
async function all<T extends Event["type"]>(swarm: LiveSwarm, type: T): Promise<Of<T>[]> {
  const commits = await swarm.events(0);
  return commits.flatMap(({ events }) => events.filter((event): event is Of<T> => event.type === type));
}
const completed = (rig: Rig, swarm: LiveSwarm) =>
  rig.until(swarm, "the end", (state) => state.status === "completed" && state.closed, 90_000);

test("[clis.fake.swarm] a whole swarm runs through the Claude adapter, resumed after its host was killed, every turn with its cost", async () => {
  const rig = await rigged({ playbook: TWO_TASKS });
  rig.killAt(["after commit_submission"]);
  const swarm = await rig.create("Write two files");
  await completed(rig, swarm);
  expect(rig.killsLeft()).toEqual([]);
  const { branch, base } = swarm.state;
  expect(rig.repo.git("log", "--format=%s", `${base}..${branch}`)).toBe("Write t2.txt\nWrite t1.txt");
  const started = await all(swarm, "session_started");
  const again = started.filter(({ run }) => run > 1);
  expect(again.length).toBeGreaterThan(0);
  for (const { session, cli } of again) expect(started.find((one) => one.session === session && one.run === 1)?.cli).toBe(cli);
  const turns = await all(swarm, "turn_ended");
  expect(swarm.state.spent.usd).toBeCloseTo(turns.length * 0.01);
}, 120_000);

test("[clis.fake.lost] a session its CLI does not know any more begins anew: same attempt, first message, another CLI session", async () => {
  const rig = await rigged({ playbook: TWO_TASKS.replace("sleepMs: 0", "sleepMs: 3000"), forgets: true });
  const swarm = await rig.create("Write two files");
  const lost = await rig.until(swarm, "attempt 2 of t1 at work", (state) => {
    const session = state.sessions.get(state.tasks.get("t1" as never)?.session as never);
    return session?.status === "live" && state.tasks.get("t1" as never)?.attempt === 2 ? { ...session } : null;
  });
  rig.killHost();
  await completed(rig, swarm);
  // The queen was idle: there is nothing to begin anew, she is started when she is needed.
  expect(await all(swarm, "session_reset")).toMatchObject([
    { session: lost.id, why: expect.stringMatching(/^exited with code 1: .*No conversation found/) },
  ]);
  const runs = (await all(swarm, "session_started")).filter(({ session }) => session === lost.id);
  expect(runs.map(({ cli }) => cli)).toEqual([lost.cli, lost.cli, expect.not.stringMatching(String(lost.cli))]);
  expect(swarm.state.tasks.get("t1" as never)).toMatchObject({ status: "merged", attempt: 2 });
}, 120_000);

test("[clis.fake.no-tools] a session without its tools is ended, told with the reason, and a seat that gets none stops at a gate", async () => {
  const rig = await rigged({ playbook: TWO_TASKS, toolless: true, config: "limits: {lapses: 2}" });
  const swarm = await rig.create("Write two files");
  const gate = await rig.until(swarm, "a gate", (state) => [...state.gates.values()][0] ?? null);
  expect(gate).toMatchObject({ kind: "seat", seat: "queen", question: expect.stringContaining("its tools did not connect") });
  expect((await all(swarm, "session_ended")).map(({ lapsed }) => lapsed)).toEqual([true, true]);
  expect(await all(swarm, "turn_ended")).toEqual([]);
}, 60_000);

const ASKING = `
queen:
  - say: "denied: curl is not allowed"
  - call: human_ask
    with: {question: Which name?, options: [a, b], fallback: a}
  - say: asked
  - wait: turn
  - call: plan_submit
    with:
      goal: One file
      conditions: ["the file exists"]
      approach: One task.
      tasks:
        - {id: t1, title: Write t1.txt, brief: Write it., files: [out/t1.txt], after: [], criteria: [it exists], proof: check_only, meets: [1]}
`;

test("[limits.idle][clis.denied] a session that waits for a person makes no model call, mail included; what was denied to it is on record", async () => {
  const rig = await rigged({ playbook: ASKING });
  const swarm = await rig.create("Write a file");
  await rig.until(
    swarm,
    "an idle queen",
    (state) => state.openGates.size === 1 && [...state.sessions.values()].every(({ turn }) => turn === "idle"),
  );
  const note = { from: "operator" as const, kind: "note" as const, subject: "No hurry", body: "The name may be short." };
  await swarm.mail.send({ ...note, to: "queen" as never, key: "note-1" });
  const [gate] = swarm.state.openGates;
  await swarm.submit({ type: "answer_gate", gate: gate as never, answer: "a" }, { kind: "operator" });
  await rig.until(swarm, "a plan", (state) => state.plan.revision === 1);
  const queen = [...swarm.state.seats.values()].find(({ duty }) => duty === "queen")?.session;
  // One turn before the answer and the one after it; the note woke nobody and came along.
  const starts = (await all(swarm, "turn_started")).filter(({ session, asked }) => session === queen && asked !== null);
  expect(starts.length).toBe(1);
  expect(await all(swarm, "tool_denied")).toMatchObject([{ session: queen, tool: "Bash", why: "curl is not allowed" }]);
}, 60_000);
