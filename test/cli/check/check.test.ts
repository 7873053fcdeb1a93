/** `skep check` as a person starts it: the built program on real repositories. */
import { execFileSync } from "node:child_process";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { checkoutState, makeRepo, type TestRepo } from "../../support/repo.ts";
import { nowhere, skep } from "../support/skep.ts";
import { TOKEN } from "./token.ts";

const CONFIG = { checks: { forbidden: [{ pattern: "DO NOT MERGE", message: "a note to oneself", fix: "Finish it." }] } };

function ready(): TestRepo {
  const repo = makeRepo();
  repo.commit({ ".skep/config.yaml": JSON.stringify(CONFIG) });
  return repo;
}
const check = (repo: TestRepo, ...args: string[]) => skep(["check", ...args], { cwd: repo.root });

describe("[cli.check] the checks of a submission on what is staged, all that differs, or a range", () => {
  test("a finding per line with place and fix, exit code 1; index and checkout stay as they are", async () => {
    const repo = ready();
    repo.write({ 'src/a "b".ts': `one\nconst t = "${TOKEN}";\n`, "src/b.txt": "b\nDO NOT MERGE\n", "new.txt": "DO NOT MERGE\n" });
    repo.git("add", "src");
    repo.write({ "src/b.txt": "mended, not staged\n" });
    const before = checkoutState(repo);
    const { code, stdout } = await check(repo);
    expect(code).toBe(1);
    expect(stdout.split("\n").sort()).toEqual([
      "",
      '"src/a \\"b\\".ts":2: a line was added that holds a secret of the kind GITHUB_TOKEN (secrets). Fix: Read it from the environment and stage the file again; what only looks like a secret goes to checks.secrets.allow.',
      "src/b.txt:2: a note to oneself (forbidden-patterns). Fix: Finish it.",
    ]);
    expect(checkoutState(repo)).toEqual(before);
    const all = await check(repo, "--worktree", "--json");
    expect(JSON.parse(all.stdout)).toMatchObject({ version: 1, blocked: true });
    expect(
      JSON.parse(all.stdout)
        .findings.map(({ file }: { file: string }) => file)
        .sort(),
    ).toEqual(["new.txt", 'src/a "b".ts']);
    expect(checkoutState(repo)).toEqual(before);
  });

  test("what is clean ends with 0, what is not staged does not count, and what HEAD holds is nobody's fault", async () => {
    const repo = ready();
    repo.commit({ "old.txt": "DO NOT MERGE\n" });
    repo.write({ "x.txt": "DO NOT MERGE\n" });
    expect(await check(repo)).toMatchObject({
      code: 0,
      stdout: "",
      stderr: expect.stringMatching(/^Nothing is staged\. Next: .*--worktree/),
    });
    expect((await check(repo, "--worktree")).code).toBe(1);
    repo.write({ "y.txt": "clean\n" });
    repo.git("add", "y.txt");
    expect(await check(repo)).toMatchObject({ code: 0, stdout: "", stderr: expect.stringMatching(/^Nothing stands against it \(secrets/) });
    expect((await check(repo, "--range", "HEAD~1..HEAD")).stdout).toMatch(/^old.txt:1: a note to oneself/);
    expect(await check(repo, "--range", "HEAD..HEAD")).toMatchObject({ code: 0, stderr: "Nothing to check.\n" });
  });

  test("of a range every commit counts, of a merge only what the person wrote", async () => {
    const repo = ready();
    repo.git("checkout", "-q", "-b", "side");
    repo.commit({ "side.txt": "DO NOT MERGE\n", "both.txt": "side\n" });
    repo.git("checkout", "-q", "main");
    repo.commit({ "k.txt": `${TOKEN}\n`, "both.txt": "main\n" });
    repo.commit({ "k.txt": "gone\n" });
    expect((await check(repo, "--range", "HEAD~2..")).stdout).toMatch(/^k.txt:1: .* \(secrets\)/);
    expect(() => repo.git("merge", "-q", "side")).toThrow();
    expect(await check(repo)).toMatchObject({ code: 1, stderr: expect.stringMatching(/^UNMERGED: .*"both.txt"/) });
    repo.write({ "both.txt": "main and side\n" });
    repo.git("add", "-A");
    expect((await check(repo)).code).toBe(0);
  });

  test("in a repository without a commit, in a subfolder, in a linked worktree", async () => {
    const repo = ready();
    const linked = path.join(nowhere(), "linked");
    repo.git("worktree", "add", "-q", linked);
    execFileSync("git", ["-C", linked, "rm", "-q", "src/b.txt"]);
    repo.write({ "src/z.txt": "DO NOT MERGE\n" });
    repo.git("add", "-A");
    expect((await skep(["check"], { cwd: path.join(repo.root, "src") })).stdout).toMatch(/^src\/z.txt:1/);
    expect(await skep(["check"], { cwd: linked })).toMatchObject({ code: 0 });
    const empty = nowhere();
    execFileSync("git", ["init", "-q", empty]);
    expect((await skep(["check"], { cwd: empty })).code).toBe(0);
    repo.write({ "k.txt": `${TOKEN}\n` }, empty);
    execFileSync("git", ["-C", empty, "add", "k.txt"]);
    expect((await skep(["check"], { cwd: empty })).stdout).toMatch(/^k.txt:1: /);
  });

  test("with files named, changes outside of them are findings; commands run when asked for", async () => {
    const repo = ready();
    const command = { name: "fails", argv: [process.execPath, "-e", "process.exit(3)"] };
    repo.commit({ ".skep/config.yaml": JSON.stringify({ checks: { commands: [command] } }) });
    repo.write({ "src/z.txt": "z\n", "docs/z.md": "z\n" });
    repo.git("add", "-A");
    expect((await check(repo, "--files", "src/", "docs/")).code).toBe(0);
    expect((await check(repo, "--files", "src/")).stdout).toMatch(
      /^docs\/z.md: .* \(scope\)\. Fix: Take the change to it back, or name it/,
    );
    expect((await check(repo, "--commands")).stdout).toMatch(/^fails: .* failed with exit code 3.* \(commands\)/);
  });
});

test.each([
  [["--staged", "--worktree"]],
  [["--range", "HEAD"]],
  [["--range", "nowhere..HEAD"]],
  [["--hook", "post-merge"]],
  [["--install", "cursor"]],
  [["--dry-run"]],
])("[cli.check.usage] %j ends with 2 and says how", async (args) => {
  const { code, stdout, stderr } = await check(makeRepo(), ...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^USAGE: .*\. Next: skep check .*\.\n$/);
});
