import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadCatalog } from "../../src/catalog/catalog.ts";
import { rulesFor } from "../../src/catalog/rule-choice.ts";
import { activeRules, parseRule } from "../../src/catalog/rules.ts";
import { countDeclared, selfTest } from "../../src/catalog/self-test.ts";
import { shippedFiles } from "../../src/catalog/shipped.ts";
import { CHECKS } from "../../src/checks/index.ts";
import { ruleLines } from "../../src/domain/rule-lines.ts";
import { load, RULE, refusal, rule } from "./fixtures.ts";

const shipped = () => [...loadCatalog({ shipped: shippedFiles(), project: [], known: { checks: Object.keys(CHECKS) } }).rules.values()];
const ids = (rules: readonly { id: string }[]): readonly string[] => rules.map(({ id }) => id);

test("[rules.shipped] rules of coding, each with five to ten instructions, and rules of conduct with what decides them", () => {
  const coding = shipped().filter(({ kind }) => kind === "coding");
  expect(ids(coding).toSorted()).toEqual(
    ["design-docs", "git-hygiene", "go", "python", "rust", "security", "solidity", "test-standards", "typescript", "unity"].toSorted(),
  );
  for (const { id, bullets } of coding) expect([id, bullets.length >= 5 && bullets.length <= 10]).toEqual([id, true]);
  const harness = shipped().filter(({ kind }) => kind === "harness");
  expect(harness.map(({ id, check, patterns }) => `${id} ${check ?? `${patterns.length > 0}`}`)).toEqual([
    "honest-exit-codes true",
    "no-secrets secrets",
    "no-silent-failure true",
    "no-skipped-tests true",
    "own-files scope",
    "tests-before-done commands",
  ]);
});

describe("[rules.self-test] what the package declares does what it says", () => {
  test("patterns and globs of every shipped rule", () => {
    const catalog = load();
    expect(selfTest(catalog)).toEqual([]);
    expect(countDeclared(catalog)).toBeGreaterThan(20);
  });

  /** Lines of honest code that a hasty pattern would stop. */
  test.each([
    "const only = list.only(it);",
    "describe.each(cases)(name, () => {",
    'test.skip(!hasDocker, "needs docker");',
    "  model.fit(x, y)",
    "it.skipIf(isWindows)(name, () => {",
    "    if not enabled: pytest.skip('needs a key')",
    "@pytest.mark.skipif(not HAS_DB, reason='needs a database')",
    '\t\tt.Skip("short")',
    "  } catch (error) { throw new Failure(error); }",
    "promise.catch(() => null);",
    "    except ValueError:",
    "    except OSError: pass",
    "    except Exception as error:",
    "    except (OSError, ValueError) as error:",
    "rm -f build.log || true",
    '"test": "vitest run --coverage",',
    "// @ts-expect-error wrong on purpose",
    "require(tx.origin == msg.sender);",
    "if err != nil { return err }",
    "_ = errors.Is(err, fs.ErrNotExist)",
    "assert True is not result",
    "expect(true).toBe(isOpen);",
  ])("no shipped pattern stops %s", (line) => {
    const stopped = shipped().flatMap(({ id, patterns }) =>
      patterns.filter(({ pattern }) => new RegExp(pattern, "u").test(line)).map(() => id),
    );
    expect(stopped).toEqual([]);
  });
});

test("[rules.self-test.finds] a pattern or a glob that does not do what it says is named, with the file", () => {
  const patterned = (pattern: string): string =>
    RULE.replace(
      "tier: project",
      `tier: project\npatterns:\n  - {pattern: '${pattern}', message: m, fix: f, example: var x = 1, counter: const x = 1}`,
    );
  const flaws = (text: string): string =>
    selfTest(load(rule(text)))
      .map(({ file, what }) => `${file} ${what}`)
      .join("\n");
  expect(flaws(patterned("^var"))).toBe("");
  expect(flaws(patterned("^let"))).toBe('.skep/rules/house.md has the pattern "^let", which does not find its example');
  expect(flaws(patterned("x = 1"))).toBe('.skep/rules/house.md has the pattern "x = 1", which finds its counter-example');
  const path = (example: string, counter: string): string =>
    RULE.replace("tier: project", `tier: project\npaths: ["src/**/*.ts"]\nexample: ${example}\ncounter: ${counter}`);
  expect(flaws(path("src/deep/a.ts", "test/a.ts"))).toBe("");
  expect(flaws(path("lib/a.ts", "test/a.ts"))).toContain('do not name their example "lib/a.ts"');
  expect(flaws(path("src/a.ts", "src/b/c.ts"))).toContain('name their counter-example "src/b/c.ts"');
});

