/** Ends what runs in a project and removes what swarms left in it, as far as nothing of anybody's work goes with it. */
import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import path from "node:path";
import { systemClock } from "../../base/clock.ts";
import { describeError, quote } from "../../base/errors.ts";
import { inline } from "../../domain/foreign.ts";
import { folderOf, planTidying, tidy } from "../../engine/gc.ts";
import { endKept } from "../../engine/host/end.ts";
import { removeEmptyFolders } from "../../engine/state-folder.ts";
import { type Desk, withDesk } from "../shell/desk.ts";

const END_MS = 60_000;

export interface Running {
  readonly swarm: string;
  readonly title: string;
}

const hasState = (commonDir: string): boolean => existsSync(path.join(commonDir, "skep"));

/** The swarms that would be stopped. One that cannot be read is not among them: what there is of it stays. */
export async function liveSwarms(root: string, commonDir: string): Promise<readonly Running[]> {
  if (!hasState(commonDir)) return [];
  return withDesk({ project: root, acts: true }, async ({ project }) => {
    const looks = (await readable(project)).map((swarm) =>
      swarm.look(({ status, endedAt, title }) =>
        status === "none" || endedAt !== null ? [] : [{ swarm: swarm.id, title: inline(title, 80) }],
      ),
    );
    return (await Promise.all(looks)).flat();
  });
}

const readable = async (project: Desk["project"]) =>
  (await Promise.all((await project.swarms()).map((id) => project.open(id).catch(() => null)))).filter((swarm) => swarm !== null);

/** @returns what stays because it holds work nothing else holds, one line each; nothing: the state is gone as well. */
export async function leave(root: string, commonDir: string, running: readonly Running[]): Promise<readonly string[]> {
  if (!hasState(commonDir)) return [];
  const { kept, folders, home } = await withDesk({ project: root, acts: true }, async (desk) => {
    const { project } = desk;
    const stopped = await Promise.all(running.map(({ swarm }) => stop(desk, swarm)));
    await endKept(project.home, systemClock);
    const swarms = await readable(project);
    const places = await Promise.all(swarms.map((swarm) => folderOf(swarm, project.home).catch(() => null)));
    const alive = await Promise.all(
      swarms.map((swarm) => swarm.look(({ status, closed }) => (status === "none" || closed ? [] : [swarm.id]))),
    );
    const open = alive.flat().map((id) => `${id}: it has not ended; skep uninstall again`);
    return {
      kept: [...stopped.flat(), ...open, ...(await tidied(desk))],
      folders: places.filter((place) => place !== null),
      home: project.home,
    };
  });
  for (const folder of folders) removeEmptyFolders(folder);
  if (kept.length > 0) return [...kept, `${quote(home, 200)}: the logs of these swarms, which skep gc and skep land read`];
  rmSync(home, { recursive: true, force: true });
  for (const name of REF_FOLDERS) removeEmptyTree(path.join(commonDir, name));
  return [];
}

/** For good, and until its sessions have ended and its worktrees are put away. Answers why not. */
async function stop(desk: Desk, id: string): Promise<readonly string[]> {
  try {
    const swarm = await desk.swarm(id);
    await desk.call("swarm_stop", { swarm: id, why: "skep is uninstalled" });
    await desk.needHost();
    await swarm.until((state) => (state.closed ? true : null), { timeoutMs: END_MS });
    return [];
  } catch (error) {
    return [`${id}: ${describeError(error)}`];
  }
}

async function tidied({ project }: Desk): Promise<readonly string[]> {
  const forever = Number.MAX_SAFE_INTEGER;
  const order = { now: systemClock.now(), olderThanMs: 0, archiveAfterMs: forever, diskBytes: forever, unmerged: false };
  const plan = await planTidying(project, order);
  await tidy(project, plan);
  // Refs that held the same commit as one that is kept are decided anew.
  const { keep, skipped } = await planTidying(project, order);
  return [
    ...keep.map(({ ref, why }) => `${ref.replace(/^refs\/heads\//, "")}: ${why}`),
    ...skipped.map(({ swarm, why }) => `${swarm}: ${why}`),
  ];
}

/** git takes a ref away and leaves the folder it stood in. */
const REF_FOLDERS = ["refs/skep", "refs/heads/skep", "refs/heads/skep-work"].flatMap((name) => [name, `logs/${name}`]);

function removeEmptyTree(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) removeEmptyTree(path.join(folder, entry.name));
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
