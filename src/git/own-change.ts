/**
 * What a person is about to commit, has changed, or is about to push, as two commits: what was there and what is to be.
 * Nothing of theirs is touched: trees are made through a copy of the index, commits stand on no branch.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { quote, SkepError } from "../base/errors.ts";
import { git, gitLine, splitZ } from "./git.ts";
import { SKEP } from "./identity.ts";
import { mergeTrees } from "./merge-trees.ts";
import { commitOf, isAncestor } from "./refs.ts";
import { commitTree } from "./save.ts";

export interface OwnChange {
  readonly base: string;
  readonly sha: string;
}
export interface Checkout {
  /** Top of the worktree the person is in, which need not be the main one. */
  readonly root: string;
  readonly commonDir: string;
  readonly gitDir: string;
}

/** Throws NO_PROJECT. */
export async function findCheckout(cwd: string): Promise<Checkout> {
  const ask = async (what: string): Promise<string> => {
    const { code, out } = await git(cwd, ["rev-parse", "--path-format=absolute", what], { ok: [0, 128] });
    if (code === 0) return out.replace(/\n$/, "");
    throw new SkepError(
      "NO_PROJECT",
      `${quote(cwd)} is in no checkout of a git repository`,
      "start skep in a repository, or give one with --project",
    );
  };
  const [root, commonDir, gitDir] = await Promise.all(["--show-toplevel", "--git-common-dir", "--git-dir"].map(ask));
  return { root: root ?? cwd, commonDir: commonDir ?? cwd, gitDir: gitDir ?? cwd };
}

/** @param index the index git commits from; a hook of `git commit -a` gets another one than the worktree's own. */
export function stagedChange(place: Checkout, index: string | null = null): Promise<OwnChange> {
  return fromIndex(place, index, async () => undefined);
}

/** Everything that differs from HEAD, new files too, ignored ones apart. */
export function worktreeChange(place: Checkout): Promise<OwnChange> {
  return fromIndex(place, null, async (env) => void (await git(place.root, ["add", "--all"], { env })));
}

async function fromIndex(place: Checkout, index: string | null, fill: (env: Record<string, string>) => Promise<void>): Promise<OwnChange> {
  const own = path.resolve(place.root, index ?? path.join(place.gitDir, "index"));
  const folder = mkdtempSync(path.join(tmpdir(), "skep-index-"));
  try {
    const env = { GIT_INDEX_FILE: path.join(folder, "index") };
    // `write-tree` notes the trees it made in the index, so it gets a copy. A new repository has none yet.
    if (existsSync(own)) copyFileSync(own, env.GIT_INDEX_FILE);
    await fill(env);
    const unmerged = splitZ((await git(place.root, ["ls-files", "--unmerged", "-z"], { env })).out);
    if (unmerged.length > 0) {
      const names = [...new Set(unmerged.map((entry) => entry.slice(entry.indexOf("\t") + 1)))];
      throw new SkepError(
        "UNMERGED",
        `the index holds unresolved conflicts: ${names
          .slice(0, 5)
          .map((name) => quote(name))
          .join(", ")}`,
        "resolve them and git add the files",
      );
    }
    const tree = await gitLine(place.root, ["write-tree"], { env });
    const base = await baseOf(place);
    return { base, sha: await commitTree(place.commonDir, tree, [base], { ...WORDS, message: "What is to be committed" }) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const WORDS = { author: SKEP, committer: SKEP, date: "2000-01-01T00:00:00Z" };

/** HEAD; in the middle of a merge what git made of both sides, so that only what the person wrote is theirs. */
async function baseOf(place: Checkout): Promise<string> {
  const head = await commitOf(place.root, "HEAD");
  if (head === null) return emptyCommit(place);
  const other = await commitOf(place.root, "MERGE_HEAD");
  if (other === null) return head;
  const { tree } = await mergeTrees(place.commonDir, head, other);
  return commitTree(place.commonDir, tree, [head], { ...WORDS, message: "Both sides of a merge" });
}

async function emptyCommit(place: Checkout): Promise<string> {
  const tree = await gitLine(place.commonDir, ["hash-object", "-t", "tree", "-w", "/dev/null"]);
  return commitTree(place.commonDir, tree, [], { ...WORDS, message: "Nothing yet" });
}

/** @param range `A..B`; `A..` ends at HEAD. Null: there is nothing in it. */
export async function rangeChange(place: Checkout, range: string): Promise<OwnChange | null> {
  const [, from = "", to = ""] = /^([^.].*?)\.\.([^.].*)?$/.exec(range) ?? [];
  const [older, newer] = await Promise.all([commitOf(place.root, from), commitOf(place.root, to || "HEAD")]);
  if (from === "" || older === null || newer === null) {
    throw new SkepError("BAD_RANGE", `${quote(range, 80)} is no range of two commits`, "skep check --range main..HEAD");
  }
  const base = (await git(place.commonDir, ["merge-base", older, newer], { ok: [0, 1] })).out.trim();
  return base === newer ? null : { base: base || older, sha: newer };
}

/**
 * What a push of `sha` brings to a remote.
 *
 * @param there the commit the remote's branch stands at; null when there is none, or when it is not known here.
 * @param remote its name; null: any.
 */
export async function pushedChange(place: Checkout, sha: string, there: string | null, remote: string | null): Promise<OwnChange | null> {
  const known = there === null ? null : await commitOf(place.commonDir, there);
  if (known !== null && (await isAncestor(place.commonDir, known, sha))) return known === sha ? null : { base: known, sha };
  const remotes = remote === null ? "--remotes" : `--remotes=${remote}`;
  const commits = await gitLine(place.commonDir, ["rev-list", "--topo-order", "--reverse", sha, "--not", remotes]);
  const [oldest] = commits.split("\n");
  if (!oldest) return null;
  return { base: (await commitOf(place.commonDir, `${oldest}^`)) ?? (await emptyCommit(place)), sha };
}
