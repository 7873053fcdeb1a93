/** Links where files should be: what an agent or a repository puts in a path never leads skep out of it. */
import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { DEFAULT_CONFIG } from "../../src/config/schema.ts";
import { prepareWorktree } from "../../src/engine/worktree-setup.ts";
import { ensureWorktree, findWorktree } from "../../src/git/worktree.ts";
import { StdioDoor } from "../bad-input/support/doors.ts";
import { makeKit } from "../git/kit.ts";
import { checkoutState, makeRepo } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";

const SECRET = "this was outside";

describe("[security.links.worktree] a worktree that was replaced by a link", () => {
  test("to the user's checkout is not worked in: nothing is reset, committed or cleaned there, and a real one is made again", async () => {
    const kit = await makeKit();
    const seat = await kit.seat("dev-0");
    await seat.open("t1", 1, kit.base);
    writeFileSync(path.join(kit.repo.root, "mine.txt"), SECRET);
    const before = checkoutState(kit.repo);
    renameSync(seat.worktree.path, `${seat.worktree.path}.gone`);
    symlinkSync(kit.repo.root, seat.worktree.path);
    for (const work of [() => seat.commit("t1", 1, kit.base), () => seat.open("t1", 2, kit.base)])
      await expect(work()).rejects.toMatchObject({ code: "WORKTREE_LINK", next: expect.stringMatching(/\w/) });
    expect(findWorktree(kit.repo, seat.worktree.path)).toBeNull();
    expect(checkoutState(kit.repo)).toEqual(before);
    const again = await ensureWorktree(kit.repo, seat.worktree.path, kit.base);
    expect(again.setAside).toMatch(/aside/);
    expect(existsSync(path.join(again.worktree.path, "mine.txt"))).toBe(false);
    expect(checkoutState(kit.repo)).toEqual(before);
    expect(readFileSync(path.join(kit.repo.root, "mine.txt"), "utf8")).toBe(SECRET);
  });
});

test("[security.links.copy] an ignored file is copied into a worktree and never through a link out of it", async () => {
  const kit = await makeKit();
  const seat = await kit.seat("dev-0");
  const outside = tempDir("outside");
  mkdirSync(path.join(kit.repo.root, "conf"));
  for (const name of [".env", ".env.two", "conf/.env"]) writeFileSync(path.join(kit.repo.root, name), `${name}\n`);
  symlinkSync(path.join(outside, "planted"), path.join(seat.worktree.path, ".env"));
  symlinkSync(outside, path.join(seat.worktree.path, "conf"));
  const config = { ...DEFAULT_CONFIG, worktree: { ...DEFAULT_CONFIG.worktree, copy: [".env", ".env.two", "conf/.env"] } };
  const world = { settings: { config, setup: [] }, repo: kit.repo, host: { env: {} }, signal: new AbortController().signal };
  expect(await prepareWorktree(seat.worktree, world as never)).toBeNull();
  expect(readFileSync(path.join(seat.worktree.path, ".env.two"), "utf8")).toBe(".env.two\n");
  expect([existsSync(path.join(outside, "planted")), existsSync(path.join(outside, ".env"))]).toEqual([false, false]);
});

describe("[security.links.skep] a link in `.skep` is the text of the link, never what it points at", () => {
  test.each([
    [".skep", (at: string) => at],
    [".skep/config.yaml", (at: string) => path.join(at, "config.yaml")],
    [".skep/roles", (at: string) => path.join(at, "roles")],
  ])("%s", async (name, target) => {
    const outside = tempDir("outside");
    mkdirSync(path.join(outside, "roles"));
    writeFileSync(path.join(outside, "config.yaml"), `team: ${SECRET.replaceAll(" ", "-")}\n`);
    writeFileSync(path.join(outside, "roles", "tester.md"), SECRET);
    const repo = makeRepo();
    mkdirSync(path.dirname(path.join(repo.root, name)), { recursive: true });
    symlinkSync(target(outside), path.join(repo.root, name));
    repo.git("add", "-A");
    repo.git("commit", "-q", "-m", "link");
    const door = await new StdioDoor({ cwd: repo.root }).initialize();
    // Refused for the team alone, so that nothing is started: everything of .skep was read by then.
    const told = await door.tool("swarm_create", { goal: "a goal", harness: "scripted", team: "no-such-team" });
    expect(told.code).toMatch(/^(NO_TEAM|CONFIG_INVALID|CATALOG_INVALID)$/);
    expect(told.text).not.toContain(SECRET.replaceAll(" ", "-"));
    expect(told.text).not.toContain(SECRET);
    await door.end();
  });
});
