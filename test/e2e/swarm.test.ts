import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { makeReport } from "../../src/engine/report/write.ts";
import { storeLayout } from "../../src/store/file/layout.ts";
import { checkoutState } from "../support/repo.ts";
import { makeRig, type Rig } from "./support/rig.ts";
import { TWO_TASKS } from "./support/two-tasks.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

test("[e2e.swarm][retrospect.files] a goal becomes a reviewed, merged branch and a report, and the user's checkout stays as it was", async () => {
  const rig = await makeRig({ playbook: TWO_TASKS });
  rigs.push(rig);
  const before = checkoutState(rig.repo);
  const swarm = await rig.create("Write two files");
  await rig.until(swarm, "the end", (state) => state.status === "completed" && state.closed);
  const { branch, base } = swarm.state;
  expect(rig.repo.git("log", "--format=%s", `${base}..${branch}`)).toBe("Write t2.txt\nWrite t1.txt");
  expect(rig.repo.git("show", `${branch}:out/t1.txt`)).toBe("one");
  const trailers = rig.repo.git("log", "-1", "--format=%(trailers:only,unfold)", branch);
  expect(trailers).toMatch(
    /^Skep-Swarm: .+\nSkep-Task: t2\nSkep-Attempt: 1\nSkep-Commit: [0-9a-f]{40}\nSkep-Run: x\d+\nSkep-Reviewer: reviewer\n$/,
  );
  const left = path.join(rig.folder, "worktrees");
  expect(existsSync(left) ? readdirSync(left, { recursive: true }).filter((name) => String(name).endsWith(".git")) : []).toEqual([]);
  const { dir } = storeLayout(rig.project.home).swarm(swarm.id);
  const report = await makeReport(swarm);
  expect(report).toMatchObject({
    status: "completed",
    spent: swarm.state.spent,
    work: { state: "to_land", land: `skep land ${swarm.id}` },
  });
  const tasks = [...swarm.state.tasks.values()];
  expect(report.tasks.map(({ task, attempts }) => [task, attempts.map(({ result }) => result)])).toEqual(
    tasks.map(({ id, history }) => [id, history.map(({ result }) => result)]),
  );
  expect(report.tasks.map(({ reviewers }) => reviewers)).toEqual([["reviewer"], ["reviewer"]]);
  const [md, page] = ["report.md", "report.html"].map((name) => readFileSync(path.join(dir, name), "utf8"));
  expect(md).toContain(`**${swarm.id}** completed after `);
  expect(md).toMatch(/: 2 of 2 tasks merged, \d attempts, .*\n[\s\S]*\nTo land it: `skep land s-\w{6}`\n/);
  expect(page).toMatch(/<strong>s-\w{6}<\/strong> completed after [^<]*: 2 of 2 tasks merged, \d attempts, /);
  const after = checkoutState(rig.repo);
  expect(after).toEqual(before);
}, 90_000);
