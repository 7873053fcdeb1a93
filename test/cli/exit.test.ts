/** Exit codes and error lines of the built program. */
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, describe, expect, test, vi } from "vitest";
import { COMMANDS } from "../../src/cli/index.ts";
import { SHAPES } from "../../src/cli/shapes/index.ts";
import { PROJECT, type Run } from "../../src/cli/shell/command.ts";
import { runCommand } from "../../src/cli/shell/dispatch.ts";
import { EXIT } from "../../src/cli/shell/exit.ts";
import { openTerminal } from "../../src/cli/shell/terminal.ts";
import { tempDir } from "../support/temp.ts";
import { endHosts, hostedRepo, nowhere, skep, startSkep } from "./support/skep.ts";
import { swarmAtGate } from "./support/swarm.ts";

afterEach(endHosts);

/** `CODE: what. Next: one command.` and nothing else. */
const LINE = /^[A-Z_]+: .+\. Next: .+\.\n$/;

describe("wrong usage ends with 2", () => {
  test.each([
    [["statsu"], "skep status --help"],
    [["rnu", "a goal"], "skep run --help"],
    [["ls"], "skep status --help"],
    [["events", "--from", "soon"], "skep events --from 1"],
    [["frobnicate"], "skep --help"],
    [["init", "--client", "cluade"], "skep init --client claude"],
    [["--verbose", "status"], "skep --help"],
    [["status", "--jsno"], "skep status --help"],
    [["status", "a", "b"], "skep status --help"],
    [["answer", "g1"], "skep answer --help"],
    [["run"], "skep run --help"],
    [["run", "x", "--solo", "--team", "minimal"], "--team or --solo"],
    [["mcp", "--port", "1"], "skep mcp --help"],
    [["logs", "--json", "--follow"], "skep events --follow"],
    [["demo", "--ask"], "skep demo"],
    [["gc", "--older-than", "soon"], "skep gc --older-than 7"],
    [["land", "--strategy", "rebase"], "skep land --strategy"],
    [["demo", "--seconds", "soon"], "skep demo --help"],
    [["review-audit", "--count", "0"], "skep review-audit --count 5"],
    [["review-audit", "--seed", "-1"], "skep review-audit --seed 1"],
  ])("[cli.exit-usage] %j", async (args, next) => {
    const { code, stdout, stderr } = await skep(args, { cwd: nowhere() });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(LINE);
    expect(stderr).toMatch(/^USAGE: /);
    expect(stderr.split("Next: ")[1]).toContain(next);
  });
});

/** What a command of this process answers, without the cost of a new one. */
async function inProcess(...args: string[]): Promise<{ code: number; stderr: string }> {
  const stderr: string[] = [];
  const before = process.stdout.listeners("error");
  const written = vi.spyOn(process.stderr, "write").mockImplementation((text) => stderr.push(String(text)) > 0);
  try {
    return { code: await runCommand(args), stderr: stderr.join("") };
  } finally {
    written.mockRestore();
    for (const listener of process.stdout.listeners("error"))
      if (!before.includes(listener)) process.stdout.off("error", listener as () => void);
  }
}

/** What has to be given before a repository is looked for. */
const GIVEN: Readonly<Record<string, readonly string[]>> = {
  answer: ["g1", "yes"],
  attach: ["dev-0"],
  config: ["show"],
  pipeline: ["list"],
  run: ["a goal"],
  send: ["dev-0", "Hello"],
  undo: ["t1"],
};

/** They have something to say without a repository. */
const ALSO_WITHOUT: ReadonlySet<string> = new Set(["doctor", "notify"]);

