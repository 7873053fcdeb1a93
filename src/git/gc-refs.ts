/** The refs skep made, what they hold and since when, and everything else that holds commits. */
import type { SwarmId } from "../base/ids.ts";
import { git, type Repo } from "./git.ts";
import { listWorktrees } from "./worktree.ts";

export interface OwnRef {
  readonly kind: "attempt" | "integration" | "backup";
  readonly swarm: SwarmId;
  readonly ref: string;
  readonly sha: string;
  /** A backup: when it was made. A branch: when its last commit was. */
  readonly at: number;
  /** Foreign text. */
  readonly subject: string;
}
export interface Refs {
  readonly own: readonly OwnRef[];
  /** Commits that other refs and checkouts hold. */
  readonly anchors: Set<string>;
  /** Refs that are checked out, and where. */
  readonly checkedOut: ReadonlyMap<string, string>;
}

const OWN: readonly (readonly [OwnRef["kind"], RegExp])[] = [
  ["attempt", /^refs\/heads\/skep-work\/([^/]+)\/[^/]+\/\d+$/],
  ["integration", /^refs\/heads\/skep\/([^/]+)$/],
  ["backup", /^refs\/skep\/backup\/([^/]+)\/[^/]+\/[0-9a-f]+$/],
];
/** What was pushed for a pull request may go away there any day; what is kept for an audit goes away with it. */
const NO_ANCHOR = /^refs\/(remotes\/[^/]+\/skep(-work)?|skep\/audit)\//;

export async function readRefs(repo: Repo, ended: ReadonlySet<SwarmId>, leftovers: readonly string[]): Promise<Refs> {
  const format = "%(refname)%00%(objectname)%00%(committerdate:unix)%00%(contents:subject)";
  const { out } = await git(repo.commonDir, ["for-each-ref", `--format=${format}`]);
  const made = await backupTimes(repo, out);
  const worktrees = (await listWorktrees(repo)).filter(({ path }) => !leftovers.includes(path));
  const anchors = new Set(worktrees.flatMap(({ head, ref }) => (head !== null && ref === null ? [head] : [])));
  const own: OwnRef[] = [];
  for (const line of out.split("\n").filter((text) => text !== "")) {
    const [ref = "", sha = "", seconds = "0", subject = ""] = line.split("\0");
    const [kind, id] = OWN.flatMap(([name, pattern]) => [[name, pattern.exec(ref)?.[1]] as const]).find(([, found]) => found) ?? [];
    if (kind !== undefined && id !== undefined && ended.has(id as SwarmId)) {
      own.push({ kind, swarm: id as SwarmId, ref, sha, at: made.get(ref) ?? Number(seconds) * 1000, subject });
    } else if (!NO_ANCHOR.test(ref)) anchors.add(sha);
  }
  return { own, anchors, checkedOut: new Map(worktrees.flatMap(({ ref, path }) => (ref === null ? [] : [[ref, path] as const]))) };
}

const CHUNK = 200;

/** When backups were made: their reflog tells, for a commit may be much older than its backup. */
async function backupTimes(repo: Repo, listed: string): Promise<ReadonlyMap<string, number>> {
  const names = listed.split("\n").flatMap((line) => (line.startsWith("refs/skep/backup/") ? [line.slice(0, line.indexOf("\0"))] : []));
  const times = new Map<string, number>();
  for (let at = 0; at < names.length; at += CHUNK) {
    const args = ["log", "--walk-reflogs", "--date=unix", "--format=%gD", "--end-of-options", ...names.slice(at, at + CHUNK)];
    for (const entry of (await git(repo.commonDir, args)).out.split("\n")) {
      const [, ref, seconds] = /^(.+)@\{(\d+)\}$/.exec(entry) ?? [];
      // The newest entry comes first.
      if (ref !== undefined && !times.has(ref)) times.set(ref, Number(seconds) * 1000);
    }
  }
  return times;
}
