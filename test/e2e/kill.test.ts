import { afterEach, expect, test } from "vitest";
import type { TaskId } from "../../src/base/ids.ts";
import { EFFECTS } from "../../src/engine/effects/index.ts";
import type { LiveSwarm } from "../../src/engine/host/context.ts";
import { makeRig, type Rig } from "./support/rig.ts";
import { TWO_TASKS } from "./support/two-tasks.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

/** Every point a host can die at around an effect, three to a run: a keeper gives up after five restarts in ten minutes. */
const POINTS = Object.keys(EFFECTS).flatMap((kind) => [`before ${kind}`, `after ${kind}`]);
/** In the order a swarm comes to them, so that one run meets all of its points. */
const ORDER = [
  "open_swarm",
  "open_worktree",
  "start_session",
  "save_work",
  "commit_submission",
  "run_checks",
  "verify_merge",
  "merge_task",
  "start_turn",
  "stop_session",
  "close_swarm",
  "undo_task",
];
const rank = (point: string): number => ORDER.indexOf(point.split(" ")[1] ?? "");
const sorted = [...POINTS].sort((a, b) => rank(a) - rank(b));
const RUNS = Array.from({ length: Math.ceil(sorted.length / 3) }, (_, n) => sorted.slice(n * 3, n * 3 + 3));

test("[e2e.kill.complete] the kill matrix names every effect", () => {
  expect([...ORDER].sort()).toEqual(Object.keys(EFFECTS).sort());
});

test.each(RUNS)(
  "[e2e.kill] the host is killed %s, %s, %s, and the swarm ends by itself with the same result",
  { timeout: 120_000 },
  async (...points) => {
    const rig = await makeRig({ playbook: TWO_TASKS, config: "merge: {verify: always}" });
    rigs.push(rig);
    const wanted = points.filter((point): point is string => typeof point === "string");
    rig.killAt(wanted);
    const swarm = await rig.create("Write two files");
    await rig.until(swarm, `the end, though killed ${wanted.join(", ")}`, (state) => state.status === "completed" && state.closed, 100_000);
    const { branch, base } = swarm.state;
    expect(rig.repo.git("log", "--format=%s", `${base}..${branch}`)).toBe("Write t2.txt\nWrite t1.txt");
    expect(rig.repo.git("show", `${branch}:out/t1.txt`)).toBe("one");
    expect(rig.repo.git("show", `${branch}:out/t2.txt`)).toBe("two");
    const commits = await swarm.events(0);
    const merges = commits.flatMap(({ events }) => events.filter((event) => event.type === "task_merged"));
    expect(merges.length).toBe(2);
    if (wanted.some((point) => point.endsWith("undo_task"))) await undo(rig, swarm);
    expect(rig.killsLeft()).toEqual([]);
  },
);

/** An ended swarm is worked on once more: its last task goes out, once, however often its host dies. */
async function undo(rig: Rig, swarm: LiveSwarm): Promise<void> {
  const { branch, base } = swarm.state;
  const t2 = "t2" as TaskId;
  await swarm.submit({ type: "undo_task", task: t2, why: "not wanted", findings: null, drop: false }, { kind: "operator" });
  await rig.project.wantHost();
  await rig.until(swarm, "the undo", (state) => state.tasks.get(t2)?.status === "cancelled" && state.merges.undo === null, 100_000);
  expect(rig.repo.git("log", "--format=%s", `${base}..${branch}`)).toBe('Undo "Write t2.txt"\nWrite t2.txt\nWrite t1.txt');
  expect(rig.repo.git("ls-tree", "--name-only", `${branch}:out`)).toBe("t1.txt");
}
