/**
 * Two tasks with files of their own meet in a third file that each asks for: one gets it, the other is refused while it is
 * taken and gets it later, on a base that lacks the first one's work. The conflict is resolved by the team's resolver, since
 * its maker was stopped, and read again.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import type { SeatId, TaskId } from "../../src/base/ids.ts";
import { first } from "../e2e/support/first.ts";
import { makeRig, type Rig } from "../e2e/support/rig.ts";
import { tempDir } from "../support/temp.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

const TEAM = `id: crew
title: With a resolver
seats:
  - role: queen
  - role: reviewer
  - role: developer
    count: 2
  - role: resolver
`;
const T1 = "t1" as TaskId;
const T2 = "t2" as TaskId;

/** Steps that end when a file is there, or that make one: how scripted agents wait for each other. */
function gates(folder: string) {
  const file = (name: string): string => JSON.stringify(path.join(folder, name));
  const node = (code: string): string => JSON.stringify(["node", "-e", code]);
  const wait = `const t = setInterval(() => require("fs").existsSync(process.argv[1]) && clearInterval(t), 20)`;
  return {
    open: (name: string): void => writeFileSync(path.join(folder, name), ""),
    pass: (name: string): string => `{run: ${node(wait).slice(0, -1)}, ${file(name)}]}`,
    raise: (name: string): string => `{run: ${node('require("fs").writeFileSync(process.argv[1], "")').slice(0, -1)}, ${file(name)}]}`,
  };
}

function playbook({ pass, raise }: ReturnType<typeof gates>): string {
  const task = (id: string): string =>
    `{id: ${id}, title: Write ${id}, brief: Write it., files: [${id}.txt], criteria: ["${id} is listed"], proof: check_only, meets: [1]}`;
  const extend = (expected: string): string =>
    `{call: task_extend, with: {attempt: "\${attempt}", files: [list.txt], why: "\${task} has to be listed"}, expect: ${expected}}`;
  const submit = `{call: task_submit, with: {attempt: "\${attempt}", summary: done, evidence: ["list.txt:2"]}}`;
  return `
queen:
  - call: plan_submit
    with: {goal: Two, conditions: [both are listed], approach: One each., tasks: [${task("t1")}, ${task("t2")}]}
  - {wait: turn}
  - {call: swarm_complete, with: {summary: both are listed}}
plan_review:
  - call: plan_review_submit
    with: {revision: "\${revision}", plan_hash: "\${plan_hash}", coverage: [{condition: 1, tasks: [t1, t2]}], findings: []}
tasks:
  t1:
    1:
      - ${pass("t2-has-it")}
      - ${extend("FILES_TAKEN")}
      - ${raise("t1-was-refused")}
      - ${pass("t2-is-merged")}
      - ${extend("ok")}
      - {edit: list.txt, content: "start\\none is here\\n"}
      - ${submit}
    2:
      - {edit: list.txt, content: "start\\none is here\\ntwo is here\\n"}
      - ${submit}
  t2:
    - ${extend("ok")}
    - ${raise("t2-has-it")}
    - ${pass("t1-was-refused")}
    - {edit: list.txt, content: "start\\ntwo is here\\ntwo has a second line\\n"}
    - ${submit}
reviews:
  t1: [${pass("maker-is-stopped")}, ${review("t1")}]
  default: [${review("t2")}]
`;
}
const review = (task: string): string => `{call: diff_get, with: {task: ${task}}},
    {call: task_review_submit, with: {task: ${task}, sha: "\${sha}", criteria: [{n: 1, met: "yes", evidence: "list.txt:2"}], findings: []}}`;

test("[ownership.e2e][resolver.e2e] asked for, refused, granted, in conflict, resolved by the resolver, read again, merged", async () => {
  const gate = gates(tempDir("gates"));
  const files = { "list.txt": "start\n", ".skep/templates/teams/crew.yaml": TEAM };
  const rig = await makeRig({ playbook: playbook(gate), files, config: "checks: {commands: []}" });
  rigs.push(rig);
  const swarm = await rig.create("List both", "crew");
  await rig.until(swarm, "the merge of t2", (state) => state.tasks.get(T2)?.status === "merged");
  gate.open("t2-is-merged");
  const maker = await rig.until<SeatId>(swarm, "the review of t1", ({ tasks }) => {
    const task = tasks.get(T1);
    return task?.status === "reviewing" ? (task.authors[0] ?? null) : null;
  });
  await swarm.submit({ type: "stop_seat", seat: maker }, { kind: "operator" });
  gate.open("maker-is-stopped");
  await rig.until(swarm, "the end", (state) => state.status === "completed");

  const events = (await swarm.events(0)).flatMap((commit) => commit.events);
  const of = <T extends (typeof events)[number]["type"]>(type: T) =>
    events.flatMap((event) => (event.type === type ? [event as Extract<typeof event, { type: T }>] : []));
  expect(of("task_extended").map(({ task, files: got }) => [task, got])).toEqual([
    [T2, ["list.txt"]],
    [T1, ["list.txt"]],
  ]);
  const claims = of("task_claimed").filter(({ task }) => task === T1);
  expect(claims.map(({ attempt, seat, because }) => [attempt, seat, because])).toEqual([
    [1, maker, undefined],
    [2, "resolver-0", `it conflicts with merged work and ${maker}, who made it, is gone`],
  ]);
  expect(swarm.state.tasks.get(T1)?.history.map(({ result }) => result)).toEqual(["conflict", "merged"]);
  const verdicts = of("review_recorded").filter(({ task, approved }) => task === T1 && approved);
  expect(new Set(verdicts.map(({ sha }) => sha)).size).toBe(2);
  expect(rig.repo.git("show", `${swarm.state.branch}:list.txt`)).toBe("start\none is here\ntwo is here");

  const about = of("session_wanted").filter(({ job }) => "task" in job && job.task === T1);
  const told = (kind: string): Promise<string> =>
    first("message", rig, swarm.id, about.filter(({ job }) => job.kind === kind)[1]?.session ?? "");
  expect(await told("task")).toContain('as the plan states it:\n| t2 "Write t2"\n| 1. t2 is listed');
  const request = await told("review");
  expect(request).toContain('Not in the plan, granted later: list.txt, because "t1 has to be listed"');
  expect(request).toContain("Of the merged work:\n| list.txt: two has a second line");
}, 90_000);
