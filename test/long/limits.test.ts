/** Used-up accounts and the day's budget, through real hosts: they wait for clocks, so they take their time. */
import { afterEach, expect, test } from "vitest";
import { claudeRig } from "../e2e/support/fake-claude.ts";
import type { Rig } from "../e2e/support/rig.ts";
import { TWO_TASKS } from "../e2e/support/two-tasks.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

const task = (id: string): string =>
  `{id: ${id}, title: Write ${id}, brief: Write it., files: [out/${id}.txt], after: [], criteria: [it exists], proof: check_only, meets: [1]}`;
const done = `{call: task_submit, with: {task: "\${task}", attempt: "\${attempt}", summary: did it, evidence: [it is there]}}`;
const QUOTA = `
queen:
  - call: plan_submit
    with:
      goal: Two files
      conditions: ["the files exist"]
      approach: One task per file.
      tasks: [${["t1", "t2"].map(task).join(", ")}]
plan_review:
  - call: plan_review_submit
    with: {revision: "\${revision}", plan_hash: "\${plan_hash}", coverage: [{condition: 1, tasks: [t1, t2]}], findings: []}
tasks:
  t1: [{edit: out/t1.txt, content: one}, {say: "limited: 4000"}, {wait: turn}, ${done}]
  t2: [{edit: out/t2.txt, content: two}, ${done}]
reviews:
  default: [{sleepMs: 60000}]
`;

test("[limits.quota] a used-up account rests for all until its reset, then the same sessions go on by themselves", async () => {
  const rig = await claudeRig({ playbook: QUOTA });
  rigs.push(rig);
  const swarm = await rig.create("Write two files");
  const paused = await rig.until(swarm, "the pause", (state) => {
    const provider = state.providers.get("anthropic");
    return provider && provider.pausedUntil > 0 ? { ...provider } : null;
  });
  expect(paused).toMatchObject({ kind: "quota", why: "the account's five hour limit is used up" });
  await rig.until(
    swarm,
    "t1 handed in",
    (state) => ["reviewing", "checking", "submitted"].includes(state.tasks.get("t1" as never)?.status ?? ""),
    60_000,
  );
  const commits = await swarm.events(0);
  const during = commits.filter(({ at }) => at < paused.pausedUntil).flatMap(({ events }) => events);
  const limited = during.findIndex(({ type }) => type === "provider_limited");
  // From the refusal to the reset no turn and no session began.
  expect(during.slice(limited).filter(({ type }) => ["turn_started", "session_started", "session_wanted"].includes(type))).toEqual([]);
  const events = commits.flatMap((commit) => commit.events);
  expect(
    events.filter(({ type }) => type === "session_ended" || type === "session_reset").filter((event) => "lapsed" in event && event.lapsed),
  ).toEqual([]);
  expect(swarm.state.tasks.get("t1" as never)).toMatchObject({ attempt: 1 });
}, 120_000);

test("[limits.day] two swarms share the day's budget: what one spent stops the other", async () => {
  const rig = await claudeRig({ playbook: TWO_TASKS, usdPerTurn: 1, config: "budgets: {day: {usd: 4}}" });
  rigs.push(rig);
  const [first, second] = [await rig.create("Write two files"), await rig.create("Write two files again")];
  for (const swarm of [first, second])
    await rig.until(swarm, "the day is used up", (state) => state.status === "paused" && state.openGates.size > 0, 60_000);
  const gate = [...second.state.gates.values()].find(({ kind }) => kind === "budget");
  expect(gate).toMatchObject({ effect: "day", fallback: "tomorrow", title: "the budget of the day is used up: $4.00" });
  expect(first.state.spent.usd + first.state.elsewhere.usd).toBeGreaterThanOrEqual(4);
}, 120_000);
