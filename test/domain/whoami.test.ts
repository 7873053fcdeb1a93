import { describe, expect, test } from "vitest";
import { tokens } from "../../src/domain/foreign.ts";
import { textsFrom } from "../../src/domain/prose.ts";
import { whoamiAnswer } from "../../src/domain/whoami.ts";
import { whoamiFacts } from "../../src/domain/whoami-facts.ts";
import { REVIEW } from "./prompt-facts.ts";
import { reviewing, working } from "./stages.ts";
import { approval, id, plan, taskSpec, World } from "./world.ts";

const inline = textsFrom(new Map());

describe("[prompts.whoami] whoami answers from the state, each duty its own", () => {
  const whoami = (world: World, seat: string, around = {}) => {
    const facts = whoamiFacts(world.state, world.session(seat).id, world.now);
    return facts ? whoamiAnswer(facts, inline, { roleVersion: 1, ...around }) : null;
  };
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

  test("a worker in a task", async () => {
    const world = working();
    world.as("dev-0", {
      type: "report_progress",
      task: id.task("t1"),
      attempt: 1,
      progress: JSON.stringify({ done: "half", next: "the rest", learned: "" }),
    });
    const answer = whoami(world, "dev-0", {
      dirty: ["src/t1.ts"],
      mail: { unread: 1, from: ["queen"] },
      head: "5ab01f2c9d3e4b7a",
      branch: "skep-work/s-test/t1/1",
    });
    expect(tokens(JSON.stringify(answer))).toBeLessThan(300);
    await expect(json(answer)).toMatchFileSnapshot("prompts/whoami-worker.txt");
  });

  test("a worker after changes were requested", async () => {
    const world = reviewing();
    world.as("reviewer", {
      type: "review_task",
      task: id.task("t1"),
      sha: "sha-t1-1-1",
      criteria: [
        { n: 1, met: "yes" },
        { n: 2, met: "no" },
      ],
      findings: [],
      text: REVIEW,
    });
    world.endTurn("reviewer");
    world.settle();
    const worker = world.state.tasks.get(id.task("t1"))?.seat ?? "";
    await expect(json(whoami(world, worker))).toMatchFileSnapshot("prompts/whoami-second-attempt.txt");
  });

  test("a reviewer of a commit, who learns nothing of its author", async () => {
    const answer = json(whoami(reviewing(), "reviewer"));
    expect(answer).not.toMatch(/dev-|my words|progress/);
    await expect(answer).toMatchFileSnapshot("prompts/whoami-review.txt");
  });

  test("a reviewer of a plan", async () => {
    const world = World.started();
    world.settle();
    world.as("queen", plan([taskSpec("t1")]));
    world.settle();
    await expect(json(whoami(world, "reviewer"))).toMatchFileSnapshot("prompts/whoami-plan-review.txt");
  });

  test("a queen", async () => {
    const world = working();
    world.as("dev-0", { type: "release_task", task: id.task("t1"), attempt: 1, reason: "stuck", detail: "{}", line: "two ways failed" });
    await expect(json(whoami(world, "queen"))).toMatchFileSnapshot("prompts/whoami-queen.txt");
  });

  test("[prompts.whoami.cap] never more than 400 tokens; what was cut says where the rest is", () => {
    const long = (n: number) => "word ".repeat(n / 5);
    const world = World.started();
    world.settle();
    const text = JSON.stringify({ brief: long(1200), criteria: Array.from({ length: 8 }, () => long(240)), contract: null });
    world.as(
      "queen",
      plan([
        taskSpec("t1", [], {
          criteria: 8,
          title: long(100),
          text,
          files: Array.from({ length: 20 }, (_, n) => `src/${"deep/".repeat(20)}${n}.ts`),
        }),
      ]),
    );
    world.settle();
    world.as("reviewer", approval(world.state));
    world.endTurn("reviewer");
    world.settle();
    world.as("dev-0", {
      type: "report_progress",
      task: id.task("t1"),
      attempt: 1,
      progress: JSON.stringify({ done: long(800), next: long(300), learned: long(800) }),
    });
    const answer = whoami(world, "dev-0", {
      dirty: Array.from({ length: 30 }, (_, n) => `file-${n}.ts`),
      rules: Array.from({ length: 30 }, (_, n) => `rule-${n}`),
    });
    expect(tokens(JSON.stringify(answer))).toBeLessThanOrEqual(400);
    expect(JSON.stringify(answer)).toMatch(/\+\d+ more: task_get/);
    expect(answer?.next).toContain("task_submit with task t1, attempt 1");
  });

  test("nobody, when the session is over", () => {
    expect(whoamiFacts(working().state, id.session("x99"), 0)).toBeNull();
  });
});
