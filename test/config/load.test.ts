import { describe, expect, test } from "vitest";
import { SkepError } from "../../src/base/errors.ts";
import { configFields } from "../../src/config/fields.ts";
import { type ConfigSources, resolveConfig } from "../../src/config/load.ts";
import { DEFAULT_CONFIG } from "../../src/config/schema.ts";

function refusal(sources: ConfigSources): SkepError {
  try {
    resolveConfig(sources);
  } catch (error) {
    if (error instanceof SkepError) return error;
    throw error;
  }
  throw new Error("was accepted");
}

test("[config.order] flags win over variables, variables over the file, the file over defaults", () => {
  const text = "limits:\n  attempts: 7\n  rounds: 7\n  turns: 7\n";
  const env = { SKEP_LIMITS_ROUNDS: "8", SKEP_LIMITS_TURNS: "8", SKEP_BUDGETS_SWARM_USD: "2.5", SKEP_TEAM: "solo" };
  const { limits, budgets, team } = resolveConfig({ text, env, flags: { "limits.turns": "9", "budgets.swarm.usd": null } });
  expect([limits.attempts, limits.rounds, limits.turns, budgets.swarm.usd, limits.workers, team]).toEqual([7, 8, 9, null, 4, "solo"]);
});

test("[config.order] without any source the defaults hold, also for an empty or commented file", () => {
  for (const text of [null, "", "  \n", "# nothing yet\n"]) expect(resolveConfig({ text })).toEqual(DEFAULT_CONFIG);
});

test("[config.order] one call leaves nothing behind for the next", () => {
  resolveConfig({ text: "limits: {attempts: 9}", env: { SKEP_LIMITS_ROUNDS: "9" } });
  expect(resolveConfig({})).toEqual(DEFAULT_CONFIG);
});

test("[config.fields] every field is described, and every variable of the list sets its field", () => {
  for (const field of configFields()) expect(field.about, field.path).toMatch(/^[A-Z].*\.$/);
  const numbers = configFields().filter((field) => field.env && field.type.includes("number"));
  expect(numbers.length).toBeGreaterThan(10);
  for (const { path, env } of numbers) {
    const config = resolveConfig({ env: { [env ?? ""]: "3" } });
    expect(
      path.split(".").reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], config),
      path,
    ).toBe(3);
  }
});

/** [what, text, what the error begins with, what it also says] */
const BAD_FILES: readonly (readonly [string, string, string, string])[] = [
  ["a flow never closed", "team: [", ".skep/config.yaml:1:8:", "Flow sequence"],
  ["a tab", "limits:\n\tattempts: 1", ".skep/config.yaml:2:1:", "Tabs are not allowed"],
  ["a doubled key", "team: solo\nlimits: {}\nteam: solo\n", ".skep/config.yaml:3:1:", "Map keys must be unique"],
  ["a second document", "team: solo\n---\nteam: solo\n", ".skep/config.yaml:2:1:", "multiple documents"],
  ["a tag", "team: !!js/function x", ".skep/config.yaml:1:7:", "Unresolved tag"],
  ["a list instead of a map", "- 1\n", ".skep/config.yaml:1:1:", "expected object"],
  ["a near miss", "limits:\n  rounds: 2\n  atempts: 3\n", ".skep/config.yaml:3:3:", 'no setting "atempts"; did you mean attempts?'],
  ["a near miss at the top", "worktre: {}\n", ".skep/config.yaml:1:1:", "did you mean worktree?"],
  ["an unknown key far from all", "zzzzzzzz: 1\n", ".skep/config.yaml:1:1:", 'there is no setting "zzzzzzzz"'],
  ["a prototype key", "__proto__: {team: x}\n", ".skep/config.yaml:1:1:", 'no setting "__proto__"'],
  [
    "a wrong type",
    "limits:\n  attempts: five\n",
    ".skep/config.yaml:2:13:",
    'limits.attempts: expected number, received string, got "five"',
  ],
  ["a number out of range", "limits:\n  attempts: 0\n", ".skep/config.yaml:2:13:", ">=1"],
  ["a command as one string", "checks:\n  commands:\n    - {name: t, argv: npm test}\n", ".skep/config.yaml:3:23:", "expected array"],
  ["an empty argv", "worktree:\n  setup:\n    - []\n", ".skep/config.yaml:3:7:", "worktree.setup.0"],
  ["two commands of one name", "checks: {commands: [{name: a, argv: [x]}, {name: a, argv: [y]}]}", ".skep/config.yaml:1:20:", "same name"],
  ["a path that climbs out", "worktree:\n  copy: [a/../../b]\n", ".skep/config.yaml:2:10:", "relative path"],
  ["an absolute path", "worktree:\n  copy: [/etc/passwd]\n", ".skep/config.yaml:2:10:", "relative path"],
  ["git's own folder", "worktree:\n  copy: [.git/config]\n", ".skep/config.yaml:2:10:", "outside .git"],
  ["a broken pattern", 'checks: {forbidden: [{pattern: "(", message: m, fix: f}]}', ".skep/config.yaml:1:32:", "no regular expression"],
  ["an id with a slash", "team: ../meta\n", ".skep/config.yaml:1:7:", "is no id"],
];

