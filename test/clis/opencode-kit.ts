/** For drivers of the real OpenCode: a user's home, a repository with a linked worktree, and sessions whose events are kept. */
import { execFileSync } from "node:child_process";
import { appendFileSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { systemClock } from "../../src/base/clock.ts";
import { mintUuid, type SessionId, type SwarmId } from "../../src/base/ids.ts";
import type { HarnessEvent, LaunchOrder } from "../../src/harness/harness.ts";
import { opencode } from "../../src/harness/opencode.ts";
import { type LiveSession, startSession } from "../../src/harness/session.ts";
import { until } from "../support/until.ts";

export type EventOf<T extends HarnessEvent["type"]> = Extract<HarnessEvent, { type: T }>;
export interface Run extends LiveSession {
  readonly events: readonly HarnessEvent[];
  of<T extends HarnessEvent["type"]>(type: T): readonly EventOf<T>[];
  see<T extends HarnessEvent["type"]>(type: T, count?: number): Promise<EventOf<T>>;
  say(text: string, urgency?: "next" | "now"): Promise<"taken" | "gone">;
}

const KEY = "FAKE_MODEL_KEY";
export const MADE_UP_KEY = "made-up-key-of-the-test";

/** A home with settings of the user's own, none of which may matter in a session. */
export function makeHome(home: string): void {
  const put = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(home, file)), { recursive: true });
    writeFileSync(path.join(home, file), text);
  };
  put(".config/opencode/opencode.json", JSON.stringify({ instructions: [path.join(home, "mine.md")], permission: { "*": "allow" } }));
  put("mine.md", "INSTRUCTIONS OF THE USER");
  put(".local/share/opencode/auth.json", JSON.stringify({ elsewhere: { type: "api", key: "key-of-another-provider" } }));
  put(".opencode/agent/build.md", "---\nmode: primary\n---\nAGENT OF THE USER");
  put(".bashrc", "export FROM_BASHRC=yes\n");
}

/** A repository whose own OpenCode settings would open everything, and a worktree of it. */
export function makeTree(repo: string, tree: string): void {
  const git = (...args: string[]): string => execFileSync("git", args, { cwd: repo, env: gitEnv(), encoding: "utf8" });
  mkdirSync(repo, { recursive: true });
  git("init", "-q");
  const files = {
    "old.txt": "old text\n",
    "AGENTS.md": "AGENTS OF THE PROJECT",
    "PROJECT.md": "INSTRUCTIONS OF THE PROJECT",
    "opencode.json": JSON.stringify({ instructions: ["PROJECT.md"], permission: { "*": "allow" }, agent: { build: { prompt: "OTHER" } } }),
    "package.json": JSON.stringify({ scripts: { test: "echo tests pass" } }),
    ".env": "SECRET_OF_PROJECT=1\n",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(repo, name), text);
  git("add", "-f", ".");
  git("commit", "-qm", "start");
  git("worktree", "add", "-q", "-b", "task", tree);
}
const gitEnv = () => {
  const who = { GIT_AUTHOR_NAME: "t", GIT_AUTHOR_EMAIL: "t@skep.invalid", GIT_COMMITTER_NAME: "t", GIT_COMMITTER_EMAIL: "t@skep.invalid" };
  return { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "/", GIT_CONFIG_GLOBAL: "/dev/null", ...who };
};

