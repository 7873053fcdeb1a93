import { expect, test } from "vitest";
import { choiceOn, fallbacksFor, harnessFor, keepsSession, limitsOf } from "../../src/config/effective.ts";
import { resolveConfig } from "../../src/config/load.ts";
import { DEFAULT_CONFIG } from "../../src/config/schema.ts";
import { DEFAULT_FLOODS } from "../../src/domain/flood.ts";
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts";
import { DEFAULT_SCALING } from "../../src/domain/scaling.ts";

test("[config.limits] the file's units become the engine's, and defaults are the engine's own", () => {
  const more = { floods: DEFAULT_FLOODS, scaling: DEFAULT_SCALING, pauseMs: 1_800_000 };
  expect(limitsOf(DEFAULT_CONFIG)).toEqual({ ...DEFAULT_LIMITS, ...more });
  const config = resolveConfig({ text: "{limits: {workers: 2}, supervision: {stallMinutes: 0.5}, budgets: {swarm: {usd: 3}}}" });
  expect(limitsOf(config)).toEqual({
    ...{
      ...DEFAULT_LIMITS,
      supervision: { ...DEFAULT_LIMITS.supervision, stallMs: 30_000 },
      workers: 2,
      ...more,
    },
    budgets: { ...DEFAULT_LIMITS.budgets, swarm: { ...DEFAULT_LIMITS.budgets.swarm, usd: 3 } },
  });
});

test("[idle.off] pauseMinutes of null and of 0 is never, and a bad one is refused", () => {
  for (const off of ["null", "0"]) expect(limitsOf(resolveConfig({ text: `{supervision: {pauseMinutes: ${off}}}` })).pauseMs).toBeNull();
  expect(limitsOf(resolveConfig({ text: "{supervision: {pauseMinutes: 0.5}}" })).pauseMs).toBe(30_000);
  expect(() => resolveConfig({ text: "{supervision: {pauseMinutes: -1}}" })).toThrow(/pauseMinutes/);
});

const TEXT = `
harness:
  default: codex
  adapters:
    claude: {model: big, preset: guarded, commands: [[make]], settings: {a: 1, b: 1}}
  roles:
    reviewer: {harness: claude, model: small, commands: [[npm, test]], settings: {b: 2}}
    queen: {preset: read-only}
`;

test("[config.harness] the project's word for a role wins, then the role file, then the word for the harness", () => {
  const config = resolveConfig({ text: TEXT });
  expect(harnessFor(config, "reviewer", { harness: "opencode", model: "other" })).toEqual({
    harness: "claude",
    model: "small",
    preset: "guarded",
    commands: [["make"], ["npm", "test"]],
    settings: { a: 1, b: 2 },
  });
  expect(harnessFor(config, "developer")).toMatchObject({ harness: "codex", model: null, preset: null });
  expect(harnessFor(config, "developer", { harness: "claude" })).toMatchObject({ harness: "claude", model: "big" });
  expect(harnessFor(config, "queen", { model: "role-model" })).toMatchObject({
    harness: "codex",
    model: "role-model",
    preset: "read-only",
  });
});

test("[config.harness] a role file's model does not follow to another harness", () => {
  const config = resolveConfig({ text: "harness: {roles: {developer: {harness: codex}}}" });
  expect(harnessFor(config, "developer", { harness: "claude", model: "claude-only" }).model).toBeNull();
});

test("[config.harness] a role named like a property of every object has no settings by accident", () => {
  expect(harnessFor(DEFAULT_CONFIG, "constructor")).toMatchObject({ harness: "claude", commands: [], settings: {} });
});

test("[config.fallback] a fallback keeps the role's preset and commands, but neither the model nor the settings of another harness", () => {
  const config = resolveConfig({
    text: `
harness:
  default: claude
  fallback: [codex]
  adapters: {codex: {model: gpt, settings: {a: 1}}}
  roles:
    developer: {model: opus, preset: read-only, commands: [[make]], settings: {b: 2}, fallback: [codex, opencode], session: kept}
`,
  });
  expect(fallbacksFor(config, "developer")).toEqual(["codex", "opencode"]);
  expect(fallbacksFor(config, "reviewer")).toEqual(["codex"]);
  expect(choiceOn(config, "developer", "codex")).toEqual({
    ...{ harness: "codex", model: "gpt", preset: "read-only", commands: [["make"]], settings: { a: 1 } },
  });
  expect(choiceOn(config, "developer", "claude")).toMatchObject({ model: "opus", settings: { b: 2 } });
  expect([
    keepsSession(config, "developer", "fresh"),
    keepsSession(config, "reviewer", "fresh"),
    keepsSession(config, "reviewer", "kept"),
  ]).toEqual([...[true, false, true]]);
});

test("[supervision.settings] tiers rise, and only the last one ends a session; what is wrong is refused", () => {
  const tiers = (list: string): string => `{supervision: {tiers: [${list}]}}`;
  const read = resolveConfig({ text: tiers("{after: 0.5, do: warn}, {after: 4, do: end}") });
  expect(limitsOf(read).supervision.tiers).toEqual([
    { after: 0.5, do: "warn" },
    { after: 4, do: "end" },
  ]);
  for (const [list, why] of [
    ["{after: 2, do: warn}, {after: 2, do: end}", /must rise/],
    ["{after: 1, do: end}, {after: 2, do: warn}", /only in the last tier/],
    ["", /supervision\.tiers/],
  ] as const)
    expect(() => resolveConfig({ text: tiers(list) }), list).toThrow(why);
});
