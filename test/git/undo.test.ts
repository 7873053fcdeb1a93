import { renameSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { listBackups } from "../../src/git/backup.ts";
import { readTip } from "../../src/git/swarm-branch.ts";
import { type Merge, mergesTouching, type UndoOrder, undoMerges } from "../../src/git/undo.ts";
import { id } from "../support/ids.ts";
import { checkoutState } from "../support/repo.ts";
import { type Kit, makeKit, type Seat, SWARM } from "./kit.ts";

const PERSON = { name: "Ursula User", email: "ursula@example.test" };

/** Merges one task whose files are written, or whatever `change` does in its worktree. */
async function mergeOne({ repo }: Kit, dev: Seat, task: string, change: () => void): Promise<Merge> {
  const tip = (await readTip(repo, SWARM)) ?? "";
  await dev.open(task, 1, tip);
  change();
  const merged = await dev.merge(task, 1, await dev.sha(task, 1, tip), tip);
  if (merged.kind !== "merged") throw new Error(merged.kind);
  return { task: id.task(task), sha: merged.sha, title: `Title of ${task}` };
}

async function order({ repo }: Kit, merges: readonly Merge[]): Promise<UndoOrder> {
  const tip = (await readTip(repo, SWARM)) ?? "";
  return { swarm: SWARM, task: merges.at(-1)?.task ?? id.task("none"), tip, merges, why: "It was\nwrong", person: PERSON };
}

describe("[git.undo] merged commits are taken out by a revert commit each, in one step", () => {
  test("a middle one and what came after it, with renames, while later work stays", async () => {
    const kit = await makeKit();
    const { repo } = kit;
    const dev = await kit.seat("dev-0");
    const before = checkoutState(repo);
    const move = (from: string, to: string) => renameSync(path.join(dev.worktree.path, from), path.join(dev.worktree.path, to));
    await mergeOne(kit, dev, "t1", () => dev.write({ "one.txt": "1\n" }));
    const t2 = await mergeOne(kit, dev, "t2", () => {
      move("src/a.txt", "src/moved.txt");
      dev.write({ "two.txt": "2\n" });
    });
    const t3 = await mergeOne(kit, dev, "t3", () => dev.write({ "two.txt": "2\nand 3\n", 'ünï "q"\nx.txt': "odd\n" }));
    const t4 = await mergeOne(kit, dev, "t4", () => dev.write({ "four.txt": "4\n" }));
    const wish = await order(kit, [t3, t2]);
    const done = await undoMerges(repo, wish);
    if (done.kind !== "undone") throw new Error(JSON.stringify(done));
    const branch = `skep/${SWARM}`;
    expect(done.reverts.map(({ task }) => task)).toEqual(["t3", "t2"]);
    expect(repo.git("ls-tree", "-r", "--name-only", branch)).toBe(".gitignore\nREADME.md\nfour.txt\none.txt\nsrc/a.txt\nsrc/b.txt");
    expect(repo.git("log", "--format=%s|%an", "-3", branch)).toBe(
      'Undo "Title of t2"|Ursula User\nUndo "Title of t3"|Ursula User\nTitle of t4|dev-0',
    );
    expect(repo.git("log", "-1", "--format=%(trailers:only)%b", branch)).toContain(
      `Skep-Swarm: ${SWARM}\nSkep-Undo: t2\nSkep-Reverts: ${t2.sha}\n`,
    );
    expect(repo.git("log", "-1", "--format=%b", branch)).toContain("Why: It was wrong");
    expect(await listBackups(repo, SWARM)).toContainEqual({ ref: done.backup, sha: t4.sha });
    expect(checkoutState(repo)).toEqual(before);
    // Done again it is found, and the work can be merged once more.
    expect(await undoMerges(repo, wish)).toEqual(done);
    const again = await dev.merge(
      "t2",
      1,
      repo.git("log", "-1", "--format=%(trailers:key=Skep-Commit,valueonly)", t2.sha).trim(),
      done.reverts[1]?.sha ?? "",
    );
    expect(again.kind).toBe("merged");
    expect(repo.git("show", `${branch}:src/moved.txt`)).toContain("line 1");
    expect(repo.git("fsck", "--strict", "--no-dangling")).toBe("");
  });

  test("a change of a file that a later task renamed goes with it", async () => {
    const kit = await makeKit();
    const { repo } = kit;
    const dev = await kit.seat("dev-0");
    const lines = repo.git("show", "HEAD:src/a.txt").split("\n");
    const t1 = await mergeOne(kit, dev, "t1", () => dev.write({ "src/a.txt": `${["first", ...lines].join("\n")}\n` }));
    await mergeOne(kit, dev, "t2", () => renameSync(path.join(dev.worktree.path, "src/a.txt"), path.join(dev.worktree.path, "src/z.txt")));
    expect((await undoMerges(repo, await order(kit, [t1]))).kind).toBe("undone");
    expect(repo.git("show", `skep/${SWARM}:src/z.txt`)).toBe(lines.join("\n"));
  });
});

test("[git.undo.conflict] what later work stands on stays, with the files and whose work it is", async () => {
  const kit = await makeKit();
  const { repo } = kit;
  const dev = await kit.seat("dev-0");
  const t1 = await mergeOne(kit, dev, "t1", () => dev.write({ "src/b.txt": "one\n" }));
  const t2 = await mergeOne(kit, dev, "t2", () => dev.write({ "src/b.txt": "two\n" }));
  const t3 = await mergeOne(kit, dev, "t3", () => dev.write({ "other.txt": "3\n" }));
  const refs = repo.git("for-each-ref");
  expect(await undoMerges(repo, await order(kit, [t1]))).toEqual({ kind: "conflict", task: "t1", sha: t1.sha, paths: ["src/b.txt"] });
  expect(repo.git("for-each-ref")).toBe(refs);
  expect(await mergesTouching(repo, ["src/b.txt"], [t2, t3])).toEqual(["t2"]);
});

test("[git.undo.foreign] a branch that does not stand where skep left it is not touched", async () => {
  const kit = await makeKit();
  const { repo } = kit;
  const dev = await kit.seat("dev-0");
  const t1 = await mergeOne(kit, dev, "t1", () => dev.write({ "src/b.txt": "one\n" }));
  const wish = await order(kit, [t1]);
  const strange = repo.git("commit-tree", "-p", t1.sha, "-m", "strange", `${t1.sha}^{tree}`);
  repo.git("update-ref", `refs/heads/skep/${SWARM}`, strange);
  expect(await undoMerges(repo, wish)).toEqual({ kind: "foreign", tip: strange });
  expect(await readTip(repo, SWARM)).toBe(strange);
});