test("[rules.project] a project's rule replaces the shipped one of its id", () => {
  const { rules } = load(rule(RULE.replace("id: house", "id: security"), "security"));
  expect(rules.get("security")).toMatchObject({
    tier: "project",
    bullets: ["Errors carry the next step.", "No default exports, as names get lost."],
  });
  expect(rules.size).toBe(shipped().length);
});

describe("[rules.refused] what is wrong is refused with file, line and the way out", () => {
  test.each([
    ["a misspelt key", RULE.replace("tier:", "teir:"), 'house.md:5 has the unknown key "teir", perhaps "tier"', 'write "tier"'],
    ["another tier", RULE.replace("tier: project", "tier: team"), 'house.md:5 has a wrong "tier"', "give"],
    ["another id than its name", RULE.replace("id: house", "id: home"), 'house.md:2 says it is "home"', 'make the id "house"'],
    ["no instructions", RULE.slice(0, RULE.indexOf("- ")), "house.md:7 has no instructions", "list what to do"],
    ["prose below", RULE.replace("- Errors", "Errors"), "house.md:7 has a line that is no instruction", "begin it with `- `"],
    ["a list in a list", RULE.replace("- Errors", "- All:\n  - Errors"), "house.md:8 has a line that is no instruction", "at the margin"],
    ["a long instruction", RULE.replace("Errors", "word ".repeat(50)), "at most 200 are allowed", "shorten it"],
    [
      "paths alone",
      RULE.replace("tier: project", "tier: project\npaths: [src/]"),
      "house.md:6 has paths without",
      "name a path they cover",
    ],
    [
      "a path alone",
      RULE.replace("tier: project", "tier: project\ncounter: a.ts"),
      "house.md:6 shows a path and has no `paths`",
      "add `paths`",
    ],
    ["a path that leaves", RULE.replace("tier: project", "tier: project\ndetect: [../x]"), 'house.md:6 has a wrong "detect.0"', "give"],
    [
      "a broken expression",
      RULE.replace("tier: project", "tier: project\npatterns:\n  - {pattern: '(', message: m, fix: f, example: a, counter: b}"),
      'house.md:7 has a wrong "patterns.0.pattern": is no regular expression',
      "give",
    ],
    [
      "a pattern without proof",
      RULE.replace("tier: project", "tier: project\npatterns:\n  - {pattern: x, message: m, fix: f}"),
      'house.md:7 misses "patterns.0.example"',
      "give",
    ],
    [
      "conduct that nothing decides",
      RULE.replace("tier: project", "tier: project\nkind: harness"),
      "a harness rule that nothing decides",
      "name its `check`",
    ],
    [
      "an unknown check",
      RULE.replace("tier: project", "tier: project\ncheck: command"),
      'names the unknown check "command"',
      "write commands",
    ],
  ])("%s", (_name, text, what, fix) => {
    const said = refusal([rule(text)], { checks: Object.keys(CHECKS) });
    expect(said).toMatch(/^CATALOG_INVALID: /);
    expect(said).toContain(what);
    expect(said.split(" | ")[1]).toContain(fix);
  });

  test("everything at once", () => {
    const said = refusal([rule(RULE.replace("- Errors", "Errors").replace("id: house", "id: home")), rule("x", "other")]);
    for (const place of ["house.md:2", "house.md:7", "other.md:1"]) expect(said).toContain(place);
  });
});

