import { expect, test } from "vitest";
import { checkOrders } from "../../src/engine/check-orders.ts";
import { readBaseSettings } from "../../src/engine/settings.ts";
import { taskRules } from "../../src/engine/told-rules.ts";
import { makeRepo } from "../support/repo.ts";

const RULE = `---
id: house
title: House rules
version: 1
tier: project
paths: ["src/"]
example: src/a.ts
counter: docs/a.md
patterns:
  - {pattern: '\\bvar ', message: var is not used here, fix: Write const., example: var x, counter: const x}
---
- Errors carry the next step.
`;

test("[rules.pinned] what holds at the base commit is pinned: told to tasks, its patterns among the checks", async () => {
  const repo = makeRepo();
  const base = repo.commit({
    "app/tsconfig.json": "{}",
    ".skep/rules/house.md": RULE,
    ".skep/config.yaml": "rules: { off: [security] }\n",
  });
  repo.commit({ "go.mod": "module x", ".skep/rules/house.md": RULE.replace("title: House rules", "title: Later") });
  const order = { root: repo.root, team: null, env: {}, flags: {} };
  const settings = await readBaseSettings({ ...order, base });
  expect(settings.rules.map(({ id, title }) => `${id} ${title}`)).toEqual(
    expect.arrayContaining(["house House rules", "typescript TypeScript"]),
  );
  expect(settings.rules.filter(({ id }) => id === "go" || id === "security")).toEqual([]);
  const told = taskRules(settings, ["src/a.ts"]);
  expect(told.rules?.slice(0, 3).map(({ id }) => id)).toEqual(["house", "typescript", "tests-before-done"]);
  expect(told.ruleCharacters).toBe(1200);
  expect(taskRules(settings, ["docs/use.md"]).rules?.[0]).toMatchObject({ id: "tests-before-done" });
  expect(checkOrders(settings, { role: "developer", files: ["src/"] })).toContainEqual({
    check: "forbidden-patterns",
    options: {
      patterns: expect.arrayContaining([
        { pattern: "\\bvar ", paths: ["src/"], message: "var is not used here (rule house)", fix: "Write const." },
        expect.objectContaining({ message: "a focused test keeps the others from running (rule no-skipped-tests)" }),
      ]),
    },
  });
});

test("[rules.detect] a rule that is switched off and does not exist is refused with the one that was meant", async () => {
  const repo = makeRepo();
  const base = repo.commit({ ".skep/config.yaml": "rules: { off: [securty] }\n" });
  await expect(readBaseSettings({ root: repo.root, base, team: null, env: {}, flags: {} })).rejects.toMatchObject({
    code: "NO_RULE",
    next: "write security under rules.off in .skep/config.yaml",
  });
});
