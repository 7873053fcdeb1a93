/** `skep doctor`: what it finds in good and in bad surroundings, with fake agent CLIs on the PATH. */
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import type { SeatId, SwarmId } from "../../src/base/ids.ts";
import { LOOKS } from "../../src/cli/doctor/index.ts";
import { openFileStore } from "../../src/store/file/store.ts";
import { quiet } from "../store/support/adapters.ts";
import type { TestRepo } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";
import { endHosts, hostedRepo, nowhere, skep, startSkep } from "./support/skep.ts";

afterEach(endHosts);

interface Look {
  readonly what: string;
  readonly mark: "ok" | "warn" | "fail";
  readonly found: string;
  readonly fix?: string;
}

/** Nothing of this machine's own CLIs and keys: git, node, and what the test puts there. */
function surroundings(
  programs: Readonly<Record<string, string>> = {},
): { PATH: string; HOME: string } & Record<string, string | undefined> {
  const [bin, HOME] = [tempDir("bin"), tempDir("home")];
  for (const [name, version] of Object.entries(programs)) {
    const text = `#!${process.execPath}\nconsole.log(${JSON.stringify(version)});\n`;
    writeFileSync(path.join(bin, name), text, { mode: 0o755 });
  }
  const keys = Object.fromEntries(
    Object.keys(process.env).flatMap((name) => (/^(ANTHROPIC|CLAUDE|GEMINI|GOOGLE|OPENAI)/.test(name) ? [[name, undefined]] : [])),
  );
  return { ...keys, PATH: `${bin}:/usr/bin:/bin`, HOME };
}
async function doctor(cwd: string, env: Record<string, string | undefined>) {
  const { code, stdout, stderr } = await skep(["doctor", "--json"], { cwd, env });
  const facts = JSON.parse(stdout) as { version: number; ok: boolean; looks: Look[] };
  return { code, stderr, facts, look: (what: string) => facts.looks.find((look) => look.what === what) };
}
const configured = (config: string): TestRepo => {
  const repo = hostedRepo();
  repo.commit({ ".skep/config.yaml": config });
  return repo;
};
const SETTLED = "checks: { commands: [{ name: tests, argv: [npm, test] }] }\nbudgets: { swarm: { usd: 5 } }\n";

