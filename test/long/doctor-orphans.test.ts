/** `skep doctor` and worktrees of swarms that are gone. */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Look } from "../../src/cli/doctor/check.ts";
import { worktreesOf } from "../../src/engine/worktree-places.ts";
import { skep } from "../cli/support/skep.ts";
import { makeRepo, type TestRepo } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";
import { endGrounds, makeGround, NOBODY } from "./residue/ground.ts";

afterEach(endGrounds);

async function doctor(repo: TestRepo, ...args: string[]) {
  const { stdout } = await skep(["doctor", "--json", ...args], { cwd: repo.root });
  const { looks, mended = [] } = JSON.parse(stdout) as { looks: Look[]; mended?: Look[] };
  return { of: (name: string) => looks.filter(({ what }) => what === name), mended: mended.map(({ found }) => found) };
}

const settle = (repo: TestRepo, root: string): string => {
  repo.commit({ ".skep/config.yaml": `worktree: { root: ${root} }\n` });
  return worktreesOf(root, path.join(repo.commonDir, "skep"));
};

test("[doctor.orphans] of swarms that are gone a name goes and its commit is kept; files stay, and so does what is a person's own", async () => {
  const root = tempDir("worktrees");
  const repo = makeRepo();
  const folder = settle(repo, root);
  const [gone, full, empty] = ["s-gone", "s-full", "s-empty"].map((name) => path.join(folder, name)) as [string, string, string];
  for (const place of [full, empty]) mkdirSync(place, { recursive: true });
  writeFileSync(path.join(full, "notes.txt"), "wanted");
  writeFileSync(path.join(folder, "notes"), "no folder of a swarm");
  const add = (place: string): void => void repo.git("worktree", "add", "--quiet", "--detach", place);
  add(path.join(gone, "dev-0"));
  repo.git("-C", path.join(gone, "dev-0"), "commit", "--quiet", "--allow-empty", "-m", "work on no branch");
  const work = repo.git("-C", path.join(gone, "dev-0"), "rev-parse", "HEAD");
  const mine = path.join(tempDir("drive"), "mine");
  add(mine);
  for (const place of [gone, mine]) rmSync(place, { recursive: true });

  const before = await doctor(repo);
  expect(
    before
      .of("worktrees")
      .slice(1)
      .map(({ code, found, fix }) => [code, /s-(?:gone|full|empty)/.exec(found)?.[0], fix === "skep doctor --fix"]),
  ).toEqual([
    ["worktrees-orphaned", "s-gone", true],
    ["worktrees-orphaned", "s-full", false],
  ]);
  const { mended, of } = await doctor(repo, "--fix");
  expect(mended).toEqual([expect.stringMatching(/^s-gone,.*git forgot.*"dev-0"/)]);
  expect(of("worktrees").map(({ found }) => /s-(?:gone|full|empty)/.exec(found)?.[0])).toEqual([undefined, "s-full"]);
  expect(readFileSync(path.join(full, "notes.txt"), "utf8")).toBe("wanted");
  expect(repo.git("for-each-ref", "--format=%(objectname)", "refs/skep/backup/s-gone/")).toBe(work);
  expect(repo.git("worktree", "list", "--porcelain")).toContain(mine);
  expect((await doctor(repo, "--fix")).mended).toEqual(["nothing was broken"]);
});

test("[doctor.orphans] a folder that an agent closed to its owner ends neither the look nor the count", async () => {
  const ground = makeGround("project", { user: NOBODY });
  const folder = settle(ground.repo, path.join(ground.root, "worktrees"));
  const closed = path.join(folder, "s-gone/dev-0/closed");
  const listed = path.join(folder, "s-gone/dev-0/listed");
  for (const place of [closed, listed]) mkdirSync(place, { recursive: true });
  writeFileSync(path.join(listed, "a"), "a");
  ground.own();
  chmodSync(closed, 0);
  chmodSync(listed, 0o400);
  try {
    const { stdout, stderr } = await ground.skep(["doctor"]);
    expect({ stdout, stderr }).toMatchObject({ stdout: expect.stringMatching(/^! worktrees .*s-gone" \(0 MiB\) is of s-gone/m) });
  } finally {
    for (const place of [closed, listed]) chmodSync(place, 0o700);
  }
});