describe("[rules.detect] a rule of a language holds where the language is", () => {
  const languages = ["typescript", "python", "go", "rust", "solidity", "unity"];
  test.each([
    [["tsconfig.json"], ["typescript"]],
    [
      ["packages/web/tsconfig.json", "api/go.mod"],
      ["go", "typescript"],
    ],
    [["setup.py"], ["python"]],
    [["services/a/pyproject.toml"], ["python"]],
    [["requirements.txt"], ["python"]],
    [["crates/core/Cargo.toml"], ["rust"]],
    [["hardhat.config.ts"], ["solidity"]],
    [["foundry.toml"], ["solidity"]],
    [["ProjectSettings/ProjectVersion.txt", "Assets/a.cs"], ["unity"]],
    [["Assets/logo.png", "go.mod.md", "src/a.ts"], []],
  ])("%j: %j", (files, expected) => {
    expect(
      ids(activeRules(shipped(), files))
        .filter((id) => languages.includes(id))
        .toSorted(),
    ).toEqual(expected);
  });

  test("rules without `detect` hold everywhere, and none that is switched off", () => {
    expect(ids(activeRules(shipped(), []))).toEqual(expect.arrayContaining(["security", "git-hygiene", "tests-before-done"]));
    expect(ids(activeRules(shipped(), ["tsconfig.json"], ["security", "typescript"]))).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/security|typescript/)]),
    );
  });
});

test("[rules.choice] the project's rules come first, then the framework's, then by priority and id; others' files do not count", () => {
  const all = [...load(rule(RULE)).rules.values()];
  const told = ids(rulesFor(all, ["src/cart/total.ts"]));
  expect(told.slice(0, 3)).toEqual(["house", "typescript", "tests-before-done"]);
  expect(told.at(-1)).toBe("git-hygiene");
  expect(told).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(go|rust|unity|design-docs)$/)]));
  expect(ids(rulesFor(all, ["docs/adr/"]))).toContain("design-docs");
  expect(ids(rulesFor(all, ["internal/"]))).toEqual(expect.arrayContaining(["go", "python"]));
  expect(ids(rulesFor(all, ["**"]))).toHaveLength(all.length);
  expect(ids(rulesFor(all.toReversed(), ["src/cart/total.ts"]))).toEqual(told);
});

describe("[rules.budget] whole instructions within the budget", () => {
  const bullet = (n: number, size: number): string => `${n} ${"x".repeat(size)}`;
  test("no rule takes more than half of it while another waits, and what is left out is counted", () => {
    const rules = [
      { id: "a", bullets: [1, 2, 3, 4].map((n) => bullet(n, 80)) },
      { id: "b", bullets: [5].map((n) => bullet(n, 80)) },
    ];
    const shape = (characters: number): readonly string[] => ruleLines(rules, characters).map((line) => line.slice(0, 3));
    expect(shape(400)).toEqual(["a:", "- 1", "- 2", "- 3", "b:", "- 5", "[fu"]);
    expect(ruleLines(rules, 400).at(-1)).toBe("[further 1 left out for length]");
    expect(ruleLines(rules, 0)).toEqual(["[5 left out for length]"]);
    expect(ruleLines(rules, 4000)).toHaveLength(7);
  });

  test("for any rules and any budget: never above it, never half an instruction, and the count is right", () => {
    const anyRules = fc.array(
      fc.record({
        id: fc.stringMatching(/^[a-z]{1,8}$/),
        bullets: fc.array(fc.stringMatching(/^\w{1,60}$/), { minLength: 1, maxLength: 6 }),
      }),
    );
    fc.assert(
      fc.property(anyRules, fc.nat(1200), (rules, characters) => {
        const lines = ruleLines(rules, characters);
        const told = lines.filter((line) => line.startsWith("- "));
        const whole = rules.flatMap(({ bullets }) => bullets.map((text) => `- ${text}`));
        const left = Number(/^\[(?:further )?(\d+) left/.exec(lines.at(-1) ?? "")?.[1] ?? 0);
        expect(told.length + left).toBe(whole.length);
        for (const line of told) expect(whole).toContain(line);
        const text = left > 0 ? lines.slice(0, -1) : lines;
        expect(text.reduce((sum, line) => sum + line.length + 1, 0)).toBeLessThanOrEqual(characters);
      }),
    );
  });
});

test("a continued line belongs to its instruction", () => {
  const { rule: parsed } = parseRule(rule(RULE));
  expect(parsed?.bullets[1]).toBe("No default exports, as names get lost.");
});
