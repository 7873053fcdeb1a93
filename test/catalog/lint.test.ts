import path from "node:path";
import { describe, expect, test } from "vitest";
import { readTree } from "../../scripts/architecture.ts";
import { gatherPrompts, promptFlaws, refusalTexts } from "../../scripts/prompts.ts";
import { imperatives, lintPrompts, type Prompts, type ToolText } from "../../src/catalog/lint.ts";
import { NO_PROFILE } from "../../src/catalog/profile.ts";
import type { Role } from "../../src/catalog/roles.ts";
import type { Rule } from "../../src/catalog/rules.ts";

const SOURCES = readTree(path.resolve(import.meta.dirname, "../.."), ["src"]);

test("[prompts.lint] every text a model reads keeps to the rules", () => {
  expect(promptFlaws(SOURCES)).toEqual([]);
});

test("[prompts.lint.complete] the lint sees all roles, tools and literal refusals", () => {
  const { roles, rules, tools, refusals, skills } = gatherPrompts(SOURCES);
  expect(roles.map(({ id }) => id).sort()).toEqual(
    expect.arrayContaining(["developer", "queen", "resolver", "reviewer", "risk", "tester"]),
  );
  expect(rules.map(({ id }) => id)).toEqual(expect.arrayContaining(["security", "typescript"]));
  expect(tools.find(({ name }) => name === "task_submit")?.params.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["attempt", "evidence", "unsure"]),
  );
  expect(tools.find(({ name }) => name === "task_release")?.values).toContain("needs_other_files");
  expect(new Set(refusals.map(({ code }) => code))).toEqual(
    expect.objectContaining(new Set(["STALE_ATTEMPT", "CATALOG_INVALID", "DIFF_UNREAD"])),
  );
  expect(refusals.length).toBeGreaterThan(60);
  expect(skills.map(({ name }) => name)).toEqual(["run", "status"]);
});

const shared = { swarm: "## How this swarm works\nIt works.", mail: "## Mail\nMail is mail." };
const tool = (name: string, more: Partial<ToolText> = {}): ToolText => ({
  name,
  audience: ["worker"],
  description: "Do it.",
  params: [],
  values: [],
  ...more,
});
const TOOLS = [
  tool("task_submit", { params: [{ name: "task", text: "Task id" }], values: ["needs_other_files"] }),
  tool("plan_submit", { audience: ["queen"] }),
];
const role = (body: string, more: Partial<Role> = {}): Role => ({
  id: "r",
  title: "R",
  duty: "worker",
  version: 1,
  seat: "r",
  preset: "guarded",
  tools: null,
  checks: [],
  commands: [],
  harness: null,
  session: "fresh",
  ...NO_PROFILE,
  model: null,
  prompt: `${shared.swarm}\n\n${body}\n\n${shared.mail}\n`,
  file: "roles/r.md",
  ...more,
});
const RULE: Rule = {
  id: "r",
  title: "R",
  version: 1,
  tier: "universal",
  kind: "coding",
  paths: null,
  detect: null,
  priority: 0,
  patterns: [],
  check: null,
  example: null,
  counter: null,
  bullets: [],
  file: "rules/r.md",
};
const lint = (more: Partial<Prompts>): string[] =>
  lintPrompts({ roles: [], rules: [], shared, tools: TOOLS, refusals: [], skills: [], ...more });

