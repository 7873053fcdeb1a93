/** A project with scripted agents, a real host behind a keeper, and the test as its operator. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { systemClock } from "../../../src/base/clock.ts";
import type { SwarmId } from "../../../src/base/ids.ts";
import { createLogger } from "../../../src/base/logger.ts";
import type { State } from "../../../src/domain/model.ts";
import type { LiveSwarm } from "../../../src/engine/host/context.ts";
import { openProject, type StoredProject } from "../../../src/engine/project.ts";
import { HARNESSES, harnessIds } from "../../../src/harness/index.ts";
import { identify } from "../../../src/proc/identity.ts";
import { bundled } from "../../support/bundled.ts";
import { makeRepo, type TestRepo } from "../../support/repo.ts";
import { tempDir } from "../../support/temp.ts";
import { until } from "../../support/until.ts";

const logger = createLogger("test", "silent");
/** The end-to-end main file as one bundle. */
export const e2eMain = (): Promise<string> => bundled(path.join(import.meta.dirname, "main.ts"));

export interface Rig {
  readonly repo: TestRepo;
  readonly project: StoredProject;
  readonly folder: string;
  /** What the project's host is started with beside this process's own variables. */
  readonly env: Readonly<Record<string, string>>;
  /** The host dies at each of these points in turn: "before merge_task", "after merge_task". */
  killAt(points: readonly string[]): void;
  /** Points not come to yet. */
  killsLeft(): readonly string[];
  /** The host dies now. */
  killHost(): void;
  hostLog(): string;
  create(goal: string, team?: string): Promise<LiveSwarm>;
  /** Waits until the selector answers; throws with the host's log when it does not. */
  until<T>(swarm: LiveSwarm, what: string, select: (state: Readonly<State>) => T | null | false, timeoutMs?: number): Promise<T>;
  close(): Promise<void>;
}

export interface RigOptions {
  readonly playbook: string;
  /** Files of the repository beside the template's. */
  readonly files?: Readonly<Record<string, string>>;
  /** Further lines of `.skep/config.yaml`. */
  readonly config?: string;
  /** What prepares each worktree. */
  readonly setup?: readonly (readonly string[])[];
  /** Lines below `harness:`; scripted agents unless given. A function gets the settings of those. */
  readonly harness?: readonly string[] | ((scripted: unknown) => readonly string[]);
  /** Variables of the host beside this process's own. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function makeRig({ playbook, files = {}, config = "", setup, harness, env = {} }: RigOptions): Promise<Rig> {
  const folder = tempDir("rig");
  const [state, worktrees, book] = [path.join(folder, "agents"), path.join(folder, "worktrees"), path.join(folder, "playbook.yaml")];
  mkdirSync(state);
  writeFileSync(book, playbook);
  const repo = makeRepo();
  const scripted = { playbook: book, state };
  const lines = typeof harness === "function" ? harness(scripted) : harness;
  repo.commit({
    ...files,
    ".skep/config.yaml": [
      "worktree:",
      `  root: ${JSON.stringify(worktrees)}`,
      ...(setup ? [`  setup: ${JSON.stringify(setup)}`] : []),
      "harness:",
      ...(lines ?? ["  default: scripted", `  adapters: {scripted: {settings: ${JSON.stringify(scripted)}}}`]),
      config,
      "",
    ].join("\n"),
  });
  const harnesses = new Map(harnessIds.map((id) => [id, HARNESSES[id]]));
  const project = await openProject({
    clock: systemClock,
    logger,
    env: { ...process.env, ...env },
    cwd: repo.root,
    explicit: repo.root,
    harnesses,
    program: [process.execPath, await e2eMain()],
    staleMs: 1_500,
  });
  const kill = path.join(project.home, "kill");
  const hostLog = (): string => {
    const file = path.join(project.home, "host", "host.log");
    return existsSync(file) ? readFileSync(file, "utf8") : "(no host log)";
  };
  return {
    repo,
    project,
    folder,
    env,
    hostLog,
    killHost() {
      const { holder } = JSON.parse(readFileSync(path.join(project.home, "host", "holder.json"), "utf8")) as { holder: { pid: number } };
      process.kill(holder.pid, "SIGKILL");
    },
    killAt: (points) => writeFileSync(kill, points.join("\n")),
    killsLeft: () => readFileSync(kill, "utf8").split("\n").filter(Boolean),
    async create(goal, team = "minimal") {
      const { handle } = await project.create({ goal, team, flags: {} });
      return project.open(handle.id as SwarmId);
    },
    async until(swarm, what, select, timeoutMs = 40_000) {
      const found = await swarm.until((now) => select(now) || null, { timeoutMs });
      if (found === null)
        throw new Error(`waited ${timeoutMs} ms for ${what}\n${await story(swarm)}\n--- host\n${hostLog().slice(-6_000)}`);
      return found;
    },
    async close() {
      await endHost(project);
      await project.close();
    },
  };
}

/** What happened so far, for a test that waits in vain. */
export async function story(swarm: LiveSwarm): Promise<string> {
  const commits = await swarm.events(0);
  return commits
    .map(({ seq, by, events }) => `${seq} ${by}: ${events.map((event) => JSON.stringify(event).slice(0, 300)).join("\n    ")}`)
    .join("\n");
}

/** The keeper first, then the host, by the pids they wrote down. */
export async function endHost(project: StoredProject): Promise<void> {
  const ended: number[] = [];
  for (const name of ["keeper", "holder"]) {
    const file = path.join(project.home, "host", `${name}.json`);
    if (!existsSync(file)) continue;
    const record = JSON.parse(readFileSync(file, "utf8")) as Record<string, { pid?: number } | null>;
    const pid = record[name]?.pid;
    if (pid === undefined) continue;
    try {
      process.kill(pid, "SIGTERM");
      ended.push(pid);
    } catch {
      // Gone already: the host ends by itself when nothing needs it.
    }
  }
  await until(() => ended.every((pid) => identify(pid) === null), { what: "the end of host and keeper" });
}
