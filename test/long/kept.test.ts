/** Sessions that are kept from job to job, through a real host. */
import { afterEach, expect, test } from "vitest";
import { makeRig, type Rig } from "../e2e/support/rig.ts";
import { TWO_TASKS } from "../e2e/support/two-tasks.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

const RELEASED = TWO_TASKS.replace(
  /tasks:\n {2}t1:\n[\s\S]*?(?= {2}t2:\n)/,
  `tasks:
  t1:
    1:
      - {edit: out/t1.txt, content: "half\\n"}
      - {call: task_release, with: {attempt: "\${attempt}", reason: stuck, detail: no more ideas}}
    default:
      - {run: [node, -e, 'require("fs").appendFileSync("out/t1.txt", "whole")']}
      - {call: task_submit, with: {attempt: "\${attempt}", summary: did it, evidence: ["the file is there"]}}
`,
);
const TEAM = "id: three\ntitle: Three\nseats: [{role: queen}, {role: reviewer}, {role: developer}]\n";

const KEPT = (scripted: unknown) => [
  "  default: scripted",
  `  adapters: {scripted: {settings: ${JSON.stringify(scripted)}}}`,
  "  roles: {developer: {session: kept}, reviewer: {session: kept}}",
];

test("[e2e.kept] a worker and a reviewer whose sessions are kept do job after job in one process each", async () => {
  const rig = await makeRig({
    playbook: TWO_TASKS,
    files: { ".skep/templates/teams/three.yaml": TEAM },
    harness: KEPT,
  });
  rigs.push(rig);
  const swarm = await rig.create("Write two files", "three");
  await rig.until(swarm, "the end", (state) => state.status === "completed" && state.closed, 60_000);
  const events = (await swarm.events(0)).flatMap((commit) => commit.events);
  const wanted = events.flatMap((event) => (event.type === "session_wanted" ? [event.seat] : []));
  // The first worker dies once, as its playbook says; everything after it is one session.
  expect(wanted.filter((seat) => seat === "reviewer")).toHaveLength(1);
  expect(wanted.filter((seat) => seat === "dev-0")).toHaveLength(2);
  const reviews = events.flatMap((event) => (event.type === "review_recorded" ? [event.task] : []));
  expect(reviews).toEqual(["t1", "t2"]);
  expect(rig.repo.git("log", "--format=%s", `${swarm.state.base}..${swarm.state.branch}`)).toBe("Write t2.txt\nWrite t1.txt");
}, 90_000);

test("[e2e.kept.saved] work a kept session gave back is saved under it, though the host dies around that, and the next attempt goes on from it", async () => {
  const rig = await makeRig({ playbook: RELEASED, files: { ".skep/templates/teams/three.yaml": TEAM }, harness: KEPT });
  rigs.push(rig);
  rig.killAt(["before save_work", "after save_work"]);
  const swarm = await rig.create("Write two files", "three");
  await rig.until(swarm, "the end", (state) => state.status === "completed" && state.closed, 90_000);
  expect(rig.killsLeft()).toEqual([]);
  const events = (await swarm.events(0)).flatMap((commit) => commit.events);
  const saved = events.flatMap((event) => (event.type === "work_saved" ? [event] : []));
  expect(saved).toMatchObject([{ task: "t1", attempt: 1, sha: expect.any(String) }]);
  // The session that gave it back is the one that took it up again.
  expect(events.filter((event) => event.type === "session_wanted" && event.seat === "dev-0")).toHaveLength(1);
  expect(rig.repo.git("show", `${swarm.state.branch}:out/t1.txt`)).toBe("half\nwhole");
}, 120_000);
