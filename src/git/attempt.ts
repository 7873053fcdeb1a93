/** Opens the branch of a task's attempt in a seat's worktree, with the work of an earlier attempt where there is some. */
import type { SwarmId, TaskId } from "../base/ids.ts";
import { filesWithMarkers } from "./added-lines.ts";
import { keepBackup } from "./backup.ts";
import { git, type Repo, splitZ, type Worktree } from "./git.ts";
import { type Person, personEnv } from "./identity.ts";
import { mergeTrees } from "./merge-trees.ts";
import { attemptBranch, commitOf, headRef, isAncestor } from "./refs.ts";
import { saveAll } from "./save.ts";
import { leaveDetached } from "./seat-state.ts";
import { clearLocks, endOperations, readRecord, writeRecord } from "./worktree-state.ts";

export interface AttemptOrder {
  readonly swarm: SwarmId;
  readonly task: TaskId;
  readonly attempt: number;
  /** Tip of the integration branch. */
  readonly tip: string;
  /** Submitted or saved commit of an earlier attempt. */
  readonly prior: string | null;
  /**
   * Go on from the earlier commits and merge the tip into them. Otherwise the earlier work comes as uncommitted changes on the
   * tip: then what a check found in its history, such as a secret, can be taken out for good.
   */
  readonly keepCommits?: boolean;
  /** The seat; what it left uncommitted is saved under its name. */
  readonly author: Person;
  readonly committer: Person;
}
export interface OpenedAttempt {
  readonly branch: string;
  /** The tip the attempt was opened on, whatever the tip is later. */
  readonly base: string;
  /** Files with conflict markers, or with one side of a conflict between the earlier work and `base`. */
  readonly conflict: readonly string[];
  /** What was changed in the worktree with no claim on it; kept on a backup ref. */
  readonly discarded: readonly string[];
  readonly repeated: boolean;
}

/**
 * Call with no session working in the worktree. Safe to repeat: an attempt that is open already is left as it is. Files
 * left by an earlier attempt are first committed to that attempt's branch.
 */
export async function openAttempt(repo: Repo, worktree: Worktree, order: AttemptOrder): Promise<OpenedAttempt> {
  const branch = attemptBranch(order.swarm, order.task, order.attempt);
  const record = readRecord(worktree);
  if (record?.kind === "attempt" && record.task === order.task && record.attempt === order.attempt) {
    return { branch, base: record.base, conflict: record.conflict, discarded: [], repeated: true };
  }
  const discarded = await leave(repo, worktree, order);
  const prior = (order.prior && (await commitOf(repo.commonDir, order.prior))) || order.tip;
  const start = order.keepCommits ? prior : order.tip;
  const half = await commitOf(repo.commonDir, headRef(branch));
  if (half !== null && !(await isAncestor(repo.commonDir, half, start))) await keepBackup(repo, order.swarm, "reopened", half);
  await git(worktree, ["checkout", "--quiet", "--force", "--no-track", "-B", branch, start]);
  await git(worktree, ["clean", "-ffdq"], { ok: [0, 1] });
  const open = order.keepCommits ? await mergeIn(worktree, order.tip, order) : await fold(worktree, order.tip, prior);
  // An earlier attempt may have ended in the middle of its conflicts: then its saved files hold the markers.
  const marked = prior === order.tip ? [] : await filesWithMarkers(repo.commonDir, order.tip, prior);
  const conflict = [...new Set([...open, ...marked])];
  writeRecord(worktree, { kind: "attempt", task: order.task, attempt: order.attempt, base: order.tip, start, conflict });
  return { branch, base: order.tip, conflict, discarded, repeated: false };
}

/** Lays what `prior` changed over the checked out tip; conflicts stand in the files. */
async function fold(worktree: Worktree, tip: string, prior: string): Promise<readonly string[]> {
  if (prior === tip) return [];
  const { tree, conflict } = await mergeTrees(worktree.commonDir, tip, prior);
  await git(worktree, ["read-tree", "--reset", "-u", tree]);
  await git(worktree, ["reset", "--quiet"]);
  return conflict;
}

/** Saves what the worktree was last used for. */
async function leave(repo: Repo, worktree: Worktree, order: AttemptOrder): Promise<readonly string[]> {
  clearLocks(worktree);
  const record = readRecord(worktree);
  if (record?.kind !== "attempt") return leaveDetached(worktree, order.swarm);
  await saveAttempt(repo, worktree, { ...order, task: record.task as TaskId, attempt: record.attempt });
  return [];
}

/**
 * Commits what an attempt left in the worktree to its branch; answers the commit, or null when nothing differs from where
 * the attempt began. Also right when the worktree has moved on: then the branch has it already.
 */
export async function saveAttempt(
  repo: Repo,
  worktree: Worktree,
  order: Pick<AttemptOrder, "swarm" | "task" | "attempt" | "author" | "committer">,
): Promise<string | null> {
  const branch = attemptBranch(order.swarm, order.task, order.attempt);
  const record = readRecord(worktree);
  if (record?.kind !== "attempt" || record.task !== order.task || record.attempt !== order.attempt) {
    return commitOf(repo.commonDir, headRef(branch));
  }
  clearLocks(worktree);
  const message = `Work of ${order.task}, attempt ${order.attempt}, saved unfinished`;
  const saved = await saveAll(worktree, { ...order, branch, message, start: record.start });
  return saved.sha === record.start && record.start === record.base ? null : saved.sha;
}

/**
 * Merges `tip` into what is checked out. Clean: committed. Else the conflicts stay in the files and the merge stays open, so
 * that the next commit has both parents.
 */
export async function mergeIn(worktree: Worktree, tip: string, who: { author: Person; committer: Person }): Promise<readonly string[]> {
  if (await isAncestor(worktree, tip, "HEAD")) return [];
  const args = ["merge", "--quiet", "--ff", "--no-edit", "--no-stat", "--no-signoff", "--no-verify-signatures", "--no-autostash"];
  const message = "Bring in the integration branch";
  const env = personEnv(who.author, who.committer);
  const { code } = await git(worktree, [...args, "-m", message, tip], { ok: [0, 1], env });
  if (code === 0) return [];
  const unmerged = splitZ((await git(worktree, ["ls-files", "--unmerged", "-z"])).out).map((entry) => entry.slice(entry.indexOf("\t") + 1));
  const paths = [...new Set(unmerged)];
  if (paths.length > 0) return paths;
  endOperations(worktree);
  throw new Error("git refused the merge without naming a conflict");
}