describe("[config.refusals] a bad file is refused with its line, its column and a fix", () => {
  test.each(BAD_FILES)("%s", (_what, text, begins, says) => {
    const error = refusal({ text });
    expect(error.code).toBe("CONFIG_INVALID");
    expect(error.message.startsWith(begins), error.message).toBe(true);
    expect(error.message).toContain(says);
    expect(error.next).toContain(".skep/config.yaml");
  });

  test("all problems come together, the first eight written out", () => {
    const text = Array.from({ length: 11 }, (_, n) => `zzzz${n}zzzz: 1`).join("\n");
    expect(refusal({ text }).message).toMatch(/config\.yaml:1:1: .*config\.yaml:8:1: [^;]*; and 3 more$/);
  });

  test("foreign text stays on one line and is cut", () => {
    const { message } = refusal({ text: `"a\\nb${"c".repeat(500)}": 1\nlimits: {attempts: "x\\ny"}` });
    expect(message).not.toContain("\n");
    expect(message.length).toBeLessThan(400);
  });

  test("a mistake in the file shows also where a variable covers it", () => {
    expect(refusal({ text: "team: {}", env: { SKEP_TEAM: "solo" } }).message).toContain(".skep/config.yaml:1:7: team");
  });
});

describe("[config.bombs] a file made to exhaust the reader is refused, quickly", () => {
  const bomb = [
    "a: &a [x, x, x, x, x, x, x, x, x]",
    ..."bcdefghi".split("").map((name, n) => `${name}: &${name} [${Array(9).fill(`*${"abcdefghi"[n]}`).join(", ")}]`),
  ];
  const nested = Array.from({ length: 60 }, (_, n) => `a${n}: &a${n} ${"[".repeat(25)}${n > 0 ? `*a${n - 1}` : ""}${"]".repeat(25)}`).join(
    "\n",
  );

  test.each([
    ["anchors that multiply", bomb.join("\n")],
    ["an anchor inside itself", "a: &a\n  b: *a\n"],
    ["brackets without end", "[".repeat(50_000)],
    ["maps without end", "{a: ".repeat(20_000)],
    ["settings nested without end", `harness: {adapters: {claude: {settings: {a: ${"[".repeat(3_000)}${"]".repeat(3_000)}}}}}`],
    ["lists in lists on one line", "- ".repeat(30_000)],
    ["a depth just under the end of the stack", `a: ${"[".repeat(800)}${"]".repeat(800)}`],
    ["anchors that nest each other deeper", nested],
    ["a megabyte", `# ${"x".repeat(1_000_000)}`],
  ])("%s", (_what, text) => {
    expect(refusal({ text }).code).toBe("CONFIG_INVALID");
  });

  test("a few honest anchors are welcome, and errors behind them keep their line", () => {
    const text = "harness:\n  adapters:\n    claude: &cheap {model: small}\n    codex: *cheap\n";
    expect(resolveConfig({ text }).harness.adapters).toEqual({ claude: { model: "small" }, codex: { model: "small" } });
    expect(refusal({ text: text.replace("model: small", "model: 1") }).message).toContain(".skep/config.yaml:3:28:");
  });

  test("a prototype in free settings stays data", () => {
    const { harness } = resolveConfig({ text: "harness: {adapters: {claude: {settings: {__proto__: {polluted: 1}, a: 1}}}}" });
    const settings = harness.adapters.claude?.settings as Record<string, unknown>;
    expect([settings.a, settings.polluted, ({} as Record<string, unknown>).polluted]).toEqual([1, undefined, undefined]);
  });
});

describe("[config.names] variables and options are refused by name", () => {
  test("a value of the wrong type names its variable", () => {
    expect(refusal({ env: { SKEP_LIMITS_ATTEMPTS: "many" } }).message).toBe(
      'SKEP_LIMITS_ATTEMPTS: limits.attempts: expected number, received string, got "many"',
    );
  });

  test("an option wins the blame over the variable it covers", () => {
    const { message } = refusal({ env: { SKEP_TEAM: "solo" }, flags: { team: "No Team" } });
    expect(message).toMatch(/^option team: team: is no id/);
  });

  test("a misspelt variable of a section is refused with a suggestion, others are not ours", () => {
    expect(refusal({ env: { SKEP_LIMITS_ATEMPTS: "3" } }).message).toContain("did you mean SKEP_LIMITS_ATTEMPTS?");
    expect(resolveConfig({ env: { SKEP_PROJECT: "/x", SKEP_LOG: "debug", HOME: "/h", SKEP_TEAM: "" } })).toEqual(DEFAULT_CONFIG);
  });

  test("an unknown option is refused with a suggestion", () => {
    expect(refusal({ flags: { "limits.attempt": "3" } }).message).toContain("did you mean limits.attempts?");
    expect(refusal({ flags: { __proto__x: "3" } }).code).toBe("CONFIG_INVALID");
  });
});
