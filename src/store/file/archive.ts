/**
 * Ended swarms packed away: one `archive/<swarm>.tar.gz` of a swarm's folder, as any tar reads it. The folder goes only after
 * the archive was read back and holds the whole log.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { systemClock } from "../../base/clock.ts";
import { describeError, quote, SkepError } from "../../base/errors.ts";
import { asId, type SwarmId } from "../../base/ids.ts";
import { randomText } from "../../base/random.ts";
import { shellLine } from "../../base/shell-line.ts";
import { run } from "../../proc/run.ts";
import { fileIo, syncDir, syncFile } from "./io.ts";
import { storeLayout } from "./layout.ts";

/** Longest that tar may take. */
const MINUTES = 10;
const DRAFT = ".part";

/** Where the archive of a swarm is, and how to have it back. */
export const archiveOf = (home: string, swarm: SwarmId): string => path.join(storeLayout(home).archive, `${swarm}.tar.gz`);
export const restoreCommand = (home: string, swarm: SwarmId): string =>
  shellLine(["tar", "-xzf", archiveOf(home, swarm), "-C", storeLayout(home).swarms]);

export interface Archive {
  readonly swarm: SwarmId;
  readonly bytes: number;
  readonly packedAt: number;
}

/** All that there are, the oldest first. */
export function archives(home: string): readonly Archive[] {
  const { archive } = storeLayout(home);
  if (!existsSync(archive)) return [];
  return readdirSync(archive)
    .flatMap((name) => {
      const swarm = asId<SwarmId>(name.replace(/\.tar\.gz$/, ""));
      const found = swarm && statSync(archiveOf(home, swarm), { throwIfNoEntry: false });
      return found ? [{ swarm, bytes: found.size, packedAt: Math.floor(found.mtimeMs) }] : [];
    })
    .sort((a, b) => a.packedAt - b.packedAt);
}

/** Safe to repeat after a crash at any point. Throws ARCHIVE_FAILED; then the swarm is where it was. */
export async function archiveSwarm(home: string, swarm: SwarmId): Promise<void> {
  const layout = storeLayout(home);
  const { dir, log } = layout.swarm(swarm);
  const draft = path.join(layout.archive, `${swarm}.${randomText(8)}${DRAFT}`);
  mkdirSync(layout.archive, { recursive: true, mode: 0o700 });
  dropDrafts(layout.archive, swarm);
  const { size } = statSync(log);
  try {
    await tar(["-czf", draft, "-C", layout.swarms, swarm], layout.root);
    const { stdout } = await tar(["-tzvf", draft, `${swarm}/${path.basename(log)}`], layout.root);
    if (!stdout.split(/\s+/).includes(String(size))) throw failed(swarm, "the archive does not hold the whole log");
    await syncFile(draft, fileIo);
    renameSync(draft, archiveOf(home, swarm));
    await syncDir(layout.archive, fileIo);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error instanceof SkepError ? error : failed(swarm, describeError(error));
  }
  const gone = await takeOut(layout.staging, dir);
  // A commit that came meanwhile was answered with yes: then all of it is put back. One that comes later finds no log.
  if (statSync(path.join(gone, path.basename(log))).size !== size) {
    renameSync(gone, dir);
    rmSync(archiveOf(home, swarm), { force: true });
    throw failed(swarm, "it was written to meanwhile");
  }
  rmSync(gone, { recursive: true, force: true });
}

/** Of a packing that was killed: it counts as room that is used. One that somebody may still write to stays. */
function dropDrafts(archive: string, swarm: SwarmId): void {
  const before = systemClock.now() - 2 * MINUTES * 60_000;
  for (const name of readdirSync(archive)) {
    if (!name.startsWith(`${swarm}.`) || !name.endsWith(DRAFT)) continue;
    const draft = path.join(archive, name);
    const found = statSync(draft, { throwIfNoEntry: false });
    if (found && found.mtimeMs < before) rmSync(draft, { force: true });
  }
}

/** Out of the list by one rename; a crash while it is deleted leaves no half swarm. Where it is then. */
async function takeOut(staging: string, dir: string): Promise<string> {
  mkdirSync(staging, { recursive: true, mode: 0o700 });
  const gone = path.join(staging, `${path.basename(dir)}.${randomText(8)}`);
  renameSync(dir, gone);
  await syncDir(path.dirname(dir), fileIo);
  return gone;
}

async function tar(args: readonly string[], cwd: string): Promise<{ readonly stdout: string }> {
  const env = { PATH: process.env.PATH ?? "", LC_ALL: "C" };
  const result = await run(["tar", ...args], { cwd, env, timeoutMs: MINUTES * 60_000, maxOutput: 4_096 });
  if (result.outcome === "exited" && result.code === 0) return result;
  throw new SkepError(
    "ARCHIVE_FAILED",
    `tar ${result.outcome}: ${quote((result.problem || result.stderr).trim(), 300)}`,
    "install tar, or leave the swarm as it is",
  );
}

const failed = (swarm: SwarmId, why: string): SkepError =>
  new SkepError("ARCHIVE_FAILED", `${swarm} was not archived: ${quote(why, 300)}`, "skep gc");
