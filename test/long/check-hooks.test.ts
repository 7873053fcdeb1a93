/** The hooks a person installs: real git runs them, and taken out they leave nothing behind. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { hookProgram } from "../../src/cli/check/install.ts";
import { SESSION_MARK } from "../../src/engine/session-mark.ts";
import { TOKEN } from "../cli/check/token.ts";
import { skep } from "../cli/support/skep.ts";
import { makeRepo, type TestRepo, userGit } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";

const check = (repo: TestRepo, ...args: string[]) => skep(["check", ...args], { cwd: repo.root });

/** Every file below the checkout and in the folder of hooks: content, mode, link. */
function tree(repo: TestRepo, ...more: string[]): Record<string, string> {
  const found: Record<string, string> = {};
  const look = (folder: string): void => {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const file = path.join(folder, name);
      const stat = lstatSync(file);
      if (file === repo.commonDir) continue;
      if (stat.isDirectory()) {
        found[`${file}/`] = "";
        look(file);
      } else found[file] = `${stat.mode} ${stat.isSymbolicLink() ? readlinkSync(file) : readFileSync(file, "latin1")}`;
    }
  };
  for (const folder of [repo.root, path.join(repo.commonDir, "hooks"), ...more]) look(folder);
  return found;
}

interface Pushed {
  readonly code: number | null;
  readonly said: string;
}
/** git as a person runs it: with their hooks, and with this environment. */
function gitRuns(repo: TestRepo, args: readonly string[], env: Record<string, string> = {}, cwd = repo.root): Pushed {
  const { status, stderr, stdout } = spawnSync("git", [...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: repo.root, GIT_CONFIG_NOSYSTEM: "1", ...env },
    encoding: "utf8",
  });
  return { code: status, said: stdout + stderr };
}

function hook(repo: TestRepo, name: string, text: string, folder = path.join(repo.commonDir, "hooks")): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, name);
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return file;
}

describe("[cli.hooks.git] git's own hooks run the checks before a commit and a push", () => {
  test("a commit with a finding is stopped and nothing else; also with -a, and not in a session of skep's", async () => {
    const repo = makeRepo();
    expect((await check(repo, "--install", "git")).code).toBe(0);
    repo.write({ "x.txt": `${TOKEN}\n` });
    repo.git("add", "-A");
    const stopped = gitRuns(repo, ["commit", "-m", "x"]);
    expect(stopped.code).toBe(1);
    expect(stopped.said).toMatch(/^x.txt:1: .* \(secrets\)\. Fix: .*\nskep check stopped this commit/);
    expect(gitRuns(repo, ["commit", "-m", "x"], { [SESSION_MARK]: "s-1/x1" }).code).toBe(0);
    repo.write({ "README.md": `# A project\n${TOKEN.replace("vjL", "vjM")}\n` });
    expect(gitRuns(repo, ["commit", "-am", "x"]).said).toMatch(/^README.md:2: /);
    repo.write({ "README.md": "# Clean\n" });
    expect(gitRuns(repo, ["commit", "-am", "clean"])).toMatchObject({ code: 0, said: expect.not.stringContaining("Fix") });
  });

  test("a worktree of an agent shares the folder and is let through", async () => {
    const repo = makeRepo();
    await check(repo, "--install", "git");
    const seat = path.join(tempDir("seat"), "dev-0");
    repo.git("worktree", "add", "-q", "--detach", seat);
    const own = userGit(seat, "rev-parse", "--git-dir");
    repo.write({ "x.txt": `${TOKEN}\n` }, seat);
    gitRuns(repo, ["add", "-A"], {}, seat);
    expect(gitRuns(repo, ["commit", "-m", "x"], {}, seat).code).toBe(1);
    writeFileSync(path.join(own, "skep.json"), "{}");
    expect(gitRuns(repo, ["commit", "-m", "x"], {}, seat).code).toBe(0);
  });

  test("a push brings all its commits, of a new branch those no remote has; deleting brings none", async () => {
    const repo = makeRepo();
    repo.commit({ "old.txt": `${TOKEN}\n` });
    const bare = path.join(tempDir("remote"), "r.git");
    userGit(repo.root, "clone", "-q", "--bare", repo.root, bare);
    repo.git("remote", "add", "origin", bare);
    repo.git("fetch", "-q");
    await check(repo, "--install", "git");
    repo.git("checkout", "-q", "-b", "topic");
    expect(gitRuns(repo, ["push", "-q", "origin", "topic"])).toEqual({ code: 0, said: "" });
    repo.git("commit", "-q", "--allow-empty", "-m", "more");
    repo.write({ "y.txt": `${TOKEN.replace("vjL", "vjM")}\n` });
    repo.git("add", "-A");
    repo.git("commit", "-q", "--no-verify", "-m", "y");
    repo.git("rm", "-q", "y.txt");
    repo.git("commit", "-q", "-m", "without");
    const stopped = gitRuns(repo, ["push", "origin", "topic"]);
    expect(stopped).toMatchObject({ code: 1, said: expect.stringMatching(/^y.txt:1: [\s\S]*skep check stopped this push/) });
    expect(gitRuns(repo, ["push", "-q", "origin", "topic:other"]).said).toMatch(/^y.txt:1: /);
    expect(gitRuns(repo, ["push", "-q", "origin", ":topic"])).toEqual({ code: 0, said: "" });
  });

  test("hooks that were there are called first, with what git gives them, and decide too", async () => {
    const repo = makeRepo();
    const bare = path.join(tempDir("remote"), "r.git");
    userGit(repo.root, "clone", "-q", "--bare", repo.root, bare);
    hook(repo, "pre-commit", "#!/bin/sh\n[ ! -e veto ] || { echo vetoed; exit 7; }\n");
    const seen = path.join(tempDir("seen"), "push");
    hook(repo, "pre-push", `#!/bin/sh\n{ echo "$1 $2"; cat; } > '${seen}'\n`);
    await check(repo, "--install", "git");
    writeFileSync(path.join(repo.root, "veto"), "");
    expect(gitRuns(repo, ["commit", "--allow-empty", "-m", "x"])).toEqual({ code: 1, said: "vetoed\n" });
    const sha = repo.git("rev-parse", "HEAD");
    expect(gitRuns(repo, ["push", "-q", bare, "main:copy"]).code).toBe(0);
    expect(readFileSync(seen, "utf8")).toBe(`${bare} ${bare}\nrefs/heads/main ${sha} refs/heads/copy ${"0".repeat(40)}\n`);
  });
});

