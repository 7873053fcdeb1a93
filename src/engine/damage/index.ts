/** Every kind of damage `skep doctor` looks for, in the order it is put right: git must work before anything is started. */
import path from "node:path";
import { describeError } from "../../base/errors.ts";
import type { SwarmId } from "../../base/ids.ts";
import { OVER } from "../../domain/model.ts";
import type { Repo } from "../../git/git.ts";
import type { Project } from "../api.ts";
import { sizeOf } from "../retention.ts";
import { brokenIndex } from "./broken-index.ts";
import { type Damage, type Inspect, sceneOf } from "./damage.ts";
import { deadWorktrees } from "./dead-worktrees.ts";
import { missingBranch } from "./missing-branch.ts";
import { staleLease } from "./stale-lease.ts";

const INSPECTIONS: readonly Inspect[] = [deadWorktrees, brokenIndex, missingBranch, staleLease];

export interface Inspection {
  readonly swarms: number;
  readonly damage: readonly Damage[];
  /** Swarms whose log cannot be read, with why. Nothing of theirs is looked at or touched. */
  readonly unreadable: readonly { readonly swarm: SwarmId; readonly why: string }[];
  /** Worktrees that ended swarms left behind, in bytes. */
  readonly leftBytes: number;
}

/** Reads only. */
export async function inspect(project: Project): Promise<Inspection> {
  const repo: Repo = { root: project.root, commonDir: path.dirname(project.home) };
  const all = await project.swarms();
  const damage: Damage[] = [];
  const unreadable: { swarm: SwarmId; why: string }[] = [];
  let leftBytes = 0;
  for (const id of all) {
    try {
      const swarm = await project.open(id);
      // A log without its first commit: whoever makes it is still at it, or never came to it.
      if (await swarm.look(({ status }) => status === "none")) continue;
      const scene = await sceneOf(swarm, repo, project.home, () => project.wantHost());
      if (await swarm.look(({ status }) => OVER.has(status))) leftBytes += sizeOf(scene.folder);
      for (const look of INSPECTIONS) damage.push(...(await look(scene)));
    } catch (error) {
      unreadable.push({ swarm: id, why: describeError(error) });
    }
  }
  // A host that is started serves every swarm: nothing may be mended beside it that nobody was to work on.
  const [leases, rest] = [damage.filter(({ kind }) => kind === "lease"), damage.filter(({ kind }) => kind !== "lease")];
  return { swarms: all.length, damage: [...rest, ...leases], unreadable, leftBytes };
}
