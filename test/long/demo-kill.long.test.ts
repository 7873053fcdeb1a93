/** The kill matrix on the demo: every gate, conflict and crash of it, with the host dying around each kind of effect. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { createLogger } from "../../src/base/logger.ts";
import { type Stage, setStage } from "../../src/cli/demo/stage.ts";
import { EFFECTS } from "../../src/engine/effects/index.ts";
import { openProject, type StoredProject } from "../../src/engine/project.ts";
import { HARNESSES, harnessIds } from "../../src/harness/index.ts";
import { e2eMain, endHost, story } from "../e2e/support/rig.ts";
import { userGit } from "../support/repo.ts";

const stages: { stage: Stage; project: StoredProject }[] = [];
afterEach(async () => {
  for (const { stage, project } of stages.splice(0)) {
    await endHost(project);
    await project.close();
    stage.remove();
  }
});

async function demo(points: readonly string[]) {
  const stage = await setStage(process.env);
  const harnesses = new Map(harnessIds.map((id) => [id, HARNESSES[id]]));
  const logger = createLogger("test", "silent");
  const program = [process.execPath, await e2eMain()] as const;
  const where = { cwd: stage.repository, explicit: stage.repository, env: stage.env };
  const project = await openProject({ clock: systemClock, logger, harnesses, program, staleMs: 1_500, ...where });
  stages.push({ stage, project });
  const kill = path.join(project.home, "kill");
  writeFileSync(kill, points.join("\n"));
  const { handle } = await project.create({ goal: stage.goal, team: null, flags: {} });
  const swarm = await project.open(handle.id);
  const ended = await swarm.until(
    (state) => {
      for (const id of state.openGates) {
        const gate = state.gates.get(id);
        const ready = state.tasks.get("t2" as never)?.status === "merged";
        if (gate?.kind === "ask" && ready)
          void swarm.submit({ type: "answer_gate", gate: id, answer: gate.options[0] ?? "" }, { kind: "operator" });
      }
      return state.status === "completed" && state.closed ? true : null;
    },
    { timeoutMs: 150_000 },
  );
  if (!ended) throw new Error(`the demo did not end, killed at ${points.join(", ")}\n${await story(swarm)}`);
  expect(readFileSync(kill, "utf8")).toBe("");
  return { stage, swarm, files: filesOf(stage, swarm.state.branch) };
}

/** Every file of the branch with its content's hash; the demo's own settings name temporary folders. */
const filesOf = (stage: Stage, branch: string): readonly string[] =>
  userGit(stage.repository, "ls-tree", "-r", branch)
    .split("\n")
    .filter((line) => !line.includes("\t.skep/"));

let wanted: readonly string[] = [];
beforeAll(async () => {
  wanted = (await demo([])).files;
  for (const { stage, project } of stages.splice(0)) {
    await endHost(project);
    await project.close();
    stage.remove();
  }
}, 200_000);

const ORDER = [
  "open_swarm",
  "open_worktree",
  "start_session",
  "start_turn",
  "commit_submission",
  "run_checks",
  "verify_merge",
  "merge_task",
  "save_work",
  "stop_session",
  "close_swarm",
];
/** In the demo nobody undoes anything, is stuck, or works together: kill, supervision and modes in this folder have those. */
const ELSEWHERE = ["undo_task", "look_at_session", "probe_session", "write_operator", "save_contribution"];
const points = ORDER.flatMap((kind) => [`before ${kind}`, `after ${kind}`]);
const RUNS = Array.from({ length: Math.ceil(points.length / 3) }, (_, n) => [points.slice(n * 3, n * 3 + 3)] as const);

test.each(RUNS)("[e2e.kill.demo] the demo comes to the same files though its host was killed %s", { timeout: 200_000 }, async (kills) => {
  expect([...ORDER, ...ELSEWHERE].sort()).toEqual(Object.keys(EFFECTS).sort());
  const { swarm, files } = await demo(kills);
  expect(files).toEqual(wanted);
  const merges = (await swarm.events(0)).flatMap(({ events }) => events.filter((event) => event.type === "task_merged"));
  expect(merges.length).toBe(8);
});