describe("every command", () => {
  const SHOWN = COMMANDS.filter(({ hidden }) => !hidden);

  test.each(SHOWN.map(({ name }) => name))("[cli.exit-all] skep %s refuses an option it does not know", async (name) => {
    const { code, stderr } = await inProcess(name, "--frobnicate");
    expect(stderr).toMatch(LINE);
    expect(stderr).toMatch(new RegExp(`^USAGE: unknown option '--frobnicate'.* Next: skep ${name} --help\\.\n$`, "i"));
    expect(code).toBe(2);
  });

  test("[cli.exit-all] those that work in a repository say that there is none", async () => {
    const folder = nowhere();
    const inRepository = await Promise.all(
      SHOWN.map(async ({ name, load }) => ({ name, options: ((await load()) as { run: Partial<Run> }).run.options ?? [] })),
    );
    const names = inRepository.filter(({ options }) => options.includes(PROJECT)).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(15);
    for (const name of names.filter((one) => !ALSO_WITHOUT.has(one))) {
      const { code, stderr } = await inProcess(name, ...(GIVEN[name] ?? []), `--project=${folder}`);
      expect({ name, code, stderr }).toEqual({
        name,
        code: 1,
        stderr: expect.stringMatching(/^(NO_PROJECT|NO_REPOSITORY): .*Next: .+\.\n$/),
      });
    }
  });
});

test("[cli.json-shapes] what --json prints is documented for every command that knows it", async () => {
  const loaded = await Promise.all(COMMANDS.map(async ({ name, load }) => ({ name, run: ((await load()) as { run: Partial<Run> }).run })));
  const withJson = loaded.filter(({ run }) => run.options?.some(([flags]) => flags === "--json")).map(({ name }) => name);
  expect(Object.keys(SHAPES)).toEqual(withJson);
});

test("[cli.exit-docs] the page of exit codes has each code, and each command for which one means more", async () => {
  const page = readFileSync(path.resolve(import.meta.dirname, "../../docs/exit-codes.md"), "utf8");
  for (const code of Object.values(EXIT)) expect(page).toContain(`\n| \`${code}\` | `);
  for (const { name, load } of COMMANDS) {
    const { exits = {} } = ((await load()) as { run: Partial<Run> }).run;
    for (const meaning of Object.values(exits)) expect(page).toMatch(new RegExp(`\\| \`skep ${name}\` \\| .*${meaning.slice(0, 20)}`));
  }
});

