import { expect, test } from "vitest";
import { checkNames, checkOrders, programOrders } from "../../src/engine/check-orders.ts";
import { readBaseSettings } from "../../src/engine/settings.ts";
import { makeRepo } from "../support/repo.ts";

const CONFIG = "checks:\n  commands:\n    - name: unit\n      argv: [node, --test]\n";
const ABOUT = { role: "dev", files: ["src/"] };

test("[checks.orders] a submission is checked by what the settings of the base say, and a briefing names the same checks", async () => {
  const repo = makeRepo();
  const base = repo.commit({ ".skep/config.yaml": CONFIG });
  const settings = await readBaseSettings({ root: repo.root, base, team: null, env: {}, flags: {} });
  const names = checkOrders(settings, ABOUT).map(({ check }) => check);
  expect(names).toEqual(expect.arrayContaining(["scope", "secrets", "forbidden-patterns", "commands"]));
  const told = checkNames(settings, ABOUT);
  expect(told[0]).toEqual({ name: "unit", argv: ["node", "--test"] });
  expect(told.slice(1).map(({ name }) => name.replace(/ .*/, ""))).toEqual(names.filter((name) => !["commands", "metric"].includes(name)));
  expect(told.map(({ name }) => name)).toContain("size (at most 800 changed lines)");
  // What the plan states for one task runs on its submission alone.
  const own = { ...ABOUT, ownChecks: [{ argv: ["node", "crash.js"], expect: "fail" as const, minutes: 2 }] };
  expect(checkOrders(settings, own)).toContainEqual({ check: "task-checks", options: { checks: own.ownChecks } });
  expect(checkNames(settings, own)).toContainEqual({ name: "must fail", argv: ["node", "crash.js"] });
  expect(programOrders(settings, ABOUT)).toMatchObject([{ check: "commands", options: { commands: [{ name: "unit" }] } }]);
});
