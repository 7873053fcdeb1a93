/** `skep logs <agent>`: transcripts of a swarm's sessions, by processes of the built program. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { endHosts, hostedRepo, skep, startSkep } from "../cli/support/skep.ts";
import { script } from "../cli/support/swarm.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";

afterEach(endHosts);

const playbook = (seen: string): string => `
tasks:
  default:
    1:
      - say: "\\e[2Jhello from the first attempt"
      - run: [sh, -c, 'until [ -e "${seen}" ]; do sleep 0.05; done']
      - crash: true
    default:
      - say: hello from a later attempt
      - edit: a.txt
        content: "a\\n"
      - call: task_submit
        with: { attempt: "\${attempt}", summary: a file, evidence: { each: criteria, give: "a.txt:1" } }
reviews:
  default:
    default:
      - call: diff_get
        with: { task: "\${task}" }
      - call: task_review_submit
        with:
          task: "\${task}"
          sha: "\${sha}"
          criteria: { each: criteria, give: { n: "\${n}", met: "yes", evidence: "a.txt:1" } }
          findings: []
`;

test("[seen.logs][seen.logs.name] newest, one and all sessions of an agent, followed to the swarm's end, as text and as JSON", async () => {
  const repo = hostedRepo();
  const seen = path.join(tempDir("seen"), "first");
  script(repo, playbook(seen));
  const cwd = repo.root;
  const running = startSkep(["run", "--solo", "Write a file"], { cwd });
  await until(() => running.out().includes("t1 attempt 1 claimed"), { timeoutMs: 30_000 });
  const followed = startSkep(["logs", "dev-0", "-f"], { cwd });
  await until(() => followed.out().includes("hello from the first attempt"), { timeoutMs: 30_000 });
  writeFileSync(seen, "");
  expect((await running.ended).code).toBe(0);
  const [swarm = ""] = running.out().split(" ");
  const told = await followed.ended;
  expect(told).toMatchObject({ code: 0, stderr: "" });
  expect(told.stdout).toMatch(
    /x\d+ begins: dev-0 on scripted[\s\S]*is told\n\| [\s\S]*hello from the first attempt[\s\S]*program ended by SIGKILL/,
  );
  expect(told.stdout).toContain("| \\u001b[2Jhello from the first attempt");
  expect(told.stdout).toMatch(/hello from a later attempt[\s\S]*calls task_submit[\s\S]*program ended with code 0/);

  const newest = await skep(["logs", "dev-0"], { cwd });
  expect(newest.stdout).toContain("hello from a later attempt");
  expect(newest.stdout).not.toContain("hello from the first attempt");
  const all = await skep(["logs", "dev-0", "--swarm", swarm, "--all", "--json"], { cwd });
  const lines = all.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { v: number; session: string; type: string });
  const sessions = [...new Set(lines.map(({ session }) => session))];
  expect(lines.every(({ v }) => v === 1)).toBe(true);
  expect(sessions.length).toBe(2);
  const first = await skep(["logs", "--session", String(sessions[0])], { cwd });
  expect(first.stdout).toContain("hello from the first attempt");
  expect(first.stdout).not.toContain("hello from a later attempt");

  expect((await skep(["logs", swarm], { cwd })).stdout).toContain("t1 merged as");
  expect(await skep(["logs", "dev-7"], { cwd })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^NO_AGENT: "dev-7" is no agent of s-\w+; its agents are .*dev-0.*Next: skep logs dev-0\.\n$/),
  });
  expect(await skep(["logs", "s-000000"], { cwd })).toMatchObject({ code: 1, stderr: expect.stringMatching(/^NO_SWARM: /) });
  expect(await skep(["logs", "--all"], { cwd })).toMatchObject({ code: 2 });
  expect(await skep(["logs", "dev-0", "--session", "x99"], { cwd })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^NO_SESSION: /),
  });
}, 120_000);
