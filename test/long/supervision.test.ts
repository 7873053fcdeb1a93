/** Stuck agents in a whole swarm, through real processes: they are seen, spoken to, told of, asked and ended, and the work is done. */
import { afterEach, expect, test } from "vitest";
import type { Event } from "../../src/domain/events.ts";
import { OF_STALLS, OF_WARNINGS } from "../e2e/support/kill-matrix.ts";
import { makeRig, type Rig } from "../e2e/support/rig.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

const task = (id: string): string =>
  `{id: ${id}, title: Write ${id}, brief: Write it., files: [out/${id}.txt], after: [], criteria: [it exists], proof: check_only, meets: [1]}`;
const done = (id: string): string =>
  `{edit: out/${id}.txt, content: "${id}"}, {call: task_submit, with: {task: "\${task}", attempt: "\${attempt}", summary: did it, evidence: [it is there]}}`;
const plan = (ids: readonly string[]): string => `
queen:
  - call: plan_submit
    with:
      goal: Files
      conditions: ["the files exist"]
      approach: One task per file.
      tasks: [${ids.map(task).join(", ")}]
plan_review:
  - call: plan_review_submit
    with: {revision: "\${revision}", plan_hash: "\${plan_hash}", coverage: [{condition: 1, tasks: [${ids.join(", ")}]}], findings: []}
reviews:
  default: [{sleepMs: 60000}]
`;
/** Far above what a busy machine needs to start an agent. */
const STALL =
  "supervision: {stallMinutes: 0.1, tiers: [{after: 1, do: nudge}, {after: 1.3, do: warn}, {after: 1.6, do: end}], probeSeconds: 2, loop: 3}";
const handedIn = (state: { readonly tasks: ReadonlyMap<string, { readonly status: string }> }, id: string): boolean =>
  ["checking", "reviewing", "approved", "merging", "merged"].includes(state.tasks.get(id)?.status ?? "");
const of = (events: readonly Event[], session: string): readonly string[] =>
  events.flatMap((event) => (event.type === "session_stalled" && event.session === session ? [`${event.because} ${event.does}`] : []));

test("[supervision.tiers] [supervision.probe] a silent agent goes up the tiers, does not answer, and the next attempt does the work", async () => {
  const playbook = `${plan(["t1"])}
tasks:
  t1:
    1: [{sleepMs: 60000}]
    default: [${done("t1")}]
`;
  const rig = await makeRig({ playbook, config: STALL });
  rigs.push(rig);
  const swarm = await rig.create("Write a file");
  await rig.until(swarm, "t1 handed in", (state) => handedIn(state, "t1"), 90_000);
  const events = (await swarm.events(0)).flatMap((commit) => commit.events);
  const ended = events.find((event) => event.type === "session_ended" && event.lapsed);
  const session = ended?.type === "session_ended" ? ended.session : "";
  expect(of(events, session)).toEqual(["silence nudge", "silence warn", "silence end"]);
  expect(ended).toMatchObject({ why: expect.stringMatching(/^silent for \d+ seconds; asked, it did not answer$/) });
  expect(events.some((event) => event.type === "turn_started" && event.reasons > 0)).toBe(true);
  expect(swarm.state.tasks.get("t1" as never)).toMatchObject({ attempt: 2, history: [{ result: "lapsed" }] });
}, 120_000);

test("[supervision.tools] a tool that computes in silence is left alone; one that only waits is ended", async () => {
  const busy = "const end = Date.now() + 16000; while (Date.now() < end);";
  const waits = "setTimeout(() => {}, 60000)";
  const playbook = `${plan(["t1", "t2"])}
tasks:
  t1: [{run: [node, -e, ${JSON.stringify(busy)}]}, ${done("t1")}]
  t2:
    1: [{run: [node, -e, ${JSON.stringify(waits)}]}]
    default: [${done("t2")}]
`;
  const rig = await makeRig({ playbook, config: STALL });
  rigs.push(rig);
  const swarm = await rig.create("Write two files");
  await rig.until(swarm, "both handed in", (state) => handedIn(state, "t1") && handedIn(state, "t2"), 100_000);
  const events = (await swarm.events(0)).flatMap((commit) => commit.events);
  const claims = events.flatMap((event) => (event.type === "task_claimed" ? [[event.task, event.attempt] as const] : []));
  expect([...claims].sort()).toEqual([
    ["t1", 1],
    ["t2", 1],
    ["t2", 2],
  ]);
  expect(events.some((event) => event.type === "session_seen" && event.by === "tools")).toBe(true);
  const first = events.find((event) => event.type === "task_claimed" && event.task === "t1");
  expect(of(events, first?.type === "task_claimed" ? (first.session ?? "") : "")).toEqual([]);
}, 150_000);