test("[seen.doctor][seen.doctor.exit] all is well: a line each, exit 0, nothing was changed", async () => {
  const repo = configured(SETTLED);
  const env = { ...surroundings({ claude: "2.1.329 (Claude Code)" }), ANTHROPIC_API_KEY: "made-up-key-1" };
  const { code, facts, stderr, look } = await doctor(repo.root, env);
  expect({ code, ok: facts.ok, version: facts.version, stderr }).toEqual({ code: 0, ok: true, version: 1, stderr: "" });
  expect(facts.looks.filter(({ mark }) => mark !== "ok")).toEqual([]);
  expect(facts.looks.map(({ what }) => what)).toEqual(
    expect.arrayContaining([
      "node",
      "git",
      "project",
      "state",
      "config",
      "rules",
      "host",
      "claude",
      "gemini",
      "scripted",
      "env",
      "limits",
      "scaling",
      "budgets",
      "messages",
      "calls",
      "tasks",
      "log",
      "prices",
    ]),
  );
  expect(look("config")?.found).toMatch(/team minimal with \d+ agents, checks: tests/);
  expect(look("budgets")?.found).toBe("$5.00 a swarm");
  expect(look("scaling")?.found).toBe("off: nobody joins by themselves");
  expect(look("env")?.found).toMatch(/^claude also gets ANTHROPIC_API_KEY.*; its agents' shells can read ANTHROPIC_API_KEY$/);
  expect(JSON.stringify(facts)).not.toContain("made-up-key-1");
  expect(existsSync(path.join(repo.commonDir, "skep"))).toBe(false);
  const text = await skep(["doctor"], { cwd: repo.root, env });
  expect(text.stdout).toMatch(/^✓ node {7}\d+\.\d+\.\d+, on \w+\n✓ git/);
});

test.each([
  [{ claude: "2.1.329 (Claude Code)" }, "warn", /2\.1\.329.*used by .*no sign-in was found/],
  [{ claude: "2.9.0 (Claude Code)" }, "warn", /2\.9\.0.*not tried with this version, 2\.1\.329 was; used by/],
  [{ claude: "2.1.100 (Claude Code)" }, "fail", /Claude Code 2\.1\.100 is too old, 2\.1\.197 is needed; used by/],
  [{ claude: "hello" }, "fail", /does not tell its version/],
  [{}, "fail", /no claude on the PATH; used by .*queen/],
] as const)("[seen.doctor.agents] %j", async (programs, mark, found) => {
  const { code, look } = await doctor(configured(SETTLED).root, surroundings(programs));
  expect(look("claude")).toMatchObject({ mark, found: expect.stringMatching(found), fix: expect.any(String) });
  expect(code).toBe(mark === "fail" ? 1 : 0);
  expect(look("gemini")).toMatchObject({ mark: "ok", found: expect.stringContaining("no role uses it") });
});

test("[seen.doctor.agents] a sign-in is found by its file, whatever is in it; a fallback that is missing only warns", async () => {
  const env = surroundings({ claude: "2.1.329 (Claude Code)" });
  mkdirSync(path.join(env.HOME, ".claude"));
  writeFileSync(path.join(env.HOME, ".claude/.credentials.json"), "not even JSON", { mode: 0o000 });
  const { look, code } = await doctor(configured(`${SETTLED}harness: { fallback: [gemini] }\n`).root, env);
  expect(look("claude")).toMatchObject({ mark: "ok", found: expect.stringContaining(".credentials.json") });
  expect(look("gemini")).toMatchObject({ mark: "warn", found: expect.stringMatching(/when another does not serve$/) });
  expect(code).toBe(0);
});

test("[rules.doctor] the rules that hold are named; one whose pattern misses its own example has to be mended", async () => {
  const env = surroundings({ claude: "2.1.329 (Claude Code)" });
  const repo = configured(SETTLED);
  const pattern = "{pattern: '^let ', message: m, fix: f, example: var x, counter: const x}";
  const rule = `---\nid: house\ntitle: House\nversion: 1\ntier: project\npatterns:\n  - ${pattern}\n---\n- Say why.\n`;
  repo.commit({ "tsconfig.json": "{}", ".skep/rules/house.md": rule.replace("example: var", "example: let") });
  expect((await doctor(repo.root, env)).look("rules")).toMatchObject({
    mark: "ok",
    found: expect.stringMatching(/hold here: .*typescript.*house; \d+ patterns/),
  });
  repo.commit({ ".skep/rules/house.md": rule });
  const { look, code } = await doctor(repo.root, env);
  expect(look("rules")).toMatchObject({
    mark: "fail",
    found: '.skep/rules/house.md has the pattern "^let ", which does not find its example',
    fix: expect.stringContaining("correct the pattern or the example"),
  });
  expect(code).toBe(1);
});

test("[seen.doctor] no repository, a broken config and spending without a cap are named with their fix", async () => {
  const env = surroundings({ claude: "2.1.329 (Claude Code)" });
  const outside = await doctor(nowhere(), env);
  expect(outside.code).toBe(1);
  expect(outside.look("project")).toMatchObject({
    mark: "fail",
    found: expect.stringContaining("NO_PROJECT"),
    fix: expect.stringContaining("git init"),
  });
  expect(outside.look("claude")).toMatchObject({ found: expect.stringContaining("used by every role") });
  const broken = await doctor(configured("limits: { worker: 3 }\n").root, env);
  expect(broken.look("config")).toMatchObject({
    mark: "fail",
    found: expect.stringMatching(/CONFIG_INVALID.*config\.yaml:1.*did you mean workers/),
  });
  const free = await doctor(configured(`${SETTLED}harness: { adapters: { claude: { preset: full } } }\n`).root, env);
  expect(free.look("config")).toMatchObject({ mark: "fail", found: expect.stringContaining("FULL_NOT_ALLOWED") });
  const open = await doctor(configured("{}\n").root, env);
  expect(open.look("budgets")).toMatchObject({
    mark: "warn",
    found: expect.stringContaining("nothing limits"),
    fix: expect.stringContaining("budgets.swarm.usd"),
  });
});

test("[seen.doctor] a host that runs is named with its process, port and version; one that is gone is no fault", async () => {
  const repo = configured(`${SETTLED}harness: { default: scripted }\n`);
  const env = surroundings();
  expect((await doctor(repo.root, env)).look("host")).toMatchObject({ mark: "ok", found: expect.stringContaining("never started") });
  const serving = startSkep(["serve"], { cwd: repo.root, env: { SKEP_LOG: "info" } });
  await until(() => serving.err().includes("host ready"), { timeoutMs: 20_000 });
  const found = (await doctor(repo.root, env)).look("host");
  expect(found).toMatchObject({
    mark: "ok",
    found: expect.stringMatching(/^runs as \d+, without a keeper, on port \d+, version \d+\.\d+\.\d+/),
  });
  serving.child.kill("SIGTERM");
  await serving.ended;
  expect((await doctor(repo.root, env)).look("host")).toMatchObject({
    mark: "ok",
    found: expect.stringMatching(/^none runs; its port is \d+/),
  });
  const stranger = createServer((_, response) => response.end("hello")).listen(
    Number(/on port (\d+)/.exec(found?.found ?? "")?.[1]),
    "127.0.0.1",
  );
  try {
    await once(stranger, "listening");
    expect((await doctor(repo.root, env)).look("host")).toMatchObject({ mark: "warn", code: "port-taken" });
  } finally {
    stranger.close();
  }
});

test("[seen.doctor.registry] every look is one file and one line", () => {
  const folder = path.resolve(import.meta.dirname, "../../src/cli/doctor");
  const files = readdirSync(folder).filter((name) => !["check.ts", "codes.ts", "index.ts", "room.ts", "uses.ts"].includes(name));
  expect(LOOKS).toHaveLength(files.length);
});

test("[flood.doctor] every limit of floods has a line, with the use that is nearest to it, and a word when that is near", async () => {
  const repo = configured(`${SETTLED}floods: { commits: 3, messagesPerMinute: 77, questions: 2 }\n`);
  const root = path.join(repo.commonDir, "skep");
  const swarm = await (await openFileStore(root, { logger: quiet, watch: false })).create("s-full" as SwarmId);
  for (let n = 0; n < 3; n++) {
    await swarm.log.append(n, { at: n, by: "engine", command: "x", events: [] });
    await swarm.mail.send({ from: "queen", to: "dev-0" as SeatId, kind: "note", subject: `${n}`, body: "b" });
  }
  await swarm.close();
  const { code, look } = await doctor(repo.root, surroundings({ claude: "2.1.329 (Claude Code)" }));
  expect(code).toBe(0);
  expect(look("messages")).toMatchObject({
    mark: "ok",
    found: "77 a minute by an agent, 256 KiB each, 1,000 unread of one sender in an inbox; most unread: 3 in s-full",
  });
  expect(look("calls")?.found).toBe(
    "3,000 a minute by a session (you: 4 times), 64 at once, 512 in all, 1,024 connections, 1,024 KiB each",
  );
  expect(look("starts")?.found).toBe("300 sessions of a swarm a minute; further ones wait");
  expect(look("tasks")?.found).toBe("20 in a plan, 500 in a swarm; 200 agents ever, 2 open questions of one");
  expect(look("log")).toMatchObject({
    mark: "warn",
    found: "3 commits of at most 64 KiB before agents only finish; longest: 3 commits, 1 KiB in s-full",
  });
});
