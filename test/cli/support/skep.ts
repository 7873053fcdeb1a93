/** The built program as a user starts it: a real process, its output, its exit code. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { systemClock } from "../../../src/base/clock.ts";
import { SHAPES } from "../../../src/cli/shapes/index.ts";
import { endKept } from "../../../src/engine/host/end.ts";
import { builtMain } from "../../support/build.ts";
import { makeRepo, type TestRepo } from "../../support/repo.ts";
import { tempDir } from "../../support/temp.ts";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it printed so far. */
  out(): string;
  err(): string;
}
export interface SkepOptions {
  readonly cwd?: string;
  /** undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** Whose process it is; only root may say. */
  readonly user?: number;
  /** Leaves stdin open, for a test that writes to it. */
  readonly keepOpen?: boolean;
}

/** A program is started once at a time by a test, never by a shell. */
export function start(argv: readonly string[], { cwd = process.cwd(), env = {}, input, user }: SkepOptions = {}): Running {
  const [program = "", ...args] = argv;
  const all = { ...process.env, SKEP_PROJECT: undefined, CLAUDE_PROJECT_DIR: undefined, ...env };
  const child = spawn(program, args, {
    cwd,
    env: all,
    stdio: ["pipe", "pipe", "pipe"],
    ...(user === undefined ? {} : { uid: user, gid: user }),
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  // A program may end without having read it: a hook that lets an agent through does.
  child.stdin.on("error", () => undefined);
  if (input !== undefined) child.stdin.end(input);
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return { child, ended, out: () => stdout, err: () => stderr };
}

export const startSkep = (args: readonly string[], { keepOpen = false, ...options }: SkepOptions = {}): Running =>
  start([process.execPath, builtMain(), ...args], keepOpen ? options : { input: "", ...options });

export async function skep(args: readonly string[], options: SkepOptions = {}): Promise<Ended> {
  const ended = await startSkep(args, options).ended;
  if (args.includes("--json") && ended.stdout !== "") holdToShape(args[0] ?? "", ended.stdout);
  return ended;
}

/** What a command prints as JSON is what docs/json.md says. */
function holdToShape(command: string, stdout: string): void {
  const shapes = SHAPES[command];
  // A transcript is lines.
  if (!shapes || !stdout.startsWith("{\n")) return;
  const tried = shapes.map(({ facts }) => facts.safeParse(JSON.parse(stdout)));
  if (!tried.some(({ success }) => success))
    throw new Error(`skep ${command} --json is not as documented:\n${tried.map(({ error }) => error?.message).join("\n")}`);
}

const homes: string[] = [];

/** A repository whose host, should a command start one, is ended by `endHosts`. */
export function hostedRepo(): TestRepo {
  const repo = makeRepo();
  homes.push(path.join(repo.commonDir, "skep"));
  return repo;
}

/** For afterEach: no host outlives the test that had it started. */
export async function endHosts(): Promise<void> {
  for (const home of homes.splice(0)) await endKept(home, systemClock);
}

/** A folder in no repository. */
export const nowhere = (): string => tempDir("nowhere");
