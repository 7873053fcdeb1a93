/** Caps of sessions and of money, from the config to the end of what they cap. */
import { afterEach, expect, test } from "vitest";
import type { Event } from "../../src/domain/events.ts";
import { claudeRig } from "../e2e/support/fake-claude.ts";
import type { Rig } from "../e2e/support/rig.ts";
import { TWO_TASKS } from "../e2e/support/two-tasks.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

const task = (id: string): string =>
  `{id: ${id}, title: Write ${id}, brief: Write it., files: [out/${id}.txt], after: [], criteria: [it exists], proof: check_only, meets: [1]}`;
const note = `{call: task_progress, with: {task: "\${task}", attempt: "\${attempt}", done: a bit, next: more}}`;
const STUCK = `
queen:
  - call: plan_submit
    with:
      goal: Three files
      conditions: ["the files exist"]
      approach: One task per file.
      tasks: [${["t1", "t2", "t3"].map(task).join(", ")}]
plan_review:
  - call: plan_review_submit
    with: {revision: "\${revision}", plan_hash: "\${plan_hash}", coverage: [{condition: 1, tasks: [t1, t2, t3]}], findings: []}
tasks:
  t1: [{sleepMs: 60000}]
  t2: [${Array.from({ length: 40 }, () => `${note}, {sleepMs: 300}`).join(", ")}]
  t3: [{say: nothing yet}, {wait: turn}, {say: nothing still}, {wait: turn}, {say: never}]
`;

test("[limits.sessions] a silent session, one too old and one that used its turns are ended; the last attempt asks a person", async () => {
  const config = [
    "limits: {sessionMinutes: 0.15, turns: 2, attempts: 1, lapses: 9}",
    "supervision: {stallMinutes: 0.07, tiers: [{after: 1, do: end}], probeSeconds: 0.3, loop: 100}",
  ].join("\n");
  const rig = await claudeRig({ playbook: STUCK, config });
  rigs.push(rig);
  const swarm = await rig.create("Write three files");
  await rig.until(swarm, "three gates", (state) => state.openGates.size === 3, 60_000);
  const { tasks, gates } = swarm.state;
  const ends = ["t1", "t2", "t3"].map((id) => tasks.get(id as never)?.history.map(({ result, why }) => `${result}: ${why}`));
  expect(ends).toEqual([
    [expect.stringMatching(/^lapsed: silent for \d+ seconds; asked, it did not answer$/)],
    [expect.stringMatching(/^lapsed: ran for /)],
    ["lapsed: used its 2 turns"],
  ]);
  expect([...gates.values()].map(({ kind }) => kind)).toEqual(["attempts", "attempts", "attempts"]);
}, 90_000);

test("[limits.usd] a swarm that spent its money is paused and starts nothing until a person allows more", async () => {
  const rig = await claudeRig({ playbook: TWO_TASKS, usdPerTurn: 1, config: "budgets: {swarm: {usd: 3}}" });
  rigs.push(rig);
  const swarm = await rig.create("Write two files");
  const gate = await rig.until(swarm, "the gate and the end of all turns", (state) => {
    const [id] = state.openGates;
    const quiet = [...state.sessions.values()].every(({ turn, status }) => turn === "idle" && status === "live");
    return id !== undefined && quiet ? id : null;
  });
  expect(swarm.state).toMatchObject({ status: "paused", spent: { usd: 3 } });
  expect(swarm.state.gates.get(gate)).toMatchObject({ kind: "budget", title: "the budget of the swarm is used up: $3.00" });
  await swarm.submit({ type: "answer_gate", gate, answer: "raise" }, { kind: "operator" });
  await rig.until(swarm, "money for more", (state) => state.spent.usd > 3, 60_000);
  const events = (await swarm.events(0)).flatMap((commit) => commit.events);
  const at = (type: Event["type"]): number => events.findIndex((event) => event.type === type);
  const meanwhile = events.slice(at("swarm_paused"), at("swarm_resumed")).map(({ type }) => type);
  expect(meanwhile).toContain("gate_opened");
  expect(meanwhile.filter((type) => ["session_wanted", "session_started", "turn_started", "task_claimed"].includes(type))).toEqual([]);
}, 120_000);
