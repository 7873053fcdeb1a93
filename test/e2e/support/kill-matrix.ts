/** The kill matrix: a small swarm that meets every effect, and what it must come to wherever its host died. */
import { expect } from "vitest";
import type { TaskId } from "../../../src/base/ids.ts";
import type { LiveSwarm } from "../../../src/engine/host/context.ts";
import { makeRig, type Rig } from "./rig.ts";
import { TWO_TASKS } from "./two-tasks.ts";

/** In the order a swarm comes to them, so that one run meets all of its points. */
export const ORDER = [
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

/** Only a session that stalls meets these: `test/long/supervision.test.ts` kills the host before and after each. */
export const OF_STALLS = ["look_at_session", "probe_session"];
/** The same, of one that is warned of. */
export const OF_WARNINGS = ["write_operator"];

/** Only what several do together meets this: `test/long/mode-circling.test.ts` kills the host before and after it. */
export const OF_MODES = ["save_contribution"];

/** Points on one side of every effect, three to a run: a keeper gives up after five restarts in ten minutes. */
export const runsOf = (side: "before" | "after"): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(ORDER.length / 3) }, (_, n) => ORDER.slice(n * 3, n * 3 + 3).map((kind) => `${side} ${kind}`));

/** The host dies at each point in turn; the swarm ends by itself with the same result. */
export async function killedAt(points: readonly unknown[]): Promise<void> {
  const rig = await makeRig({ playbook: TWO_TASKS, config: "merge: {verify: always}" });
  try {
    await endsThoughKilled(
      rig,
      points.filter((point): point is string => typeof point === "string"),
    );
  } finally {
    await rig.close();
  }
}

async function endsThoughKilled(rig: Rig, wanted: readonly string[]): Promise<void> {
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
}

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
