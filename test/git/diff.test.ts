import { readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { addedLines, addedLinesInRange } from "../../src/git/added-lines.ts";
import { isGenerated, readDiff, toPages } from "../../src/git/diff.ts";
import type { FilePatch } from "../../src/git/patch.ts";
import { makeRepo, TEMPLATE } from "../support/repo.ts";

const patch = (over: Partial<FilePatch>): FilePatch => ({
  path: "a.txt",
  from: null,
  status: "modified",
  binary: false,
  hunks: [],
  additions: 0,
  deletions: 0,
  ...over,
});

describe("[git.diff] a submission is a table of files and pages of hunks", () => {
  test("with every kind of change", async () => {
    const repo = makeRepo();
    repo.commit({ "old.txt": "same\n".repeat(30), "gone.txt": "g\n", "file.txt": "f\n" });
    const base = repo.git("rev-parse", "HEAD");
    repo.git("mv", "old.txt", "moved.txt");
    repo.git("rm", "-q", "gone.txt");
    rmSync(path.join(repo.root, "file.txt"));
    symlinkSync("README.md", path.join(repo.root, "file.txt"));
    expect(readlinkSync(path.join(repo.root, "file.txt"))).toBe("README.md");
    writeFileSync(path.join(repo.root, "z.bin"), Buffer.from([0, 255, 0]));
    const sha = repo.commit({ "src/a.txt": TEMPLATE["src/a.txt"].replace("line 3\n", "LINE 3\n"), "package-lock.json": '{\n"x": 1\n}\n' });
    const { files, pages } = await readDiff(repo, base, sha);
    expect(
      files.map(({ path: name, from, status, additions, deletions, binary, generated }) => [
        name,
        from,
        status,
        additions,
        deletions,
        binary,
        generated,
      ]),
    ).toEqual([
      ["file.txt", null, "type_changed", 1, 1, false, false],
      ["gone.txt", null, "deleted", 0, 1, false, false],
      ["moved.txt", "old.txt", "renamed", 0, 0, false, false],
      ["package-lock.json", null, "added", 3, 0, false, true],
      ["src/a.txt", null, "modified", 1, 1, false, false],
      ["z.bin", null, "added", 0, 0, true, false],
    ]);
    expect(pages).toHaveLength(1);
    const [page = ""] = pages;
    expect(page).toContain("=== src/a.txt (modified, +1 -1)\n@@ -1,8 +1,8 @@\n line 1\n line 2\n-line 3\n+LINE 3\n line 4\n");
    expect(page).toContain("=== moved.txt (renamed from old.txt, +0 -0)\n");
    expect(page).toContain("=== z.bin (added, binary)\n");
    expect(page).not.toContain('"x": 1');
    expect((await readDiff(repo, base, sha, { only: new Set(["gone.txt"]) })).pages).toEqual([
      "=== gone.txt (deleted, +0 -1)\n@@ -1,1 +0,0 @@\n-g\n",
    ]);
  });

  test("also of text that its attributes call binary", async () => {
    const repo = makeRepo();
    const attributes = "*.ts -diff\n*.evil binary\n";
    repo.commit({ "old.ts": "old\n" });
    const base = repo.git("rev-parse", "HEAD");
    writeFileSync(path.join(repo.root, "real.evil"), Buffer.from([1, 0, 2]));
    const sha = repo.commit({ ".gitattributes": attributes, "old.ts": "new\n", 'q"*.evil': "hidden\n" });
    const { files, pages } = await readDiff(repo, base, sha);
    expect(files.map((file) => [file.path, file.additions, file.binary])).toEqual([
      [".gitattributes", 2, false],
      ["old.ts", 1, false],
      ['q"*.evil', 1, false],
      ["real.evil", 0, true],
    ]);
    expect(pages.join("")).toContain("-old\n+new\n");
  });

  test("of nothing is empty", async () => {
    const repo = makeRepo();
    expect(await readDiff(repo, repo.base, repo.base)).toEqual({ files: [], pages: [] });
  });
});

describe("[git.diff.pages] pages are bounded and end between hunks", () => {
  test("over many files, with the file's name on every page", async () => {
    const repo = makeRepo();
    const text = (word: string) => Array.from({ length: 400 }, (_, i) => (i % 20 === 0 ? `${word} ${i}` : `line ${i}`)).join("\n");
    const base = repo.commit(Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`f${i}.txt`, text("old")])));
    const sha = repo.commit(Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`f${i}.txt`, text("new")])));
    const { pages } = await readDiff(repo, base, sha, { pageBytes: 4_000 });
    expect(pages.length).toBeGreaterThan(3);
    for (const page of pages) {
      expect(Buffer.byteLength(page)).toBeLessThanOrEqual(4_000);
      expect(page).toMatch(/^=== f\d\.txt \((continued, )?modified/);
    }
    expect(pages.join("").match(/^\+new \d+$/gm)).toHaveLength(6 * 20);
  });

  test("a hunk larger than a page becomes several with right numbers, a line larger than that is cut and says so", () => {
    const lines = [...Array.from({ length: 100 }, (_, i) => `+new ${i} ${"x".repeat(30)}`), ` ${"y".repeat(10_000)}`, "-last"];
    const pages = toPages([patch({ hunks: [{ oldStart: 5, newStart: 5, context: "f()", lines }] })], 2_000);
    for (const page of pages) expect(Buffer.byteLength(page)).toBeLessThanOrEqual(2_000);
    let [old, now] = [5, 5];
    for (const [, a, b, c, d] of pages.join("").matchAll(/^@@ -(\d+),(\d+) \+(\d+),(\d+) @@ f\(\)$/gm)) {
      expect([Number(a), Number(c)]).toEqual([old, now]);
      [old, now] = [old + Number(b), now + Number(d)];
    }
    expect([old, now]).toEqual([7, 106]);
    expect(pages.join("")).toMatch(/^ y+… \[line of 10001 bytes cut\]$/m);
  });

  test("a name that could pass for something else is quoted", () => {
    expect(toPages([patch({ path: "a\n=== b.txt (added, +1 -0)" })], 2_000)).toEqual([
      '=== "a\\n=== b.txt (added, +1 -0)" (modified, +0 -0)\n',
    ]);
  });
});

