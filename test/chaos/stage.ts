/** Where a round plays: the product's program behind failpoints, a user's repository, and the processes that belong to them. */
import { type ChildProcess, spawn } from "node:child_process";
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { mintUuid } from "../../src/base/ids.ts";
import { identify } from "../../src/proc/identity.ts";
import { bundle } from "../support/bundle.ts";
import { type Leak, liveChildren, MARK } from "../support/leaks.ts";
import { repoAt, type TestRepo, userGit, writeFiles } from "../support/repo.ts";
import { CONTROL, Control } from "./control.ts";
import type { ChaosPlaybook } from "./playbooks.ts";

export interface Stage {
  readonly dir: string;
  readonly repo: TestRepo;
  readonly control: Control;
  /** `.git/skep` of the repository. */
  readonly home: string;
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  /** Every process of this stage that lives; the runner itself is none. */
  living(): readonly Leak[];
  agents(): readonly { readonly pid: number; readonly cwd: string }[];
  /** The process that names itself host or keeper and lives. */
  pidOf(who: "host" | "keeper"): number | null;
  /** Another `skep serve`, as somebody at a terminal starts it. */
  startHost(): ChildProcess;
}

/** The program once for all rounds, installed as the package is: roles, rules and templates beside it. */
export async function install(): Promise<string> {
  const place = realpathSync(mkdtempSync(path.join(tmpdir(), "chaos-program-")));
  const root = path.resolve(import.meta.dirname, "../..");
  for (const part of ["roles", "rules", "templates", "package.json"])
    cpSync(path.join(root, part), path.join(place, part), { recursive: true });
  return bundle(path.join(import.meta.dirname, "main.ts"), path.join(place, "dist"));
}

const FILES = { "README.md": "# A project\n", "src/util/lists.txt": "lists\nof\nwords\n", "src/util/words.txt": "words\nof\nlists\n" };

export function setStage(program: string, { playbook, supervision = {} }: ChaosPlaybook): Stage {
  const dir = realpathSync(mkdtempSync(path.join(tmpdir(), "chaos-")));
  const [root, worktrees, agents] = [path.join(dir, "project"), path.join(dir, "worktrees"), path.join(dir, "agents")];
  for (const folder of [root, worktrees, agents, path.join(dir, "home")]) mkdirSync(folder);
  const book = path.join(dir, "playbook.json");
  writeFiles(dir, { "playbook.json": JSON.stringify(playbook) });
  userGit(root, "init", "-q", "-b", "main");
  userGit(root, "config", "user.name", "Ursula User");
  userGit(root, "config", "user.email", "ursula@example.test");
  const config = {
    worktree: { root: worktrees, setup: [] },
    merge: { verify: "always" },
    limits: { attempts: 8 },
    supervision,
    harness: { default: "scripted", adapters: { scripted: { settings: { playbook: book, state: agents } } } },
  };
  writeFiles(root, { ...FILES, ".skep/config.yaml": JSON.stringify(config) });
  userGit(root, "add", "-A");
  userGit(root, "commit", "-q", "-m", "start");
  const repo = repoAt(root);
  const home = path.join(repo.commonDir, "skep");
  const control = new Control(path.join(dir, "control"));
  const mark = mintUuid();
  const env = {
    ...{ PATH: process.env.PATH ?? "", LANG: "C.UTF-8", HOME: path.join(dir, "home"), SKEP_LOG: "info" },
    ...{ [CONTROL]: control.places.dir, [MARK]: mark },
  };
  const argv = [process.execPath, program] as const;
  return {
    ...{ dir, repo, control, home, argv, env },
    living: () => liveChildren(mark, [dir]),
    agents: () => liveChildren(mark, [dir]).flatMap(({ pid, command }) => (command.endsWith(" agent") ? placed(pid) : [])),
    pidOf: (who) => named(path.join(home, "host"), who),
    startHost() {
      mkdirSync(path.join(home, "host"), { recursive: true });
      const log = openSync(path.join(dir, "second-host.log"), "a");
      const [node, ...args] = argv;
      const child = spawn(node, [...args, "serve", "--project", root], { cwd: root, env, stdio: ["ignore", log, log] });
      closeSync(log);
      return child;
    },
  };
}

function placed(pid: number): readonly { pid: number; cwd: string }[] {
  try {
    return [{ pid, cwd: readlinkSync(`/proc/${pid}/cwd`) }];
  } catch {
    return []; // it has ended
  }
}

function named(folder: string, who: "host" | "keeper"): number | null {
  const key = who === "host" ? "holder" : "keeper";
  try {
    const record = JSON.parse(readFileSync(path.join(folder, `${key}.json`), "utf8")) as Record<
      string,
      { pid: number; start: string } | null
    >;
    const found = record[key];
    return found && identify(found.pid) === found.start ? found.pid : null;
  } catch {
    return null; // none so far
  }
}

/** Folders of swarms that were begun: a creator that dies between the folder and the first commit leaves an empty one. */
export function swarmFolders(stage: Stage): readonly string[] {
  const folder = path.join(stage.home, "swarms");
  const all = existsSync(folder) ? readdirSync(folder).map((id) => path.join(folder, id)) : [];
  return all.filter((place) => (statSync(path.join(place, "events.jsonl"), { throwIfNoEntry: false })?.size ?? 0) > 0);
}

/** The one swarm's folder, null before it is begun. */
export const swarmFolder = (stage: Stage): string | null => swarmFolders(stage)[0] ?? null;
