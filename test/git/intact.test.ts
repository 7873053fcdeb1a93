/** What goes in comes out: all an agent left, and what skep has no business with, from the submission to the user's branch. */
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { land } from "../../src/git/land/index.ts";
import { makeRepo, type TestRepo, userGit } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";
import { type Kit, makeKit, type Seat, SWARM } from "./kit.ts";

const LANDING = { strategy: "fast-forward", title: "Land it", tasks: [], remote: null } as const;

async function merged(seat: Seat, task: string, sha: string, tip: string): Promise<string> {
  const done = await seat.merge(task, 1, sha, tip);
  if (done.kind !== "merged") throw new Error(JSON.stringify(done));
  return done.sha;
}

/** Work of somebody else that was merged meanwhile, so that the next merge is a real one. */
async function mergedBefore({ base, seat }: Kit, from = base): Promise<string> {
  const other = await seat("dev-9");
  await other.open("t9", 1, from);
  other.write({ "other.txt": "o\n" });
  return merged(other, "t9", await other.sha("t9", 1, from), from);
}

test("[git.intact.all] own commits, staged, dirty and renamed files are in the one submitted commit and in the merge", async () => {
  const kit = await makeKit();
  const { repo, base } = kit;
  const dev = await kit.seat("dev-0");
  await dev.open("t1", 1, base);
  const inside = (name: string): string => path.join(dev.worktree.path, name);
  const own = (...args: string[]): string => userGit(dev.worktree.path, "-c", "user.name=x", "-c", "user.email=x@x", ...args);
  dev.write({ "one.txt": "1\n" });
  own("add", "-A");
  own("commit", "-q", "-m", "first of mine");
  own("mv", "src/a.txt", "src/renamed by git.txt");
  own("commit", "-q", "-m", "second of mine");
  dev.write({ "staged.txt": "s\n", "one.txt": "1, then dirty\n" });
  own("add", "staged.txt");
  renameSync(inside("src/b.txt"), inside("moved.txt"));
  dev.write({ "dirty.txt": "d\n" });
  const sha = await dev.sha("t1", 1, base);
  const changes = (from: string, to: string): string[] => repo.git("diff", "--name-status", "-M", from, to).split("\n");
  const expected = ["A\tdirty.txt", "R100\tsrc/b.txt\tmoved.txt", "A\tone.txt", "R100\tsrc/a.txt\tsrc/renamed by git.txt", "A\tstaged.txt"];
  expect(changes(base, sha)).toEqual(expected);
  const tip = await mergedBefore(kit);
  const merge = await merged(dev, "t1", sha, tip);
  expect(changes(tip, merge)).toEqual(expected);
  expect(repo.git("rev-list", "--parents", "-1", merge)).toBe(`${merge} ${tip}`);
  expect([sha, merge].map((at) => repo.git("show", `${at}:one.txt`))).toEqual(["1, then dirty", "1, then dirty"]);
});

const pointer = (n: number): string => `version https://git-lfs.github.com/spec/v1\noid sha256:${String(n).repeat(64)}\nsize ${n}\n`;
const REAL = "the large file itself\n";

/** A filter like that of LFS: the large file is the user's, the pointer is git's. It leaves a mark whenever it runs. */
function addFilter(repo: TestRepo): string {
  const folder = tempDir("filter");
  const [mark, stored] = [path.join(folder, "mark"), path.join(folder, "pointer")];
  writeFileSync(stored, pointer(1));
  for (const [name, line] of [
    ["clean", `in=$(cat); case "$in" in version*) printf '%s\\n' "$in";; *) cat '${stored}';; esac`],
    ["smudge", "cat >/dev/null; echo smudged"],
  ] as const) {
    const program = path.join(folder, name);
    writeFileSync(program, `#!/bin/sh\necho ${name} >> '${mark}'\n${line}\n`);
    chmodSync(program, 0o755);
    repo.git("config", `filter.lfs.${name}`, program);
  }
  repo.git("config", "filter.lfs.required", "true");
  return mark;
}

test("[git.intact] submodules, LFS pointers and odd names come through submit, merge and landing, and no filter runs", async () => {
  const kit = await makeKit();
  const { repo } = kit;
  const inner = makeRepo();
  const mark = addFilter(repo);
  repo.write({ ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n", "big.bin": REAL });
  // Long ago, so that git trusts the index and has no reason to read the file again.
  utimesSync(path.join(repo.root, "big.bin"), 1_000_000_000, 1_000_000_000);
  repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.root, "sub");
  const base = repo.commit({ 'third party/ü "q"\n\'.txt': "odd\n" });
  repo.git("update-ref", `refs/heads/skep/${SWARM}`, base);
  expect(repo.git("show", `${base}:big.bin`)).toBe(pointer(1).trimEnd());
  expect(readFileSync(mark, "utf8")).toContain("clean");
  rmSync(mark);

  const dev = await kit.seat("dev-0");
  await dev.open("t1", 1, base);
  expect(readFileSync(path.join(dev.worktree.path, "big.bin"), "utf8")).toBe(pointer(1));
  const odd = [" sp ace ", "new\nline.bin", '"quoted".bin', "'single'.txt", "ünï☃/日本.txt", "tab\t.txt", "back\\slash"];
  dev.write(Object.fromEntries([...odd, "new.bin"].map((name) => [name, pointer(2)])));
  const sha = await dev.sha("t1", 1, base);
  const merge = await merged(dev, "t1", sha, await mergedBefore(kit, base));
  const landed = await land(repo, { ...LANDING, swarm: SWARM, target: "main", tip: merge });

  expect(existsSync(mark)).toBe(false);
  const bin = ["new\nline.bin", '"quoted".bin', "new.bin"];
  expect([...landed.unfiltered].sort()).toEqual([...bin].sort());
  expect(repo.git("rev-parse", "main")).toBe(merge);
  const entries = (at: string): string[] => repo.git("ls-tree", "-r", "-z", at).split("\0").filter(Boolean).sort();
  const blob = repo.git("rev-parse", `${sha}:new.bin`);
  const added = [...odd, "new.bin"].map((name) => `100644 blob ${blob}\t${name}`);
  expect(entries(sha)).toEqual([...entries(base), ...added].sort());
  const other = `100644 blob ${repo.git("rev-parse", `${merge}:other.txt`)}\tother.txt`;
  expect(entries(merge)).toEqual([...entries(sha), other].sort());
  expect(entries(merge)).toContain(`160000 commit ${inner.base}\tsub`);
  const landedText = (name: string): string => readFileSync(path.join(repo.root, name), "utf8");
  for (const name of [...odd, "new.bin"]) expect(landedText(name), name).toBe(pointer(2));
  expect(landedText("big.bin")).toBe(REAL);
  expect(landedText("sub/src/b.txt")).toBe("b\n");
  expect(userGit(path.join(repo.root, "sub"), "rev-parse", "HEAD")).toBe(inner.base);
  expect(repo.git("submodule", "status")).toMatch(new RegExp(`^ ${inner.base} sub`));
  expect(repo.git("status", "--porcelain")).toBe("");
  expect(repo.git("fsck", "--full", "--strict", "--no-dangling")).toBe("");
});