describe("[prompts.lint.refuses] the lint refuses", () => {
  test("nothing in a plain role", () => {
    expect(lint({ roles: [role("Call task_submit, or give it back with needs_other_files.")] })).toEqual([]);
  });

  test.each([
    ["a long role", "word ".repeat(900), "at most 4000"],
    ["too many orders", "Call it.\n".repeat(26), "26 imperatives, at most 25"],
    ["shouting", "You MUST NOT EVER do it.", "3 words in capitals (MUST, NOT, EVER)"],
    ["an unfilled token", "You are {agent}.", 'an unfilled token: "{agent}"'],
    ["an absolute path", "Look in /home/me.", "an absolute path"],
    ["a time", "Be done at 14:02.", "a time or date"],
    ["a commit", "Start from 8c1f2ab.", "an id or hash"],
    ["a swarm's id", "You are in s-4f2k9q.", "an id or hash"],
    ["a tool with a client's prefix", "Call mcp__skep__task_submit.", "a client's prefix: mcp__skep__task_submit"],
    ["another duty's tool", "Call plan_submit.", "names plan_submit, which it cannot call"],
    ["a tool that does not exist", "Call task_finish.", "names task_finish, which is neither"],
  ])("a role with %s", (_name, body, flaw) => {
    expect(lint({ roles: [role(body)] }).join("\n")).toContain(flaw);
  });

  test.each([
    ["a long instruction", "word ".repeat(41), "an instruction of 205 bytes, at most 200"],
    ["shouting", "You MUST test it.", "shouts MUST"],
    ["a tool", "Give it back with task_submit.", "names the tool task_submit"],
    ["an id", "As in s-4f2k9q.", "an id or hash"],
  ])("a rule with %s", (_name, bullet, flaw) => {
    expect(lint({ rules: [{ ...RULE, bullets: ["Say why.", bullet] }] })).toEqual([expect.stringContaining(flaw)]);
  });

  test("a role without the shared blocks, and one that names a tool its own list leaves out", () => {
    expect(lint({ roles: [role("x", { prompt: "x" })] })).toEqual([
      "role r: does not begin with the shared block about the swarm",
      "role r: does not end with the shared block about mail",
    ]);
    expect(lint({ roles: [role("Call task_submit.", { tools: [] })] })).toEqual(["role r: names task_submit, which it cannot call"]);
  });

  test.each([
    ["a long description", { description: `Do it. ${"word ".repeat(90)}` }, "description of 115 tokens, at most 100"],
    ["a long first sentence", { description: `${"word ".repeat(20)}end. More.` }, "first sentence of 21 words"],
    ["no description", { description: "" }, "has no description"],
    ["a long parameter text", { params: [{ name: "task", text: "x".repeat(61) }] }, "text of task has 16 tokens"],
    ["a tool that does not exist in its text", { description: "Do it after task_finish." }, "names task_finish, which does not exist"],
  ])("a tool with %s", (_name, more, flaw) => {
    expect(lint({ tools: [tool("task_get", more)] }).join("\n")).toContain(flaw);
  });

  test.each([
    ["a code in other letters", { code: "NotFound", next: "task_submit" }, "is no stable code"],
    ["no next step", { code: "X_Y", next: " " }, "has no next step"],
    ["a next step that is no step", { code: "X_Y", next: "sorry about that" }, "names no tool and no act"],
    ["a next step to a tool that does not exist", { code: "X_Y", next: "task_finish" }, "names task_finish, which does not exist"],
  ])("a refusal with %s", (_name, refusal, flaw) => {
    expect(lint({ refusals: [refusal] }).join("\n")).toContain(flaw);
  });

  test.each([
    ["a long description", { description: `Use when asked. ${"word ".repeat(40)}` }, "description of 54 tokens, at most 50"],
    ["no word of when to use it", { description: "Runs it." }, "does not say when to use it"],
    ["a long body", { body: "word ".repeat(900) }, "4500 bytes, at most 4000"],
    ["a tool with a client's prefix", { body: "Call mcp__skep__swarm_wait." }, "a client's prefix"],
    ["a tool of agents", { body: "Call task_submit." }, "names task_submit, which is no tool of the operator"],
    ["a tool that does not exist", { body: "Call swarm_start." }, "names swarm_start, which is no tool of the operator"],
    ["a place of one machine", { body: "Look into /home/me." }, "an absolute path"],
  ])("a skill with %s", (_name, more, flaw) => {
    expect(lint({ skills: [{ name: "s", description: "Use when asked.", body: "Say so.", ...more }] }).join("\n")).toContain(flaw);
  });

  test.each(["task_submit with 4 lines", "end your turn", "skep doctor", "the same call again", "install git 2.38", "wait"])(
    "no refusal whose next step is: %s",
    (next) => {
      expect(lint({ refusals: [{ code: "X_Y", next }] })).toEqual([]);
    },
  );
});

test("[prompts.lint.orders] an order is a clause that begins with a verb, wherever it stands", () => {
  expect(imperatives("# Ask\n1. Read the file, then call it; never wait.\n- You decide.\n| x | ask |\nA test and answer it.")).toEqual([
    "Read the file",
    "never wait",
    "answer it.",
  ]);
});

test("[prompts.lint.sources] refusals are read from the code, with what a template fills in left open", () => {
  const source = `const a = no("X_Y", \`m \${1}\`, \`task_get with \${id}\`); throw new SkepError("Z", "m", "wait"); no(code, "m", "n"); yes("X_Y");`;
  expect(refusalTexts({ "a.ts": source })).toEqual([
    { code: "X_Y", next: "task_get with …" },
    { code: "Z", next: "wait" },
  ]);
});
