import path from "node:path";
import { quote } from "../../base/errors.ts";
import { DEFAULT_CONFIG } from "../../config/schema.ts";
import { canMend, type Orphan, orphans } from "../../engine/damage/orphans.ts";
import { worktreesOf } from "../../engine/worktree-places.ts";
import { diskOf } from "../../store/file/local-disk.ts";
import { type Around, type DoctorCheck, type Look, ok, warn } from "./check.ts";
import { isLittle, roomOn } from "./room.ts";

const WHAT = "worktrees";
const MIB = 1024 * 1024;

/** Where agents work: the disk it is on, and what is there of swarms that are gone. */
export const worktrees: DoctorCheck = async ({ project, settings }) => {
  if (project instanceof Error) return [];
  const { root, commonDir } = project;
  const folder = worktreeFolder(commonDir, settings);
  const disk = diskOf(folder);
  const where = `${quote(folder, 200)}, ${roomOn(disk)}`;
  return [place(), ...orphans({ root, commonDir }, folder).map(orphaned)];

  function place(): Look {
    if (isLittle(disk)) return warn(WHAT, "disk-low", where, "make room, or set worktree.root to a folder on a larger disk");
    if (!disk.remote) return ok(WHAT, where);
    return warn(
      WHAT,
      "worktrees-remote",
      `${where}, over a network: slow, and nothing there can be watched`,
      "set worktree.root to a local folder",
    );
  }
};

export const worktreeFolder = (commonDir: string, settings: Around["settings"]): string =>
  worktreesOf(
    (settings === null || settings instanceof Error ? DEFAULT_CONFIG : settings.config).worktree.root,
    path.join(commonDir, "skep"),
  );

function orphaned(orphan: Orphan): Look {
  const { swarm, folder, bytes } = orphan;
  const size = bytes === null ? "its folder is gone" : `${Math.ceil(bytes / MIB)} MiB`;
  const found = `${quote(folder, 200)} (${size}) is of ${swarm}, which is no swarm here any more`;
  const next = canMend(orphan) ? "skep doctor --fix" : "look what is in it, keep what you need, delete it, then git worktree prune";
  return warn(WHAT, "worktrees-orphaned", found, next);
}
