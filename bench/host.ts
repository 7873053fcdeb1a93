/** A real project with the built program as its host and scripted agents, for figures of the whole way. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { systemClock } from "../src/base/clock.ts";
import type { SwarmId } from "../src/base/ids.ts";
import { createLogger } from "../src/base/logger.ts";
import { endKept } from "../src/engine/host/end.ts";
import { openProject, type StoredProject } from "../src/engine/project.ts";
import { HARNESSES } from "../src/harness/index.ts";
import { MAIN } from "./built.ts";
import { inTempDir } from "./stage.ts";

export interface Hosted {
  readonly root: string;
  readonly project: StoredProject;
  readonly swarm: Awaited<ReturnType<StoredProject["open"]>>;
}

/** Of the project's host: it writes down who it is. */
export const hostPid = ({ project }: Pick<Hosted, "project">): number =>
  (JSON.parse(readFileSync(path.join(project.home, "host/holder.json"), "utf8")) as { holder: { pid: number } }).holder.pid;

/**
 * A swarm whose queen asks a person and then idles: a live session, a host at work, and nothing else going on. Each later
 * message is a turn of hers that says a word.
 */
const IDLE_QUEEN = {
  queen: [
    { call: "human_ask", with: { question: "When does the bench end?", fallback: "never", minutes: 1_440 } },
    { wait: "turn" },
    ...Array.from({ length: 55 }, () => [{ say: "read" }]),
  ],
};

export interface HostedOptions {
  readonly playbook?: object;
  /** Content of a team file; `minimal` when left out. */
  readonly team?: { readonly id: string };
  readonly limits?: object;
  readonly floods?: object;
  /** What the host is started as; the built program when left out. */
  readonly program?: readonly [string, ...string[]];
  /** Arguments for node that start the agents; the built program alone when left out. */
  readonly entry?: readonly string[];
  /** rested: the queen had a turn and idles. begun: the swarm runs. */
  readonly until?: "rested" | "begun";
}

export const withHost = <T>(
  work: (hosted: Hosted) => Promise<T>,
  {
    playbook = IDLE_QUEEN,
    team,
    limits = {},
    floods = {},
    entry = [MAIN],
    program = [process.execPath, MAIN],
    until = "rested",
  }: HostedOptions = {},
): Promise<T> =>
  inTempDir(async (dir) => {
    const [root, agents, book] = [path.join(dir, "project"), path.join(dir, "agents"), path.join(dir, "playbook.json")];
    for (const folder of [path.join(root, ".skep"), agents]) mkdirSync(folder, { recursive: true });
    writeFileSync(book, JSON.stringify(playbook));
    const scripted = { settings: { playbook: book, state: agents, entry } };
    const harness = { default: "scripted", adapters: { scripted } };
    const config = { limits, floods, worktree: { root: path.join(dir, "worktrees") }, harness };
    writeFileSync(path.join(root, ".skep/config.yaml"), JSON.stringify(config));
    if (team) {
      mkdirSync(path.join(root, ".skep/templates/teams"), { recursive: true });
      writeFileSync(path.join(root, `.skep/templates/teams/${team.id}.yaml`), JSON.stringify(team));
    }
    git(root, "init", "-q", "-b", "main");
    git(root, "add", "-A");
    git(root, "-c", "user.name=bench", "-c", "user.email=bench@skep.invalid", "commit", "-q", "-m", "start");
    const harnesses = new Map(Object.entries(HARNESSES));
    const common = { clock: systemClock, logger: createLogger("bench", "error"), env: process.env, harnesses };
    const project = await openProject({ ...common, cwd: root, explicit: root, program });
    try {
      const { handle } = await project.create({ goal: "idle", team: team?.id ?? "minimal", flags: {} });
      const swarm = await project.open(handle.id as SwarmId);
      const idle = await swarm.until(
        (state) => {
          const sessions = [...state.sessions.values()];
          return sessions.some(({ turn, turns, status }) => (until === "begun" ? status === "live" : turn === "idle" && turns > 0))
            ? true
            : null;
        },
        {
          timeoutMs: 120_000,
        },
      );
      if (!idle) throw new Error("the queen did not come to her place");
      return await work({ root, project, swarm });
    } finally {
      await endKept(project.home, systemClock);
      await project.close();
    }
  });

const git = (cwd: string, ...args: string[]): void => void execFileSync("git", args, { cwd });
