/** What the drivers of the real Codex share: a linked worktree, a user's own Codex folder, sessions whose events are kept. */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { systemClock } from "../../src/base/clock.ts";
import { mintUuid, type SessionId, type SwarmId } from "../../src/base/ids.ts";
import { codex } from "../../src/harness/codex.ts";
import type { HarnessEvent, LaunchOrder } from "../../src/harness/harness.ts";
import { type LiveSession, startSession } from "../../src/harness/session.ts";
import { spawnGroup } from "../../src/proc/group.ts";
import type { ModelServer } from "../model/server.ts";
import { makeRepo, type TestRepo } from "../support/repo.ts";
import { until } from "../support/until.ts";

export const KEY = "made-up-key-of-the-provider";
export const BRANCH = "skep-work/s-test/t1/1";

export interface Place {
  readonly root: string;
  readonly home: string;
  readonly repo: TestRepo;
  /** A linked worktree on BRANCH, with a project's own Codex settings that must not count. */
  readonly tree: string;
}

/** A user's own settings, sign-in and texts, and a project's: none of them may show in a session of skep's. */
export function makePlace(root: string): Place {
  const [home, tree] = [path.join(root, "home"), path.join(root, "tree")];
  const touch = (name: string): string => `mcp_servers.${name} = {command = "touch", args = [${JSON.stringify(path.join(root, name))}]}\n`;
  mkdirSync(path.join(home, ".codex"), { recursive: true });
  writeFileSync(
    path.join(home, ".codex/config.toml"),
    `notify = ["touch", ${JSON.stringify(path.join(root, "notify"))}]\n${touch("user")}`,
  );
  writeFileSync(path.join(home, ".codex/AGENTS.md"), "WORDS OF THE USER\n");
  writeFileSync(path.join(home, ".codex/auth.json"), JSON.stringify({ OPENAI_API_KEY: "key-of-the-user" }));
  const repo = makeRepo();
  repo.commit({ "old.txt": "old text\n" });
  repo.git("worktree", "add", "-q", "-b", BRANCH, tree);
  mkdirSync(path.join(tree, ".codex"));
  writeFileSync(path.join(tree, ".codex/config.toml"), touch("project"));
  const hook = { hooks: [{ type: "command", command: `touch ${path.join(root, "hook")}` }] };
  writeFileSync(path.join(tree, ".codex/hooks.json"), JSON.stringify({ hooks: { SessionStart: [hook], Stop: [hook] } }));
  writeFileSync(path.join(tree, "AGENTS.md"), "WORDS OF THE WORKTREE\n");
  return { root, home, repo, tree };
}

/** Names, times and contents below a folder: the same twice means that nobody wrote there. */
export const stateOf = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => path.join(folder, name))
    .map((file) => [file, statSync(file).mtimeMs, statSync(file).isFile() ? readFileSync(file, "latin1") : ""].join(" "))
    .join("\n");

export const provider = (model: ModelServer): Readonly<Record<string, unknown>> => ({
  config: {
    model_provider: "scripted",
    "model_providers.scripted": {
      ...{ name: "scripted", base_url: `${model.url}/v1`, env_key: "SCRIPTED_KEY", wire_api: "responses" },
      ...{ request_max_retries: 0, stream_max_retries: 2 },
    },
  },
});

export async function baseOrder(bin: string, place: Place, model: ModelServer, mcp: LaunchOrder["mcp"]): Promise<LaunchOrder> {
  const env = { HOME: place.home, PATH: process.env.PATH ?? "", LANG: "C.UTF-8", SCRIPTED_KEY: KEY };
  const found = await codex.detect({ ...env, PATH: `${bin}:${env.PATH}` });
  if (!found.found) throw new Error(found.why);
  return {
    ...{ swarm: "s-test" as SwarmId, session: "x-test" as SessionId, seat: "dev-0", role: "developer" },
    ...{ binary: found.path, cwd: place.tree, home: path.join(place.root, "session"), cliSession: mintUuid(), resume: false },
    ...{ rolePrompt: "ROLE TEXT OF THE TEST", model: "a-model", mcp, preset: "guarded", commands: [], limits: { steps: 40, usd: null } },
    ...{ env, settings: provider(model) },
  };
}

export interface Run extends LiveSession {
  readonly events: HarnessEvent[];
  see<T extends HarnessEvent["type"]>(type: T, count?: number): Promise<Extract<HarnessEvent, { type: T }>>;
}

/** @param tape folder for what the program said, by the session's name; "" keeps nothing */
export async function start(name: string, order: LaunchOrder, tape: string): Promise<Run> {
  const events: HarnessEvent[] = [];
  const spawn: typeof spawnGroup = async (argv, options) => {
    const group = await spawnGroup(argv, options);
    if (!group.started || tape === "") return group;
    const note = (line: string): void => appendFileSync(path.join(tape, `${name}.jsonl`), `${line}\n`);
    return {
      ...group,
      lines: noted(group.lines, note),
      write(text: string) {
        note(JSON.stringify({ sent: JSON.parse(text) }));
        return group.write(text);
      },
    };
  };
  const session = await startSession(codex, order, { clock: systemClock, onEvent: (event) => void events.push(event), spawn });
  let over = "";
  void session.exited.then((exit) => {
    over = JSON.stringify(exit);
    process.stderr.write(`${name} ended ${over}\n`);
  });
  return {
    ...session,
    events,
    async see<T extends HarnessEvent["type"]>(type: T, count = 1) {
      const of = (): readonly Extract<HarnessEvent, { type: T }>[] =>
        events.filter((event): event is Extract<HarnessEvent, { type: T }> => event.type === type);
      const what = `${name}: ${count} × ${type} in ${JSON.stringify(events).slice(-3_000)}`;
      const found = await until(() => of()[count - 1] ?? over, { timeoutMs: 30_000, what });
      if (typeof found !== "string") return found;
      throw new Error(`${name} ended ${found} without ${count} × ${type}: ${JSON.stringify(events).slice(-3_000)}`);
    },
  };
}

async function* noted(lines: AsyncIterable<string>, note: (line: string) => void): AsyncGenerator<string> {
  for await (const line of lines) {
    note(line);
    yield line;
  }
}
