/** The report of a swarm that is over: whatever happens while it is written, nothing waits for it. */
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { makeReport, reportMarkdown } from "../../src/engine/report/write.ts";
import { storeLayout } from "../../src/store/file/layout.ts";
import { skep } from "../cli/support/skep.ts";
import { makeRig, type Rig } from "../e2e/support/rig.ts";
import { TWO_TASKS } from "../e2e/support/two-tasks.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

test("[retrospect.safe][retrospect.files] a host killed before and after the report leaves it whole, and landing makes it anew", async () => {
  const rig = await makeRig({ playbook: TWO_TASKS });
  rigs.push(rig);
  rig.killAt(["before close_swarm", "after close_swarm"]);
  const swarm = await rig.create("Write two files");
  await rig.until(swarm, "the end", ({ status, closed }) => status === "completed" && closed);
  expect(rig.killsLeft()).toEqual([]);
  const file = path.join(storeLayout(rig.project.home).swarm(swarm.id).dir, "report.md");
  expect(readFileSync(file, "utf8")).toMatch(/: 2 of 2 tasks merged, [\s\S]*\nTo land it: `skep land /);
  expect(await skep(["land", swarm.id], { cwd: rig.repo.root })).toMatchObject({ code: 0 });
  expect(readFileSync(file, "utf8")).toBe(reportMarkdown(await makeReport(swarm)));
  expect(readFileSync(file, "utf8")).toMatch(/\nLanded on main at /);
}, 120_000);

test("[retrospect.safe] a report that cannot be written keeps no swarm from being put away", async () => {
  const rig = await makeRig({ playbook: TWO_TASKS });
  rigs.push(rig);
  const swarm = await rig.create("Write two files");
  mkdirSync(path.join(storeLayout(rig.project.home).swarm(swarm.id).dir, "report.md"));
  await rig.until(swarm, "the end", ({ status, closed }) => status === "completed" && closed);
  expect(rig.hostLog()).toContain("report not written");
  expect((await skep(["report", swarm.id], { cwd: rig.repo.root })).stdout).toContain("2 of 2 tasks merged");
}, 120_000);