test("[git.diff.generated] lock files and minified files are counted only", () => {
  const shown = ["src/lock.ts", "package.json", "docs/go.md", "map.js"];
  const hidden = [
    "package-lock.json",
    "a/yarn.lock",
    "Cargo.lock",
    "pnpm-lock.yaml",
    "go.sum",
    "uv.lock",
    "bun.lockb",
    "x.min.js",
    "a/x.js.map",
  ];
  expect(hidden.filter((name) => !isGenerated(name))).toEqual([]);
  expect(shown.filter(isGenerated)).toEqual([]);
});

describe("[git.added] lines a change brings in", () => {
  test("have the path, number and text they have in the commit, hostile names and contents included", async () => {
    const repo = makeRepo();
    const name = 'q"\n`x`.txt';
    const text = "one\n+++ b/fake\n@@ -1 +1 @@\ndiff --git a/x b/x\n--- a/y\nlast without end";
    const sha = repo.commit({ [name]: text, "src/a.txt": TEMPLATE["src/a.txt"].replace("line 3\n", "line 3\nnew\n") });
    const added = await addedLines(repo.commonDir, repo.base, sha);
    expect(added.filter((line) => line.path === name).map((line) => line.text)).toEqual(text.split("\n"));
    expect(added.filter((line) => line.path === "src/a.txt")).toEqual([{ path: "src/a.txt", line: 4, text: "new", commit: sha }]);
  });

  test("of a range also those a later commit took out, and of a merge only its own", async () => {
    const repo = makeRepo();
    repo.git("checkout", "-q", "-b", "work");
    const bad = repo.commit({ "w.txt": "secret\n" });
    repo.commit({ "w.txt": "fine\n", "src/b.txt": "mine\n" });
    repo.git("checkout", "-q", "main");
    const tip = repo.commit({ "other.txt": "from the other side\n", "src/b.txt": "theirs\n" });
    repo.git("checkout", "-q", "work");
    expect(() => repo.git("merge", "-q", "main")).toThrow();
    repo.write({ "src/b.txt": "resolved\n" });
    const sha = repo.commit({});
    const added = await addedLinesInRange(repo.commonDir, tip, sha, await addedLines(repo.commonDir, tip, sha));
    expect([...new Set(added.map((line) => line.text))].sort()).toEqual(["fine", "mine", "resolved", "secret"]);
    expect(added.find((line) => line.text === "secret")).toMatchObject({ path: "w.txt", commit: bad, line: 1 });
  });
});
