import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { land } from "../../src/git/land/index.ts";
import type { LandOrder } from "../../src/git/land/strategy.ts";
import { checkoutState } from "../support/repo.ts";
import { type Kit, makeKit, SWARM } from "./kit.ts";

async function mergedSwarm(
  files: Record<string, string> = { "src/b.txt": "landed\n", "new/file.txt": "n\n" },
): Promise<Kit & { tip: string }> {
  const kit = await makeKit();
  const dev = await kit.seat("dev-0");
  await dev.open("t1", 1, kit.base);
  dev.write(files);
  const merged = await dev.merge("t1", 1, await dev.sha("t1", 1, kit.base), kit.base);
  if (merged.kind !== "merged") throw new Error(merged.kind);
  return { ...kit, tip: merged.sha };
}
const to = (tip: string, target: string | null = "main"): LandOrder => ({
  ...{ swarm: SWARM, target, tip },
  ...{ strategy: "fast-forward", title: "Land it", tasks: [], remote: null },
});

describe("[git.land] the user's branch is fast-forwarded", () => {
  test("with its checkout, and a repeat is no change", async () => {
    const { repo, base, tip } = await mergedSwarm();
    expect(await land(repo, to(tip))).toEqual({
      strategy: "fast-forward",
      branch: "main",
      sha: tip,
      files: ["new/file.txt", "src/b.txt"],
      repeated: false,
      unfiltered: [],
      back: `git reset --keep refs/skep/backup/${SWARM}/before-landing/${base.slice(0, 16)}`,
      url: null,
    });
    expect(repo.git("status", "--porcelain", "--branch")).toBe("## main");
    expect(readFileSync(path.join(repo.root, "src/b.txt"), "utf8")).toBe("landed\n");
    expect(await land(repo, to(tip))).toMatchObject({ repeated: true, sha: tip });
  });

  test("around the user's own uncommitted, staged and new files", async () => {
    const { repo, tip } = await mergedSwarm();
    repo.write({ "src/a.txt": "dirty\n", "staged.txt": "s\n", "mine.txt": "m\n" });
    repo.git("add", "staged.txt");
    const status = repo.git("status", "--porcelain");
    await land(repo, to(tip));
    expect(repo.git("status", "--porcelain")).toBe(status);
    expect(readFileSync(path.join(repo.root, "src/a.txt"), "utf8")).toBe("dirty\n");
  });

  test("without a checkout when another branch is checked out", async () => {
    const { repo, tip } = await mergedSwarm();
    repo.git("checkout", "-q", "-b", "other");
    const before = { ...checkoutState(repo), ".git/refs": "" };
    await land(repo, to(tip));
    expect(repo.git("rev-parse", "main")).toBe(tip);
    expect({ ...checkoutState(repo), ".git/refs": "" }).toEqual(before);
  });

  test("only to the tip that was given, whatever the integration branch holds by now", async () => {
    const { repo, tip } = await mergedSwarm();
    repo.git("checkout", "-q", `skep/${SWARM}`);
    repo.commit({ "sly.txt": "s\n" });
    repo.git("checkout", "-q", "main");
    expect(await land(repo, to(tip))).toMatchObject({ sha: tip });
    expect(repo.git("rev-parse", "main")).toBe(tip);
  });
});

describe("[git.land.refused] what is in the way is named, and nothing changes", () => {
  test.each([
    ["a changed file", { "src/b.txt": "mine\n" }, '"src/b.txt"'],
    ["a new file of the same name", { "new/file.txt": "mine\n" }, '"new/file.txt"'],
    ["a file where a folder is to be", { new: "a file\n" }, '"new"'],
  ])("%s", async (_name, files, named) => {
    const { repo, tip } = await mergedSwarm();
    repo.write(files);
    const before = checkoutState(repo);
    await expect(land(repo, to(tip))).rejects.toMatchObject({
      code: "LAND_DIRTY",
      message: expect.stringContaining(named),
      next: expect.stringContaining("git stash"),
    });
    expect(checkoutState(repo)).toEqual(before);
  });

  test("a staged change", async () => {
    const { repo, tip } = await mergedSwarm();
    repo.write({ "src/b.txt": "mine\n" });
    repo.git("add", "-A");
    await expect(land(repo, to(tip))).rejects.toMatchObject({ code: "LAND_DIRTY" });
  });

  test("an unfinished merge of the user's", async () => {
    const { repo, tip } = await mergedSwarm();
    repo.git("checkout", "-q", "-b", "side");
    repo.commit({ "src/a.txt": "side\n" });
    repo.git("checkout", "-q", "main");
    repo.git("merge", "-q", "--no-ff", "--no-commit", "side");
    const before = checkoutState(repo);
    await expect(land(repo, to(tip))).rejects.toMatchObject({ code: "LAND_DIRTY" });
    expect(checkoutState(repo)).toEqual(before);
  });

  test("commits of the user's", async () => {
    const { repo, tip } = await mergedSwarm();
    repo.commit({ "README.md": "mine\n" });
    const before = checkoutState(repo);
    await expect(land(repo, to(tip))).rejects.toMatchObject({
      code: "LAND_DIVERGED",
      next: expect.stringContaining(`git merge skep/${SWARM}`),
    });
    expect(checkoutState(repo)).toEqual(before);
  });

  test("no branch to land on", async () => {
    const { repo, tip } = await mergedSwarm();
    await expect(land(repo, to(tip, null))).rejects.toMatchObject({ code: "LAND_DETACHED" });
    await expect(land(repo, to(tip, "gone"))).rejects.toMatchObject({ code: "LAND_NO_BRANCH" });
  });
});

test("[git.land.filters] landed files that the user's filters would have rewritten are named", async () => {
  const { repo, tip } = await mergedSwarm({ "big.bin": "pointer\n", ".gitattributes": "*.bin filter=lfs\n", "x.txt": "x\n" });
  repo.git("config", "filter.lfs.smudge", "false");
  repo.git("config", "filter.lfs.required", "true");
  expect(await land(repo, to(tip))).toMatchObject({ unfiltered: ["big.bin"] });
  expect(readFileSync(path.join(repo.root, "big.bin"), "utf8")).toBe("pointer\n");
});
