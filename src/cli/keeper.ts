/** `skep keeper`: started by skep itself, detached, to keep a project's host running. Imports next to nothing: it stays in memory. */
import { parseArgs } from "node:util";
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

/** Its arguments come from skep itself, so they are read without the help and hints other commands have. */
export async function run(argv: readonly string[]): Promise<number> {
  const options = { project: { type: "string" }, home: { type: "string" } } as const;
  const { project, home } = parseArgs({ args: [...argv], options }).values;
  if (project === undefined || home === undefined) throw new Error("skep keeper is started by skep alone");
  return runKeeper({ project, home });
}
