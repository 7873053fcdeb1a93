/**
 * Merges per minute, checks apart: the product's own merge of an approved commit beside the three bare git calls it cannot do
 * without, and beside checking out and merging in a worktree.
 */
import { execFile, execFileSync } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type { TaskId } from "../src/base/ids.ts";
import type { Repo } from "../src/git/git.ts";
import { mergeWork } from "../src/git/merge.ts";
import { createSwarmBranch } from "../src/git/swarm-branch.ts";
import { type Figure, median, round } from "./figure.ts";
import { timed } from "./pairs.ts";
import { inTempDir, SWARM } from "./stage.ts";

const FILES = 2_000;
const MERGES = 40;
const LEAST = 0.7;
const PERSON = { name: "bench", email: "bench@skep.invalid" };
const ENV = {
  PATH: process.env.PATH,
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  ...{ GIT_AUTHOR_NAME: PERSON.name, GIT_AUTHOR_EMAIL: PERSON.email },
  ...{ GIT_COMMITTER_NAME: PERSON.name, GIT_COMMITTER_EMAIL: PERSON.email },
};
const start = promisify(execFile);

type MergeOne = (sha: string, n: number) => Promise<void>;

export const merges = (): Promise<Figure> =>
  inTempDir(async (dir) => {
    const root = path.join(dir, "repo");
    const repo: Repo = { root, commonDir: path.join(root, ".git") };
    const { base, commits } = fill(root);
    const ways = [await ours(repo, base), bare(repo, base), await checkout(repo, base, path.join(dir, "tree"))] as const;
    const spent: [number[], number[], number[]] = [[], [], []];
    // Each goes first as often as the others; the first of all is a warm-up.
    for (const [n, sha] of commits.entries())
      for (const turn of [0, 1, 2]) {
        const which = ((turn + n) % 3) as 0 | 1 | 2;
        const ms = await timed(() => ways[which](sha, n));
        if (n > 0) spent[which].push(ms);
      }
    const [value, floor, inWorktree] = spent.map((ms) => round(60_000 / median(ms)));
    const ratio = round(median(spent[1].map((ms, n) => ms / (spent[0][n] ?? ms))));
    return {
      ...{ name: "merges per minute", unit: "merges/min", value: value ?? 0, floor: floor ?? 0, ratio },
      target: `at least ${LEAST} of a bare merge-tree, commit-tree, update-ref`,
      met: ratio >= LEAST,
      facts: { "checkout and merge in a worktree": inWorktree ?? 0 },
    };
  });

/** A repository of many files, and commits that each change one file of it, all on the same base. */
function fill(root: string): { readonly base: string; readonly commits: readonly string[] } {
  execFileSync("git", ["init", "-q", "-b", "main", root], { env: ENV });
  const who = `${PERSON.name} <${PERSON.email}> 1767225600 +0000`;
  const file = (n: number, text: string) => `M 100644 inline src/${n % 40}/file-${n}.txt\ndata ${text.length}\n${text}\n`;
  const commit = (ref: string, mark: number, from: string, files: string) =>
    `commit refs/heads/${ref}\nmark :${mark}\ncommitter ${who}\ndata 6\nchange\n${from}${files}\n`;
  const all = Array.from({ length: FILES }, (_, n) => file(n, `line\n`.repeat(20))).join("");
  const parts = [commit("main", 1, "", all)];
  for (let n = 0; n <= MERGES; n++) parts.push(commit(`task-${n}`, n + 2, "from :1\n", file(n, `changed ${n}\n${"line\n".repeat(20)}`)));
  execFileSync("git", ["fast-import", "--quiet"], { cwd: root, env: ENV, input: parts.join("") });
  const shaOf = (ref: string) => execFileSync("git", ["rev-parse", ref], { cwd: root, env: ENV, encoding: "utf8" }).trim();
  return { base: shaOf("main"), commits: Array.from({ length: MERGES + 1 }, (_, n) => shaOf(`task-${n}`)) };
}

async function ours(repo: Repo, base: string): Promise<MergeOne> {
  let { tip } = await createSwarmBranch(repo, SWARM, base);
  return async (sha, n) => {
    const order = { swarm: SWARM, task: `t${n}` as TaskId, attempt: 1, sha, tip, title: "change", author: PERSON, committer: PERSON };
    const merged = await mergeWork(repo, order);
    if (merged.kind !== "merged") throw new Error(`not merged: ${merged.kind}`);
    tip = merged.sha;
  };
}

function bare({ commonDir }: Repo, base: string): MergeOne {
  let tip = base;
  const git = async (...args: string[]) => (await start("git", args, { cwd: commonDir, env: ENV })).stdout.trim();
  return async (sha) => {
    const tree = await git("merge-tree", "--write-tree", tip, sha);
    const next = await git("commit-tree", tree, "-p", tip, "-m", "change");
    await git("update-ref", "refs/heads/bare", next, tip === base ? "" : tip);
    tip = next;
  };
}

async function checkout({ root }: Repo, base: string, folder: string): Promise<MergeOne> {
  await start("git", ["worktree", "add", "-q", "-b", "checked-out", folder, base], { cwd: root, env: ENV });
  return async (sha) => {
    await start("git", ["merge", "-q", "--no-ff", "-m", "change", sha], { cwd: folder, env: ENV });
  };
}
