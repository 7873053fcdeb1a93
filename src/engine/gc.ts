/** What ended swarms of a project left in its repository: from their logs to what git may remove. */
import path from "node:path";
import type { SwarmId } from "../base/ids.ts";
import { resolveConfig } from "../config/load.ts";
import { CONFIG_FILE, type Config } from "../config/schema.ts";
import { OVER, type State } from "../domain/model.ts";
import { applyGc, type EndedSwarm, type GcPlan, planGc } from "../git/gc.ts";
import { type Leftover, leftoverWorktrees, putAway } from "../git/gc-worktrees.ts";
import type { Repo } from "../git/git.ts";
import { findProject } from "../git/project.ts";
import { isAlive } from "../proc/identity.ts";
import type { Project, SwarmHandle } from "./api.ts";
import { fileText } from "./base-files.ts";
import { applyRetention, type Kept, planRetention, type Retention } from "./retention.ts";
import { settingsOf } from "./settings.ts";
import { readUserConfig } from "./user-config.ts";
import { worktreePlace } from "./worktree-places.ts";

export interface Tidying extends GcPlan, Retention {
  readonly worktrees: readonly Leftover[];
  /** Swarms whose worktrees are left alone, and those that could not be read, with why. */
  readonly skipped: readonly { readonly swarm: SwarmId; readonly why: string }[];
  /** By swarm: a commit its worktrees can stand on. */
  readonly stand: ReadonlyMap<SwarmId, string>;
}

export interface TidyOrder {
  readonly now: number;
  readonly olderThanMs: number;
  readonly unmerged: boolean;
  readonly archiveAfterMs: number;
  readonly diskBytes: number;
}

/** What the project says of keeping, at the commit that is checked out. */
export async function retentionOf(root: string, env: Readonly<Record<string, string | undefined>>): Promise<Config["retention"]> {
  const { head } = await findProject({ explicit: root, env: {}, cwd: root });
  return resolveConfig({ text: await fileText(root, head, CONFIG_FILE), user: readUserConfig(env), env, flags: {} }).retention;
}

export async function planTidying(project: Project & { readonly home: string }, order: TidyOrder): Promise<Tidying> {
  const repo: Repo = { root: project.root, commonDir: path.dirname(project.home) };
  const ended: EndedSwarm[] = [];
  const worktrees: Leftover[] = [];
  const skipped: { swarm: SwarmId; why: string }[] = [];
  const closed: Kept[] = [];
  for (const id of await project.swarms()) {
    try {
      const swarm = await project.open(id);
      const found = await swarm.look((state) =>
        OVER.has(state.status) ? { facts: factsOf(state), busy: isBusy(state), kept: keptOf(state) } : null,
      );
      if (found === null) continue;
      ended.push(found.facts);
      if (found.kept !== null && !found.busy) closed.push(found.kept);
      const left = await leftoverWorktrees(repo, id, await folderOf(swarm, project.home));
      if (left.length > 0 && found.busy) skipped.push({ swarm: id, why: "its host or a session of it still runs, so its worktrees stay" });
      else worktrees.push(...left);
    } catch {
      // Damaged, or of another version: what cannot be read is not known to be over.
      skipped.push({ swarm: id, why: "it cannot be read, so nothing of it is touched" });
    }
  }
  const plan = await planGc(repo, { ...order, ended, leftovers: worktrees.map((one) => one.path) });
  const gone = new Set(plan.remove.flatMap(({ kind, swarm }) => (kind === "integration" ? [swarm] : [])));
  const there = new Set([...plan.remove, ...plan.keep].flatMap(({ kind, swarm }) => (kind === "integration" ? [swarm] : [])));
  // Without its log nobody knows whose a ref is: a swarm of which one stays is not packed away.
  const holds = new Set(plan.keep.map(({ swarm }) => swarm));
  const kept = closed.map((one) => ({
    ...one,
    landed: !holds.has(one.swarm) && (one.landed || gone.has(one.swarm) || !there.has(one.swarm)),
  }));
  return {
    ...plan,
    ...planRetention(project.home, kept, order),
    worktrees,
    skipped,
    stand: new Map(ended.map(({ swarm, tip, base }) => [swarm, tip || base])),
  };
}

/** Worktrees first: what they hold is on a backup ref before any branch goes. */
export async function tidy(project: Project & { readonly home: string }, { remove, worktrees, stand, ...kept }: Tidying): Promise<void> {
  const repo: Repo = { root: project.root, commonDir: path.dirname(project.home) };
  for (const leftover of worktrees) await putAway(repo, leftover, stand.get(leftover.swarm) ?? "HEAD");
  if (remove.length > 0) await applyGc(repo, remove);
  // Logs last: what is known of a swarm's branches is read from them.
  await applyRetention(project.home, kept);
}

function factsOf({ id, base, tip, target, tasks, byStatus }: Readonly<State>): EndedSwarm {
  const merged = [...byStatus.merged].flatMap((task) => tasks.get(task)?.sha ?? []);
  return { swarm: id, base, tip, target, merged };
}

/** null: its host may still write to it. */
function keptOf({ id, closed, endedAt, landed, byStatus }: Readonly<State>): Kept | null {
  return closed && endedAt !== null ? { swarm: id, endedAt, landed: landed !== null || byStatus.merged.size === 0 } : null;
}

/** Whoever may still write in its worktrees. On another machine nobody can tell, so yes. */
function isBusy({ sessions, lease, closed }: Readonly<State>): boolean {
  const procs = [...sessions.values()].flatMap(({ proc }) => (proc === null ? [] : [{ ...proc, id: "" }]));
  const host = lease === null || closed ? [] : [lease.holder];
  return [...procs, ...host].some((proc) => isAlive(proc) !== "no");
}

/** All worktrees of a swarm stand side by side. */
export async function folderOf(swarm: SwarmHandle, home: string): Promise<string> {
  const { config } = await settingsOf(swarm);
  return path.dirname(worktreePlace(config.worktree.root, home, swarm.id, "any"));
}
