/** `skep report` on a swarm that is not over: it waits at a gate. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { makeRepo } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";
import { skep } from "./support/skep.ts";
import { swarmAtGate } from "./support/swarm.ts";

test("[retrospect.command] a report in each form, on stdout or in a file; two forms at once and a file that cannot be are refused", async () => {
  const repo = makeRepo();
  const swarm = await swarmAtGate(repo, "Tidy the <b>notes</b>");
  const at = { cwd: repo.root };
  const { code, stdout, stderr } = await skep(["report"], at);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^# Tidy the \\<b\\>notes\\<\/b\\>\n\n\*\*s-\w{6}\*\* is opening after /);
  expect(stdout).toMatch(/\n\| \*\*g1\*\* \| .* \| no answer \| – \| /);
  const json = JSON.parse((await skep(["report", swarm, "--json"], at)).stdout);
  expect(json).toMatchObject({
    version: 1,
    ...{ swarm, status: "opening", endedAt: null, tasks: [{ task: "t1", status: "open", attempts: [] }], lessons: [] },
    caught: { human: { asked: 1, byPerson: 0, open: 1 } },
  });
  const out = path.join(tempDir("out"), "report.html");
  expect(await skep(["report", "--html", "--out", out], at)).toEqual({
    code: 0,
    stdout: "",
    stderr: `The report of ${swarm} is in "${out}"\n`,
  });
  expect(readFileSync(out, "utf8")).toMatch(/<h1>Tidy the &lt;b&gt;notes&lt;\/b&gt;<\/h1>/);
  expect(await skep(["report", "--html", "--json"], at)).toMatchObject({ code: 2, stdout: "" });
  expect(await skep(["report", "--out", repo.root], at)).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(/^REPORT_NOT_WRITTEN: /),
  });
});