const THEIRS = "#!/bin/sh\r\necho \u00fc\n# no line break at the end";
const OTHERS = '{\n  "hooks": {\n    "PreToolUse": [\n      {"matcher": "Edit", "hooks": []}\n    ]\n  }\n}\n';

describe("[cli.hooks.reversible] what is installed is taken out byte for byte", () => {
  test.each([
    ["no hooks at all", () => undefined],
    [
      "hooks of one's own",
      (repo: TestRepo) => {
        hook(repo, "pre-commit", THEIRS);
        chmodSync(hook(repo, "pre-push", "not run\n"), 0o640);
      },
    ],
    ["a hook that is a link", (repo: TestRepo) => symlinkSync("../../README.md", path.join(repo.commonDir, "hooks", "pre-commit"))],
    ["a folder that is not there", (repo: TestRepo) => repo.git("config", "core.hooksPath", "their hooks")],
    [
      "a folder in the checkout",
      (repo: TestRepo) => {
        repo.git("config", "core.hooksPath", ".githooks");
        hook(repo, "pre-commit", THEIRS, path.join(repo.root, ".githooks"));
      },
    ],
  ])("git: %s", async (_name, prepare) => {
    const repo = makeRepo();
    mkdirSync(path.join(repo.commonDir, "hooks"), { recursive: true });
    prepare(repo);
    const before = tree(repo);
    expect((await check(repo, "--install", "git", "--dry-run")).stdout).toMatch(/^(create|rename) .*pre-commit/);
    expect(tree(repo)).toEqual(before);
    await check(repo, "--install", "git");
    const installed = tree(repo);
    expect(installed).not.toEqual(before);
    expect((await check(repo, "--install", "git")).stderr).toBe("Nothing to install.\n");
    expect(tree(repo)).toEqual(installed);
    expect((await check(repo, "--remove", "git")).code).toBe(0);
    expect(tree(repo)).toEqual(before);
    expect((await check(repo, "--remove", "git")).stderr).toBe("Nothing to remove.\n");
  });

  test("git: hooks that git looks for elsewhere since, as husky sets it", async () => {
    const repo = makeRepo();
    hook(repo, "pre-commit", THEIRS);
    const before = tree(repo);
    await check(repo, "--install", "git");
    repo.git("config", "core.hooksPath", ".husky/_");
    await check(repo, "--remove", "git");
    expect(tree(repo)).toEqual(before);

    repo.git("config", "--unset", "core.hooksPath");
    await check(repo, "--install", "git");
    const home = tempDir("home");
    writeFileSync(path.join(home, ".gitconfig"), `[core]\n\thooksPath = ${home}/all\n`);
    const removed = await skep(["check", "--remove", "git"], { cwd: repo.root, env: { HOME: home } });
    expect(removed).toMatchObject({ code: 0, stderr: "Removed.\n" });
    expect(tree(repo)).toEqual(before);
  });

  test.each([["claude", ".claude/settings.json"] as const, ["codex", ".codex/hooks.json"] as const])(
    "%s: settings that were not there, and those of others",
    async (where, file) => {
      const repo = makeRepo();
      const before = tree(repo);
      await check(repo, "--install", where);
      expect(JSON.parse(readFileSync(path.join(repo.root, file), "utf8"))).toEqual({
        hooks: {
          PreToolUse: [
            { matcher: "Bash", hooks: [{ type: "command", command: expect.stringMatching(` check --hook ${where}$`), timeout: 60 }] },
          ],
        },
      });
      await check(repo, "--remove", where);
      expect(tree(repo)).toEqual(before);
      repo.write({ [file]: OTHERS });
      const mine = tree(repo);
      expect((await check(repo, "--install", where)).stdout).toMatch(/^change .*\n- .*"Edit".*\n\+ .*"Edit".*,\n\+ .*"Bash"/);
      await check(repo, "--remove", where);
      expect(tree(repo)).toEqual(mine);
    },
  );
});

