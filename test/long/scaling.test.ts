/** A swarm that is too small for its plan, through a real host: it grows, merges everything, and is small again. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import type { State } from "../../src/domain/model.ts";
import { makeRig, type Rig } from "../e2e/support/rig.ts";
import { tempDir } from "../support/temp.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

const FIRST = ["t1", "t2", "t3", "t4", "t5"];
const TASKS = [...FIRST, "t6"];
const TEAM = "id: three\ntitle: Three\nseats: [{role: queen}, {role: reviewer}, {role: developer}]\n";
const CONFIG = "scaling: {max: {swarm: 8, roles: {developer: 3}}, perTick: 1, coolDownMinutes: 0.01, idleMinutes: 0.02}";

const task = (id: string, after: readonly string[] = []): string => `
          - id: ${id}
            title: Write ${id}.txt
            brief: Write the file ${id}.txt.
            files: [out/${id}.txt]
            after: [${after.join(", ")}]
            criteria: ["out/${id}.txt exists"]
            proof: check_only
            meets: [1]
`;

/** A worker that goes on when the test has seen what it waits for. */
const until = (file: string): string => `      - run: [sh, -c, 'until [ -e "${file}" ]; do sleep 0.05; done']`;
const submit = `
      - edit: out/\${task}.txt
        content: "done\\n"
      - call: task_submit
        with:
          task: "\${task}"
          attempt: "\${attempt}"
          summary: did what was asked
          evidence: ["the file is there"]
`;

const playbook = (grown: string, small: string): string => `
queen:
  - call: plan_submit
    with:
      goal: Six files
      conditions: ["all files exist"]
      approach: One file per task.
      tasks: ${FIRST.map((id) => task(id)).join("")}${task("t6", FIRST)}
  - wait: turn
  - call: swarm_complete
    with: {summary: all are there}
plan_review:
  - call: plan_review_submit
    with:
      revision: "\${revision}"
      plan_hash: "\${plan_hash}"
      coverage: [{condition: 1, tasks: [${TASKS.join(", ")}]}]
      findings: []
tasks:
  t6:
    default:
${until(small)}${submit}
  default:
    default:
${until(grown)}${submit}
reviews:
  default:
    default:
      - call: diff_get
        with: {task: "\${task}"}
      - call: task_review_submit
        with:
          task: "\${task}"
          sha: "\${sha}"
          criteria: [{n: 1, met: "yes", evidence: "out/\${task}.txt:1"}]
          findings: []
`;

test("[scaling.e2e] one developer and six tasks: the swarm grows to three developers, merges all six, and is small again", async () => {
  const folder = tempDir("seen");
  const [grown, small] = [path.join(folder, "grown"), path.join(folder, "small")];
  const rig = await makeRig({ playbook: playbook(grown, small), config: CONFIG, files: { ".skep/templates/teams/three.yaml": TEAM } });
  rigs.push(rig);
  const swarm = await rig.create("Write six files", "three");
  const developers = (state: Readonly<State>) =>
    [...state.seats.values()].filter(({ role, status }) => role === "developer" && status === "active");
  const busy = (state: Readonly<State>) => developers(state).filter(({ task }) => task !== null);
  await rig.until(swarm, "three developers at work", (state) => busy(state).length === 3, 60_000);
  writeFileSync(grown, "");
  // One of three has the last task; who joined and has nothing to do leaves meanwhile.
  await rig.until(
    swarm,
    "the others to leave",
    (state) =>
      state.byStatus.merged.size === 5 &&
      developers(state).every(({ scaled, task }) => !scaled || task === "t6") &&
      busy(state).length === 1,
    60_000,
  );
  writeFileSync(small, "");
  await rig.until(swarm, "the end", (state) => state.status === "completed" && state.closed, 60_000);
  const events = (await swarm.events(0)).flatMap((commit) => commit.events);
  const added = events.flatMap((event) => (event.type === "seat_added" && event.seat.role === "developer" ? [event] : []));
  expect(added.map(({ seat, scaled }) => [seat.seat, scaled?.kind])).toEqual([
    ["dev-1", "work"],
    ["dev-2", "work"],
  ]);
  const left = events.flatMap((event) => (event.type === "seat_stopping" ? [event] : []));
  expect(left.every(({ idle, seat }) => idle && seat !== "dev-0")).toBe(true);
  expect(left.filter(({ seat }) => seat.startsWith("dev-")).length).toBeGreaterThanOrEqual(1);
  const { branch } = swarm.state;
  for (const id of TASKS) expect(rig.repo.git("show", `${branch}:out/${id}.txt`)).toBe("done");
}, 200_000);
