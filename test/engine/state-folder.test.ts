/** The folder of worktrees in a home: it comes with the folders above it, and goes with them. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeStateFolder, removeEmptyFolders, usualWorktrees } from "../../src/engine/state-folder.ts";
import { tempDir } from "../support/temp.ts";

const before = process.env.XDG_STATE_HOME;
let home = "";
beforeEach(() => {
  home = tempDir("home");
  process.env.XDG_STATE_HOME = path.join(home, "local/state");
});
afterEach(() => {
  if (before === undefined) delete process.env.XDG_STATE_HOME;
  else process.env.XDG_STATE_HOME = before;
});

const ofSwarm = (swarm: string): string => path.join(usualWorktrees(), "project", swarm);

test("[setup.residue] folders made for worktrees go with the last of them, and those that were there stay", () => {
  makeStateFolder();
  for (const swarm of ["s-1", "s-2"]) mkdirSync(ofSwarm(swarm), { recursive: true });
  makeStateFolder();
  removeEmptyFolders(ofSwarm("s-1"));
  expect(readdirSync(path.dirname(ofSwarm("s-2")))).toEqual(["s-2"]);
  removeEmptyFolders(ofSwarm("s-2"));
  expect(readdirSync(home)).toEqual([]);
  mkdirSync(path.join(home, "local/state"), { recursive: true });
  makeStateFolder();
  mkdirSync(ofSwarm("s-3"), { recursive: true });
  removeEmptyFolders(ofSwarm("s-3"));
  expect(readdirSync(path.join(home, "local/state"))).toEqual([]);
});

test("[setup.residue] a swarm that never had a worktree, and one whose folder went with another's, leave nothing to do; what is in use stays", () => {
  removeEmptyFolders(ofSwarm("s-1"));
  makeStateFolder();
  removeEmptyFolders(ofSwarm("s-1"));
  expect(readdirSync(home)).toEqual([]);
  removeEmptyFolders(ofSwarm("s-2"));
  makeStateFolder();
  mkdirSync(ofSwarm("s-3"), { recursive: true });
  writeFileSync(path.join(ofSwarm("s-3"), "work.txt"), "");
  removeEmptyFolders(ofSwarm("s-3"));
  expect(existsSync(path.join(ofSwarm("s-3"), "work.txt"))).toBe(true);
});
