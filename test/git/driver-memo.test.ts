/** The memory of configured drivers: it spares processes, and never lets one through that was configured meanwhile. */
import { execFileSync } from "node:child_process";
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { git, type Worktree } from "../../src/git/git.ts";
import { ensureWorktree } from "../../src/git/worktree.ts";
import { makeRepo, type TestRepo } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";

interface Place {
  readonly repo: TestRepo;
  readonly worktree: Worktree;
  readonly home: string;
  /** Questions about drivers since the last time this was asked. */
  asked(): number;
}

const PADDING = "#".repeat(1_000);
let place: Place;
beforeEach(async () => {
  const [bin, home] = [tempDir("bin"), tempDir("home")];
  const [log, real] = [
    path.join(bin, "log"),
    (process.env.PATH ?? "")
      .split(":")
      .map((one) => path.join(one, "git"))
      .find(existsSync),
  ];
  writeFileSync(path.join(bin, "git"), `#!/bin/sh\n[ "$1" = config ] && echo "$@" >> '${log}'\nexec '${real}' "$@"\n`);
  chmodSync(path.join(bin, "git"), 0o755);
  const repo = makeRepo();
  appendFileSync(path.join(repo.commonDir, "config"), `${PADDING}\n`);
  repo.commit({ ".gitattributes": "*.txt filter=evil\n" });
  const { worktree } = await ensureWorktree(repo, path.join(tempDir(), "dev-0"), repo.git("rev-parse", "HEAD"));
  vi.stubEnv("PATH", `${bin}:${process.env.PATH}`);
  vi.stubEnv("HOME", home);
  vi.stubEnv("XDG_CONFIG_HOME", path.join(home, "xdg"));
  let before = 0;
  const asked = (): number => {
    const now = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").length : 0;
    const more = now - before;
    before = now;
    return more;
  };
  place = { repo, worktree, home, asked };
  return () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  };
});

/** Time at which every file of this test is long at rest. */
function later(): void {
  const now = systemClock.now();
  vi.spyOn(systemClock, "now").mockReturnValue(now + 60_000);
}

const status = (): Promise<unknown> => git(place.worktree, ["status", "--porcelain"]);

test("[git.safe.remembered] files at rest are asked about once; files just written each time", async () => {
  await status();
  await status();
  expect(place.asked()).toBe(2);
  later();
  await status();
  await status();
  await status();
  expect(place.asked()).toBe(1);
});

const trap = (file: string): string => `[filter "evil"]\n\tclean = touch '${file}'; cat\n\tsmudge = touch '${file}'; cat\n`;
const WRITERS: readonly (readonly [where: string, write: (text: string) => void])[] = [
  ["the repository", (text) => appendFileSync(path.join(place.worktree.commonDir, "config"), text)],
  ["the user's own file", (text) => writeFileSync(path.join(place.home, ".gitconfig"), text)],
  [
    "the user's other file",
    (text) => {
      mkdirSync(path.join(place.home, "xdg/git"), { recursive: true });
      writeFileSync(path.join(place.home, "xdg/git/config"), text);
    },
  ],
  [
    "the worktree",
    (text) => {
      place.repo.git("config", "extensions.worktreeConfig", "true");
      writeFileSync(path.join(place.worktree.gitDir, "config.worktree"), text);
    },
  ],
  [
    "a file of the same size and time as before, put in its place",
    (text) => {
      const file = path.join(place.worktree.commonDir, "config");
      const { mtime } = statSync(file);
      writeFileSync(`${file}.new`, readFileSync(file, "utf8").replace(PADDING, text.padEnd(PADDING.length, "#")));
      expect(statSync(`${file}.new`).size).toBe(statSync(file).size);
      utimesSync(`${file}.new`, mtime, mtime);
      renameSync(`${file}.new`, file);
    },
  ],
  [
    "a file that one of them includes",
    (text) => {
      const included = path.join(place.home, "more");
      writeFileSync(included, "");
      place.repo.git("config", "include.path", included);
      writeFileSync(included, text);
    },
  ],
];

test.each(WRITERS)("[git.safe.remembered] a filter that comes into %s meanwhile does not run", async (_where, write) => {
  later();
  await status();
  await status();
  expect(place.asked()).toBe(1);
  const fired = path.join(place.home, "fired");
  write(trap(fired));
  writeFileSync(path.join(place.worktree.path, "new.txt"), "new\n");
  await git(place.worktree, ["add", "--all"]);
  await git(place.worktree, ["checkout", "--quiet", "--force", "HEAD", "--", "."]);
  expect(existsSync(fired)).toBe(false);
  // The trap is one: with nothing in its way it would have gone off.
  writeFileSync(path.join(place.worktree.path, "more.txt"), "more\n");
  execFileSync("git", ["add", "--all"], { cwd: place.worktree.path });
  expect(existsSync(fired)).toBe(true);
});

test("[git.safe.remembered] with an include nothing is remembered: what it leads to may change alone", async () => {
  const included = path.join(place.home, "more");
  writeFileSync(included, "");
  place.repo.git("config", "include.path", included);
  later();
  await status();
  await status();
  expect(place.asked()).toBe(2);
});