describe("failures end with 1 and name one command", () => {
  test("[cli.exit-failed] no repository, no swarm, no such swarm, team or harness", async () => {
    const { root } = hostedRepo();
    const cases = [
      [["status"], nowhere(), "NO_PROJECT"],
      [["status"], root, "NO_SWARM"],
      [["status", "../meta"], root, "BAD_ID"],
      [["logs", "s-000000"], root, "NO_SWARM"],
      [["land"], root, "NO_SWARM"],
      [["answer", "g1", "yes"], root, "NO_SWARM"],
      [["run", "x", "--team", "minimla"], root, "NO_TEAM"],
      [["review-audit"], root, "NOTHING_TO_AUDIT"],
      [["run", "x", "--harness", "cluade"], root, "NO_HARNESS"],
    ] as const;
    const ends = await Promise.all(cases.map(([args, cwd]) => skep(args, { cwd })));
    ends.forEach(({ code, stdout, stderr }, index) => {
      expect({ args: cases[index]?.[0], code, stdout }).toEqual({ args: cases[index]?.[0], code: 1, stdout: "" });
      expect(stderr).toMatch(LINE);
      expect(stderr).toContain(`${cases[index]?.[2]}: `);
    });
    expect(ends[1]?.stderr).toContain("there is no swarm in this project yet");
  });

  test("[cli.old-git] a git that cannot merge without a checkout is refused", async () => {
    const folder = tempDir("old-git");
    writeFileSync(path.join(folder, "git"), '#!/bin/sh\necho "git version 2.30.2"\n');
    chmodSync(path.join(folder, "git"), 0o755);
    const { root } = hostedRepo();
    const { code, stderr } = await skep(["status"], { cwd: root, env: { PATH: `${folder}:${process.env.PATH}` } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^GIT_TOO_OLD: .*2\.30\.2/);
  });
});

describe("a swarm that waits for a person", () => {
  test("[cli.exit-human][cli.json] status ends with 3 and tells the question; --json gives the facts as one object", async () => {
    const repo = hostedRepo();
    const id = await swarmAtGate(repo);
    const text = await skep(["status"], { cwd: repo.root });
    expect(text.code).toBe(3);
    expect(text.stdout).toContain(id);
    expect(text.stdout).toContain("the disk is full");
    expect(text.stdout).toContain(`Next: skep answer g1 --swarm ${id} "retry"`);
    const { code, stdout } = await skep(["status", id, "--json"], { cwd: nowhere(), env: { SKEP_PROJECT: repo.root } });
    expect(code).toBe(3);
    const facts = JSON.parse(stdout) as Record<string, unknown>;
    expect(facts).toMatchObject({
      version: 1,
      swarm: id,
      status: "opening",
      gates: [{ gate: "g1", kind: "effect", options: ["retry", "stop"], words: expect.stringContaining("the disk is full") }],
      spent: { usd: 0, tokens: 0 },
    });
  });

  test("[cli.json] logs --json holds every event, also those no line tells of", async () => {
    const repo = hostedRepo();
    const id = await swarmAtGate(repo);
    const { code, stdout } = await skep(["logs", "--json"], { cwd: repo.root });
    expect(code).toBe(0);
    const { version, swarm, events } = JSON.parse(stdout) as { version: number; swarm: string; events: { type: string; seq: number }[] };
    expect({ version, swarm }).toEqual({ version: 1, swarm: id });
    expect(new Set(events.map(({ type }) => type))).toEqual(
      new Set(["swarm_created", "plan_submitted", "plan_reviewed", "lease_taken", "effect_failed", "gate_opened"]),
    );
  });

  test("[cli.near-miss] an id that is nearly one of those there are is named, whatever is wrong with it", async () => {
    const repo = hostedRepo();
    const id = await swarmAtGate(repo);
    const other = id.endsWith("x") ? "y" : "x";
    for (const [wrong, refused] of [
      [`${id.slice(0, -1)}${other}`, "NO_SWARM"],
      [id.slice(2), "(BAD_ID|NO_SWARM)"],
      [id.toUpperCase(), "BAD_ID"],
    ] as const) {
      const { code, stderr } = await skep(["status", wrong], { cwd: repo.root });
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(new RegExp(`^${refused}: .*Next: skep status ${id}\\.\n$`)),
      });
    }
  });

  test("[cli.which] with several live swarms a command wants to be told which", async () => {
    const repo = hostedRepo();
    const ids = [await swarmAtGate(repo, "First goal"), await swarmAtGate(repo, "Second goal")];
    const { code, stderr } = await skep(["pause"], { cwd: repo.root });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^WHICH_SWARM: 2 swarms are live/);
    for (const id of ids) expect(stderr).toContain(id);
  });
});

test("[cli.no-color] colours stay away from pipes, and from terminals that said so", () => {
  const stream = (isTTY: boolean) => Object.assign(new PassThrough(), { isTTY });
  const painted = (isTTY: boolean, env: Record<string, string>) => {
    const parts = { stdin: stream(isTTY), stdout: stream(isTTY), stderr: stream(isTTY), env };
    return openTerminal(parts).paint("red", "text");
  };
  expect(painted(true, { TERM: "xterm" })).toBe("\u001b[31mtext\u001b[39m");
  expect(painted(true, { TERM: "xterm", NO_COLOR: "1" })).toBe("text");
  expect(painted(true, { TERM: "dumb" })).toBe("text");
  expect(painted(false, { TERM: "xterm", FORCE_COLOR: "1" })).toBe("text");
});

test("[cli.pipe] a reader that leaves early is no failure", async () => {
  const { child, ended } = startSkep(["--help"]);
  child.stdout?.destroy();
  expect((await ended).code).toBe(0);
});
