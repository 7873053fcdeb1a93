/** Two write the report of a swarm at once: its host, and whoever lands the work. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { makeReport, renewReport, reportMarkdown, writeReport } from "../../src/engine/report/write.ts";
import { storeLayout } from "../../src/store/file/layout.ts";
import { TestSwarm } from "../tools/support/swarm.ts";

test("[retrospect.files] what happens while the report is written is in it, whoever writes last", async () => {
  const test = await TestSwarm.start();
  const { swarm, project } = test;
  const md = path.join(storeLayout(project.home).swarm(swarm.id).dir, "report.md");
  let reads = 0;
  const slow = {
    id: swarm.id,
    read: swarm.read.bind(swarm),
    look: swarm.look.bind(swarm),
    async events(after: number) {
      const commits = await swarm.events(after);
      reads += 1;
      if (reads === 1) {
        await test.must("operator", "swarm_stop", {});
        await renewReport(swarm, project.home);
      }
      return commits;
    },
  };
  await writeReport(slow, project.home);
  // The log went on once, so that it was read twice; whether it went on is told without reading it.
  expect(reads).toBe(2);
  const text = readFileSync(md, "utf8");
  expect(text).toContain("stopped");
  expect(text).toBe(reportMarkdown(await makeReport(swarm)));
});
