/** All that a person has: a home, a folder for temporary files, and a repository, in one place that can be compared with before. */
import { chownSync, cpSync, lchownSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { systemClock } from "../../../src/base/clock.ts";
import { endKept } from "../../../src/engine/host/end.ts";
import { type Ended, start } from "../../cli/support/skep.ts";
import { builtMain } from "../../support/build.ts";
import { makeRepo, repoAt, type TestRepo } from "../../support/repo.ts";
import { tempDir } from "../../support/temp.ts";

export interface Ground {
  readonly root: string;
  readonly repo: TestRepo;
  /** The built program with this home, started in the repository or below `cwd`. */
  skep(args: readonly string[], cwd?: string): Promise<Ended>;
  /** Gives everything to the user it was made for. */
  own(): void;
  /** Every file and folder, with text, mode and link; objects of git and its notes of moves apart. */
  look(): Record<string, string>;
}

/** Root may write to everything: where the tests run as root a user of no rights takes its part. undefined: nobody else is needed. */
export const NOBODY: number | undefined = process.getuid?.() === 0 ? 65_534 : undefined;

const grounds: Ground[] = [];

/** @param name of the repository's folder; people have spaces and more in theirs. */
export function makeGround(name = "project", { user }: { user?: number | undefined } = {}): Ground {
  const root = tempDir("ground");
  for (const folder of ["home", "tmp", "work"]) mkdirSync(path.join(root, folder));
  const place = path.join(root, "work", name);
  cpSync(makeRepo().root, place, { recursive: true });
  const repo = repoAt(place);
  // Where the build stands another user may not look.
  const program = user === undefined ? builtMain() : path.join(packageFor(root), "dist/main.mjs");
  const env = {
    HOME: path.join(root, "home"),
    TMPDIR: path.join(root, "tmp"),
    XDG_STATE_HOME: undefined,
    XDG_CONFIG_HOME: undefined,
    XDG_CACHE_HOME: undefined,
    XDG_DATA_HOME: undefined,
  };
  const ground = {
    root,
    repo,
    skep: (args: readonly string[], cwd = repo.root) =>
      start([process.execPath, program, ...args], { cwd, env, input: "", ...(user === undefined ? {} : { user }) }).ended,
    own: () => {
      if (user !== undefined) giveTo(user, root);
    },
    look: () => everythingIn(root),
  };
  grounds.push(ground);
  return ground;
}

function packageFor(root: string): string {
  const own = path.join(root, "package");
  const from = path.resolve(path.dirname(builtMain()), "..");
  for (const part of ["dist", "roles", "rules", "templates", "package.json"])
    cpSync(path.join(from, part), path.join(own, part), { recursive: true });
  return own;
}

function giveTo(user: number, root: string): void {
  chownSync(root, user, user);
  for (const { parentPath, name } of readdirSync(root, { recursive: true, withFileTypes: true }))
    lchownSync(path.join(parentPath, name), user, user);
}

/** For afterEach: no host outlives its test, whatever the test found. */
export async function endGrounds(): Promise<void> {
  for (const { repo } of grounds.splice(0)) await endKept(path.join(repo.commonDir, "skep"), systemClock);
}

/** Commits that nobody names any more are git's to collect; the index is written anew by whoever asks for the status. */
const GITS_OWN = /\/\.git\/(.*\/)?(objects|index|COMMIT_EDITMSG)(\/|$)/;
/** That there are moves of a ref is looked at, not which. */
const MOVES = /\/\.git\/(.*\/)?logs\//;

function everythingIn(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (GITS_OWN.test(file)) continue;
    const what =
      entry.isFile() && !MOVES.test(file) ? readFileSync(file, "latin1") : entry.isSymbolicLink() ? `-> ${readlinkSync(file)}` : "";
    found[path.relative(root, file)] = `${lstatSync(file).mode.toString(8)} ${what}`;
  }
  return found;
}
