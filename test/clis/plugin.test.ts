/** The plugin, and what stands for it, in the real clients: installed from this repository, called, taken out. */
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { builtMain } from "../support/build.ts";
import { tempDir } from "../support/temp.ts";
import { installCli, type PINS } from "./install.ts";
import { driveInNamespace } from "./namespace.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

async function drive(driver: string, cli: keyof typeof PINS): Promise<Record<string, unknown>> {
  builtMain();
  const { facts } = await driveInNamespace(
    new URL(`./${driver}`, import.meta.url),
    [await installCli(cli), ROOT],
    tempDir("plugin"),
    500_000,
  );
  return facts as Record<string, unknown>;
}

const SETTLE = "1. Settle first what the goal leaves open";
const NO_SWARM = /^swarm_status answered: NO_SWARM: /;
const NO_TEAM = /^swarm_create answered: NO_TEAM: /;

describe("Claude Code", () => {
  let facts: Record<string, unknown>;
  beforeAll(async () => {
    facts = await drive("plugin-claude.ts", "claude");
  });

  test("[plugin.claude] installs it; /skep:status and /skep:run lead to tools that answer; it goes out without a trace", () => {
    const goal = expect.stringMatching(new RegExp(`${SETTLE}.*ARGUMENTS: Add a json flag & say so$`, "s"));
    expect(facts).toMatchObject({
      codes: { marketplace: 0, plugin: 0, add: 0, install: 0, uninstall: 0, remove: 0 },
      status: { servers: ["plugin:skep:skep"], commands: ["skep:run", "skep:status"], said: expect.stringMatching(NO_SWARM) },
      goal: { message: goal, said: expect.stringMatching(NO_TEAM) },
      ...{ left: false, faults: [] },
    });
  });

  test("[plugin.claude.prompt] fills a prompt with the first word of a goal, and the whole of it stands above", () => {
    const message = expect.stringMatching(/<command-args>Add a json flag<\/command-args>.*\n\| Add\n/s);
    expect(facts).toMatchObject({ prompt: { message, said: expect.stringMatching(NO_TEAM) } });
  });

  test("[plugin.claude.once] takes the project's entry alone when it starts the same, and both when it does not", () => {
    expect(facts).toMatchObject({ beside: ["skep"], local: ["plugin:skep:skep", "skep"] });
  });

  test("[plugin.claude.agents] a session started by skep is sent no word of it, where the user's own is", () => {
    expect(facts).toMatchObject({ own: expect.arrayContaining(["skep:run", "skep:status"]), agent: ["ROLE TEXT"] });
  });
});

describe("Codex", () => {
  let facts: Record<string, unknown>;
  beforeAll(async () => {
    facts = await drive("plugin-codex.ts", "codex");
  });

  test("[plugin.codex] installs it; $skep:status and $skep:run lead to tools that answer; it goes out without a trace", () => {
    expect(facts).toMatchObject({
      codes: { add: 0, install: 0, uninstall: 0, remove: 0 },
      alone: [{ name: "skep", enabled: true, transport: { command: "npx", args: ["-y", "skep", "mcp"] }, startup_timeout_sec: 60 }],
      status: { said: expect.stringMatching(NO_SWARM) },
      goal: { message: expect.stringContaining(SETTLE), said: expect.stringMatching(NO_TEAM) },
      ...{ left: "", faults: [] },
    });
  });

  test("[plugin.codex.once] takes the project's entry alone", () => {
    expect(facts).toMatchObject({ beside: [{ name: "skep", transport: facts.own }], called: ["mcp__skep__swarm_status"] });
  });
});

test("[plugin.opencode] makes commands of the prompts: the whole goal stands in one, and a refusal is told", async () => {
  expect(await drive("plugin-opencode.ts", "opencode")).toMatchObject({
    goal: { message: expect.stringMatching(new RegExp(`\\n\\| Add a json flag\\n\\n${SETTLE}`)), called: ["skep_swarm_create"] },
    standup: { message: expect.stringMatching(/^Tell the user what skep answered: NO_SWARM: /) },
    faults: [],
  });
});
