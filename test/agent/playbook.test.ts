// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how a playbook names a value
import { describe, expect, test } from "vitest";
import { readFacts } from "../../src/agent/facts.ts";
import { begin, next, type Progress, START, scriptFor, settle } from "../../src/agent/interpreter.ts";
import { parsePlaybook } from "../../src/agent/playbook.ts";
import { capture, fill } from "../../src/agent/values.ts";
import { changed } from "../../src/agent/work.ts";

const parse = (text: string) => parsePlaybook(text, "play.yaml");
const steps = (text: string, job: Parameters<typeof scriptFor>[1]) =>
  scriptFor(parse(text), job)?.map((turn) => turn.steps.map((step) => Object.keys(step)[0]));

describe("[agent.playbook] scripts are found by job, with fallbacks", () => {
  const text = `
plan_review:
  1: [{ say: one }]
  default: [{ call: plan_review_submit }]
tasks:
  t1: { 1: [{ crash: true }], default: [{ run: [npm, test] }] }
  t2: [{ say: a }, { wait: turn }, { sleepMs: 5 }]
  default: [{ edit: a, content: b }]
reviews:
  t1: { 2: [{ remove: a }] }
  default: [{ say: a }]
`;
  test.each([
    [{ kind: "plan_review", revision: 1 }, [["say"]]],
    [{ kind: "plan_review", revision: 7 }, [["call"]]],
    [{ kind: "task", task: "t1", attempt: 1 }, [["crash"]]],
    [{ kind: "task", task: "t1", attempt: 2 }, [["run"]]],
    [{ kind: "task", task: "t2", attempt: 9 }, [["say"], ["sleepMs"]]],
    [{ kind: "task", task: "t9", attempt: 1 }, [["edit"]]],
    [{ kind: "task", task: "r0az9kk-t2", attempt: 1 }, [["say"], ["sleepMs"]]],
    [{ kind: "task", task: "r0az9kk-t2-recovery", attempt: 1 }, [["edit"]]],
    [{ kind: "review", task: "t1", round: 2 }, [["remove"]]],
    [{ kind: "review", task: "t1", round: 1 }, [["say"]]],
    [{ kind: "plan" }, undefined],
  ] as const)("%j", (job, expected) => {
    expect(steps(text, job)).toEqual(expected);
  });
});

test.each([
  ["an unknown verb", "tasks:\n  t1:\n    - say: a\n    - shout: b\n", "play.yaml:4", "a step has one of call"],
  ["a field of another verb", "queen:\n  - call: whoami\n    content: x\n", "play.yaml:2", "content"],
  ["two ways to edit", "tasks:\n  t1:\n    - edit: a\n      content: x\n      append: y\n", "play.yaml:3", "exactly one"],
  ["a bad attempt", "tasks:\n  t1:\n    first: []\n", "play.yaml:3", "a number or default"],
  ["an unknown part", "workers: {}\n", "play.yaml:1", "workers"],
  ["no YAML", "queen: [\n", "play.yaml", ""],
])("[agent.playbook.errors] %s is refused with file and line", (_name, text, place, what) => {
  const say = new RegExp(`^${place.replaceAll(".", "\\.")}.*${what}`, "s");
  expect(() => parse(text)).toThrow(expect.objectContaining({ code: "PLAYBOOK_INVALID", message: expect.stringMatching(say) }));
});

test("[agent.values] captured values keep their type, lists are made per item, and an unknown name is a fault", () => {
  const vars = { attempt: 2, whoami: { task: { criteria: ["x", "y"] } } };
  expect(fill({ a: "${attempt}", b: "t${attempt}" }, vars)).toEqual({ a: 2, b: "t2" });
  expect(fill({ each: "whoami.task.criteria", give: { n: "${n}", met: "yes", evidence: "${item}" } }, vars)).toEqual([
    { n: 1, met: "yes", evidence: "x" },
    { n: 2, met: "yes", evidence: "y" },
  ]);
  expect(fill({ each: 2, give: "${n}" }, vars)).toEqual([1, 2]);
  expect(() => fill("${sha}", vars)).toThrow('nothing is known as "sha"');
  expect(capture("/sha (\\w+)/", { text: "the sha abc1", structured: null })).toBe("abc1");
  expect(() => capture("plan.hash", { text: "no", structured: {} })).toThrow("plan.hash");
});

test("[agent.facts] the number of criteria is known also where whoami cut their list", () => {
  const facts = (criteria: readonly string[]) =>
    readFacts({ job: { kind: "task", task: "t1", attempt: 2 }, task: { id: "t1", criteria } }, "").vars;
  expect(facts(["a", "b"])).toMatchObject({ criteria: 2, task: "t1", attempt: 2 });
  expect(facts(["a", "+3 more: task_get"])).toMatchObject({ criteria: 4 });
  expect(readFacts({ job: { kind: "plan_review", revision: 2, plan_hash: "h1" } }, "").vars).toMatchObject({
    revision: 2,
    plan_hash: "h1",
  });
  expect(readFacts({ job: { kind: "review", task: "t1", sha: "abc", round: 2 } }, "")).toMatchObject({
    job: { kind: "review", task: "t1", round: 2 },
    vars: { sha: "abc", round: 2 },
  });
});

test("[agent.edits] an edit done twice is done once", () => {
  for (const change of [{ content: "a\n" }, { append: "b\n" }, { find: "x", with: "y" }]) {
    const once = changed("x\n", change);
    expect(changed(once, change)).toBe(once);
  }
  expect(() => changed("x", { find: "q", with: "r" })).toThrow("not in the file");
});

test("[agent.continue] a message in the middle of a turn goes on at the same step, however often", () => {
  const playbook = parse("tasks: { t1: [{ call: task_claim }, { call: task_submit }] }");
  const answer = (structured: unknown) => ({ answer: { isError: false, code: null, text: "", structured } });
  let at: Progress = begin(START, "go");
  at = settle(playbook, at, next(playbook, at), answer({ job: { kind: "task", task: "t1", attempt: 1 } }));
  at = settle(playbook, at, next(playbook, at), answer({}));
  const kept = JSON.parse(JSON.stringify(at)) as Progress;
  expect(next(playbook, begin(begin(kept, "go on"), "and on"))).toEqual({ do: "call", tool: "task_submit", args: {} });
});
