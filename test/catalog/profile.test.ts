import { describe, expect, test } from "vitest";
import { findRole, sharedBlocks } from "../../src/catalog/catalog.ts";
import { selfTest } from "../../src/catalog/self-test.ts";
import { shippedFiles } from "../../src/catalog/shipped.ts";
import { DEFAULT_CONFIG } from "../../src/config/schema.ts";
import { checkOrders } from "../../src/engine/check-orders.ts";
import type { Settings } from "../../src/engine/settings.ts";
import { load, ROLE, role, SHOWN } from "./fixtures.ts";

test("[catalog.profile.proven] the self-test reads what roles declare", () => {
  const wrong = ROLE.replace(
    "preset: guarded",
    [
      "preset: guarded",
      "forbidden_patterns: [{pattern: 'x+', message: m, fix: f, example: y, counter: xx}]",
      "required_outputs:",
      "  - {path: 'e2e/*.ts', description: a test, example: src/a.ts, counter: e2e/b.ts}",
      "  - {path: '**/*.md', content: '^## Sources', description: a report, example: Sources, counter: '## Sources'}",
    ].join("\n"),
  );
  expect(selfTest(load(role(wrong))).map(({ file, what }) => `${file} ${what}`)).toEqual([
    '.skep/roles/tester.md has the pattern "x+", which does not find its example',
    '.skep/roles/tester.md has the pattern "x+", which finds its counter-example',
    '.skep/roles/tester.md has the pattern "^## Sources", which does not find its example',
    '.skep/roles/tester.md has the pattern "^## Sources", which finds its counter-example',
    '.skep/roles/tester.md has paths that do not name their example "src/a.ts"',
    '.skep/roles/tester.md has paths that name their counter-example "e2e/b.ts"',
  ]);
});

describe("the profile of a role", () => {
  const text = ROLE.replace(
    "preset: guarded",
    [
      "preset: guarded",
      "framework: {name: outside in, steps: [Look, Try, Tell]}",
      "escalation: human",
      "must_not: [Guess]",
      "responsibilities: [Proof, A failing test]",
      "scope_paths: [e2e/]",
      "required_outputs: [{path: 'e2e/*.ts', description: a test, example: e2e/a.ts, counter: src/a.ts}]",
      `forbidden_patterns: [{pattern: 'x+', ${SHOWN}}]`,
    ].join("\n"),
  );

  test("[catalog.profile.prompt] becomes part of the prompt in one order, whatever the order of the file, without its globs and patterns", () => {
    const { prompt } = findRole(load(role(text)), "tester");
    expect(prompt).toContain(
      [
        "You test.\n",
        "## You answer for\n- Proof\n- A failing test\n",
        "## What you must not do\n- Guess\n",
        "## How to think: outside in\n1. Look\n2. Try\n3. Tell\n",
        "## Where to turn\nWhat is beyond you goes to the person behind this swarm: human_ask, with a fallback.\n",
        "## Mail\n",
      ].join("\n"),
    );
    expect(prompt).not.toMatch(/e2e|x\+/);
  });

  test("[catalog.profile.checks] states what its submissions must hold and must not add, which become checks of its tasks", () => {
    const { roles } = load(role(text));
    const settings = { config: DEFAULT_CONFIG, checks: [], rules: [], roles: Object.fromEntries(roles) } as unknown as Settings;
    const orders = (of: string) => new Map(checkOrders(settings, { role: of, files: [] }).map(({ check, options }) => [check, options]));
    expect(orders("tester").get("required-outputs")).toEqual({ outputs: [{ path: "e2e/*.ts", content: null, description: "a test" }] });
    expect(orders("tester").get("forbidden-patterns")).toEqual({ patterns: [{ pattern: "x+", message: "m (role tester)", fix: "f" }] });
    expect(orders("queen").has("required-outputs")).toBe(false);
  });

  test("[catalog.profile.size] what each shipped role says of itself is 400 to 700 tokens", () => {
    const shared = sharedBlocks(shippedFiles());
    const around = Buffer.byteLength(shared.swarm + shared.mail);
    for (const { id, prompt } of load().roles.values()) {
      const own = Math.ceil((Buffer.byteLength(prompt) - around) / 4);
      expect([id, own >= 400 && own <= 700 ? "fits" : own]).toEqual([id, "fits"]);
    }
  });
});