describe("[cli.hooks.refused] what cannot be taken back exactly, or would reach further, is refused with what to do by hand", () => {
  test("a hook that knows its name, one kept before, a folder of all repositories, settings that are none; an agent", async () => {
    const repo = makeRepo();
    const husky = hook(repo, "pre-commit", '#!/usr/bin/env sh\n. "$(dirname "$0")/h"\n');
    const refused = async (code: string, where = "git"): Promise<void> => {
      const before = tree(repo);
      const ended = await check(repo, "--install", where);
      expect(ended).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(`^${code}: .*Next: `) });
      expect(tree(repo)).toEqual(before);
    };
    await refused("HOOK_NAMED");
    writeFileSync(husky, "#!/bin/sh\n");
    hook(repo, "pre-commit.before-skep", "#!/bin/sh\n");
    await refused("HOOK_KEPT");
    for (const text of ['{"hooks": [', '{"hooks": []}', '{"hooks": {"PreToolUse": {}}}', "[]"]) {
      repo.write({ ".claude/settings.json": text });
      await refused("SETTINGS_UNREADABLE", "claude");
    }
    const settings = path.join(repo.root, ".claude/settings.json");
    writeFileSync(settings, Buffer.from('{"name": "M\u00fcller"}', "latin1"));
    await refused("SETTINGS_UNREADABLE", "claude");
    rmSync(settings);
    symlinkSync(path.join(tempDir("outside"), "settings.json"), settings);
    await refused("SETTINGS_OUTSIDE", "claude");
    repo.git("config", "core.hooksPath", "/dev/null");
    await refused("HOOKS_OFF");
    repo.git("config", "--unset", "core.hooksPath");
    writeFileSync(path.join(repo.root, ".gitconfig"), `[core]\n\thooksPath = ${repo.root}/all\n`);
    const shared = await skep(["check", "--install", "git"], { cwd: repo.root, env: { HOME: repo.root } });
    expect(shared).toMatchObject({ code: 1, stderr: expect.stringMatching(/^HOOKS_SHARED: /) });
    const agent = await skep(["check", "--remove", "git"], { cwd: repo.root, env: { [SESSION_MARK]: "s-1/x1" } });
    expect(agent).toMatchObject({ code: 1, stderr: expect.stringMatching(/^SESSION_PROCESS: /) });
  });
});

describe("[cli.hooks.agents] Claude Code and Codex are stopped with 2 and the findings on stderr", () => {
  test("at git commit and git push alone, with what the line will commit", async () => {
    const repo = makeRepo();
    repo.write({ "x.txt": `${TOKEN}\n` });
    const call = (command: string, env: Record<string, string> = {}, cwd = repo.root) =>
      skep(["check", "--hook", "claude"], {
        cwd: tempDir("elsewhere"),
        env,
        input: JSON.stringify({ tool_name: "Bash", tool_input: { command }, cwd }),
      });
    expect(await call("git status")).toEqual({ code: 0, stdout: "", stderr: "" });
    expect((await call('git commit -m "x"')).code).toBe(0);
    const stopped = await call('git add -A && git commit -m "x"');
    expect(stopped).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(/^x.txt:1: .*\nskep check stopped this/) });
    repo.git("add", "-A");
    expect((await call('git commit -m "x"')).code).toBe(2);
    expect((await call('git commit -m "x"', { [SESSION_MARK]: "s-1/x1" })).code).toBe(0);
    expect((await call('git commit -m "x"', {}, tempDir("nowhere"))).code).toBe(0);
    repo.git("commit", "-q", "-m", "x");
    expect((await call("git push")).code).toBe(2);
    expect(await skep(["check", "--hook", "codex"], { cwd: repo.root, input: "{" })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^HOOK_INPUT/),
    });
  });
});

test("[cli.hooks.program] a hook starts the program that installed it, by its path, or npx where that is a cache", () => {
  expect(hookProgram(["/usr/bin/node", "/opt/skep/dist/main.mjs"])).toEqual(["/usr/bin/node", "/opt/skep/dist/main.mjs"]);
  expect(hookProgram(["/usr/bin/node", "/home/u/.npm/_npx/1a2b/node_modules/skep/dist/main.mjs"])).toEqual(["npx", "-y", "skep"]);
});
