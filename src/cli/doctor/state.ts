import { accessSync, constants, existsSync } from "node:fs";
import path from "node:path";
import { describeError, quote, SkepError } from "../../base/errors.ts";
import { DEFAULT_CONFIG } from "../../config/schema.ts";
import { keptBytes } from "../../engine/retention.ts";
import { diskOf, refuseRemote } from "../../store/file/local-disk.ts";
import { type DoctorCheck, fail, ok, warn } from "./check.ts";
import { isLittle, roomOn } from "./room.ts";

const MB = 1024 * 1024;

/** The folder of the log: ours to write, on a disk of this machine, with some room. */
export const state: DoctorCheck = async ({ project, settings, inspection }) => {
  if (project instanceof Error) return [];
  const home = path.join(project.commonDir, "skep");
  const there = existsSync(home) ? home : project.commonDir;
  try {
    accessSync(there, constants.W_OK | constants.X_OK);
    refuseRemote(there);
  } catch (error) {
    if (error instanceof SkepError) return [fail("state", "state-remote", error.message, error.next)];
    return [
      fail(
        "state",
        "state-unwritable",
        `${quote(there, 200)} cannot be written: ${describeError(error)}`,
        "give yourself the right to write there",
      ),
    ];
  }
  const disk = diskOf(there);
  const where = `${quote(home, 200)}${there === home ? "" : ", made with the first swarm"}, ${roomOn(disk)}`;
  if (isLittle(disk)) return [warn("state", "disk-low", where, "make room: a full disk stops every swarm")];
  const { diskMb } = (settings === null || settings instanceof Error ? DEFAULT_CONFIG : settings.config).retention;
  const left = inspection?.leftBytes ?? 0;
  const used = Math.ceil((keptBytes(home) + left) / MB);
  const worktrees = left < MB ? "" : `, ${Math.ceil(left / MB)} of it in worktrees of ended ones`;
  const all = `${where}; swarms use ${used} of ${diskMb} MiB${worktrees}`;
  return [used > diskMb ? warn("state", "state-large", all, "skep gc, which shows what it would remove") : ok("state", all)];
};