export async function orderFor(bin: string, place: string, modelUrl: string, mcp: LaunchOrder["mcp"]): Promise<LaunchOrder> {
  const home = path.join(place, "home");
  const found = await opencode.detect({ PATH: `${bin}:${process.env.PATH}`, HOME: home });
  if (!found.found) throw new Error(found.why);
  const models = { m1: { name: "m1", limit: { context: 200_000, output: 8_000 }, cost: { input: 1, output: 2 } } };
  const options = { baseURL: `${modelUrl}/v1`, apiKey: `{env:${KEY}}` };
  return {
    ...{ swarm: "s-test" as SwarmId, session: "x-test" as SessionId, seat: "dev-0", role: "developer", binary: found.path },
    ...{ cwd: path.join(place, "tree"), home: path.join(place, "session"), cliSession: mintUuid(), resume: false },
    ...{ rolePrompt: "ROLE TEXT OF THE TEST", model: "fake/m1", mcp, preset: "guarded", commands: [["npm", "test"], ["env"]] },
    limits: { steps: 40, usd: null },
    env: { HOME: home, PATH: process.env.PATH ?? "", LANG: "C.UTF-8", SKEP_SESSION: "s-test/x-test", [KEY]: MADE_UP_KEY },
    settings: { env: [KEY], config: { provider: { fake: { npm: "@ai-sdk/openai-compatible", name: "Fake", options, models } } } },
  };
}

/** @param tape file that gets every line the adapter read, with `$` lines where it was waited for. */
export async function start(name: string, order: LaunchOrder, tape?: string): Promise<Run> {
  const events: HarnessEvent[] = [];
  const harness = tape === undefined ? opencode : { ...opencode, codec: (given: LaunchOrder) => taped(given, tape) };
  const session = await startSession(harness, order, { clock: systemClock, onEvent: (event) => void events.push(event) });
  let over = "";
  void session.exited.then((exit) => {
    over = JSON.stringify(exit);
    process.stderr.write(`${name} ended ${over}\n`);
  });
  const of = <T extends HarnessEvent["type"]>(type: T) => events.filter((event): event is EventOf<T> => event.type === type);
  return {
    ...session,
    events,
    of,
    async see(type, count = 1) {
      const what = `${name}: ${count} × ${type}`;
      const found = await until(() => of(type)[count - 1] ?? over, { timeoutMs: 60_000, what: `${what} in ${tail(events)}` }).catch(() => {
        throw new Error(`${what} did not come: ${tail(events)}`);
      });
      if (typeof found !== "string") return found;
      throw new Error(`${what}: it ended ${found} after ${tail(events)}`);
    },
    say: (text, urgency = "next") => session.deliver(text, mintUuid(), urgency),
  };
}
const tail = (events: readonly HarnessEvent[]): string =>
  JSON.stringify(events.filter(({ type }) => type !== "alive" && type !== "reply")).slice(-2_500);

function taped(order: LaunchOrder, tape: string) {
  const codec = opencode.codec(order);
  const note = (line: string): void => appendFileSync(tape, `${line}\n`);
  return {
    ...codec,
    read(line: string) {
      note(line);
      return codec.read(line);
    },
    message(...args: Parameters<typeof codec.message>) {
      const lines = codec.message(...args);
      // What is urgent cuts the running turn first.
      const cut = args[2] === "now" && lines.some((line) => line.includes("/abort"));
      note(JSON.stringify({ $: "wait", for: cut ? "interrupt" : "message", receipt: args[1] }));
      return lines;
    },
    interrupt() {
      note(JSON.stringify({ $: "wait", for: "interrupt" }));
      return codec.interrupt();
    },
  };
}

/** Files below a folder that hold one of the texts, with who else may read them. */
export function filesWith(folder: string, texts: readonly string[]): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).flatMap((name) => {
    const stat = lstatSync(path.join(folder, name));
    if (!stat.isFile()) return [];
    const content = readFileSync(path.join(folder, name), "latin1");
    return texts.some((text) => content.includes(text)) ? [`${name} ${(stat.mode & 0o777).toString(8)}`] : [];
  });
}

/** Name, kind and content of everything below a folder. */
export function snapshot(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(
    names.map((name) => {
      const place = path.join(folder, name);
      return [name, lstatSync(place).isFile() ? readFileSync(place, "latin1") : "not a file"];
    }),
  );
}

export const procFile = (pid: number, name: string): string => readFileSync(`/proc/${pid}/${name}`, "latin1").replaceAll("\0", "\n");
