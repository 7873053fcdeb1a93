/** `skep keeper`: started by skep itself, detached, to keep a project's host running. Imports next to nothing: it stays in memory. */
import { systemClock } from "../base/clock.ts";
import { keep } from "../engine/host/keeper.ts";
import { hostPlaces } from "../engine/host/places.ts";
import { runningProgram } from "../engine/host/program.ts";
import { identify } from "../proc/identity.ts";

export interface KeeperArguments {
  /** The project's main worktree. */
  readonly project: string;
  /** `<git-common-dir>/skep`. */
  readonly home: string;
}

/** The exit code. */
export async function runKeeper({ project, home }: KeeperArguments, program = runningProgram()): Promise<number> {
  const ending = new AbortController();
  const end = () => ending.abort();
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  return keep({
    places: hostPlaces(home),
    argv: [...program, "serve", "--project", project],
    cwd: project,
    env: process.env,
    clock: systemClock,
    self: { pid: process.pid, start: identify(process.pid) ?? "unknown" },
    signal: ending.signal,
  });
}