test("[supervision.loop] [supervision.files] one that loops answers and a fresh session goes on; one that only writes files is left alone", async () => {
  const again = Array.from({ length: 60 }, () => `{run: [cat, README.md], expect: any}, {sleepMs: 300}`).join(", ");
  const playbook = `${plan(["t1", "t2"])}
tasks:
  t1: [{when: {message: take over from an earlier session}, steps: [${done("t1")}]}, [${again}]]
  t2: [{run: [sh, -c, "mkdir -p out; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do echo $i > out/t2.txt; sleep 1; done"]}, ${done("t2")}]
`;
  // It has to answer, however busy the machine is; an answer is not waited for longer than it takes.
  const rig = await makeRig({ playbook, config: STALL.replace("probeSeconds: 2", "probeSeconds: 60") });
  rigs.push(rig);
  const swarm = await rig.create("Write two files");
  await rig.until(swarm, "both handed in", (state) => handedIn(state, "t1") && handedIn(state, "t2"), 100_000);
  const events = (await swarm.events(0)).flatMap((commit) => commit.events);
  const session = (id: string): string => {
    const claim = events.find((event) => event.type === "task_claimed" && event.task === id);
    return claim?.type === "task_claimed" ? (claim.session ?? "") : "";
  };
  expect(of(events, session("t1")).slice(0, 1)).toEqual(["loop nudge"]);
  expect(of(events, session("t1")).at(-1)).toBe("loop end");
  const anew = events.find((event) => event.type === "session_reset");
  expect(anew).toMatchObject({
    session: session("t1"),
    why: expect.stringMatching(/^called run with the same arguments \d+ times in a row; asked/),
  });
  expect(of(events, session("t2"))).toEqual([]);
  expect(events.filter((event) => event.type === "session_seen" && event.by === "files").length).toBeGreaterThan(0);
  for (const id of ["t1", "t2"]) expect(swarm.state.tasks.get(id as never)).toMatchObject({ attempt: 1 });
}, 130_000);

test("[supervision.kill] whenever the host dies at a look or at the last question, the attempt ends and the next one does the work", async () => {
  const playbook = `${plan(["t1"])}
tasks:
  t1:
    1: [{sleepMs: 60000}]
    default: [${done("t1")}]
`;
  const config = "supervision: {stallMinutes: 0.08, tiers: [{after: 1, do: end}], probeSeconds: 0.5}";
  const rig = await makeRig({ playbook, config });
  rigs.push(rig);
  rig.killAt(OF_STALLS.flatMap((kind) => [`before ${kind}`, `after ${kind}`]));
  const swarm = await rig.create("Write a file");
  await rig.until(swarm, "t1 handed in", (state) => handedIn(state, "t1"), 140_000);
  expect(rig.killsLeft()).toEqual([]);
  const { history } = swarm.state.tasks.get("t1" as never) ?? { history: [] };
  expect(history.map(({ result, why }) => `${result}: ${why}`)).toEqual([
    expect.stringMatching(/^lapsed: silent for \d+ seconds; asked, it did not/),
  ]);
}, 160_000);

test("[supervision.letter] wherever the host dies over it, the operator has one letter of the stall when the work is done", async () => {
  const playbook = `${plan(["t1"])}
tasks:
  t1: [{sleepMs: 9000}, ${done("t1")}]
`;
  const config = "supervision: {stallMinutes: 0.08, tiers: [{after: 1, do: warn}, {after: 1.2, do: warn}]}";
  const rig = await makeRig({ playbook, config });
  rigs.push(rig);
  rig.killAt(OF_WARNINGS.flatMap((kind) => [`before ${kind}`, `after ${kind}`]));
  const swarm = await rig.create("Write a file");
  await rig.until(swarm, "t1 handed in", (state) => handedIn(state, "t1"), 140_000);
  expect(rig.killsLeft()).toEqual([]);
  const events = (await swarm.events(0)).flatMap((commit) => commit.events);
  const stalls = events.filter((event) => event.type === "session_stalled" && event.letter);
  const letters = await swarm.mail.read("operator", await swarm.mail.list("operator", ["stored"]));
  expect(letters.length).toBe(stalls.length);
  expect(letters[0]).toMatchObject({ from: "skep", kind: "system", subject: expect.stringMatching(/ is stuck$/) });
  expect(swarm.state.letters).toBeUndefined();
}, 160_000);

test("[supervision.turns] an agent that only talks is told what is missing, and a fresh session of the same attempt does the work", async () => {
  const talks = Array.from({ length: 6 }, (_, n) => `[{say: "nearly there, ${n}"}]`).join(", ");
  const begun = `[{call: task_progress, with: {task: "\${task}", attempt: "\${attempt}", done: read it, next: write it}}]`;
  const playbook = `${plan(["t1"])}
tasks:
  t1: [{when: {message: take over from an earlier session}, steps: [${done("t1")}]}, ${begun}, ${talks}]
`;
  const rig = await makeRig({ playbook, config: "supervision: {idleTurns: 2}" });
  rigs.push(rig);
  const swarm = await rig.create("Write a file");
  await rig.until(swarm, "t1 handed in", (state) => handedIn(state, "t1"), 90_000);
  const events = (await swarm.events(0)).flatMap((commit) => commit.events);
  const session = events.find((event) => event.type === "task_claimed");
  const name = session?.type === "task_claimed" ? (session.session ?? "") : "";
  const idle = events.flatMap((event) => (event.type === "turn_ended" && event.session === name ? [event.idle] : []));
  expect(idle.slice(0, 4)).toEqual([0, 1, 2, 3]);
  expect(of(events, name)).toEqual(["turns nudge", "turns end"]);
  expect(events.find((event) => event.type === "session_reset")).toMatchObject({
    session: name,
    why: "3 turns in a row ended without progress; asked, it left a note",
  });
  expect(swarm.state.tasks.get("t1" as never)).toMatchObject({ attempt: 1 });
}, 120_000);
