/** Driver: one real Gemini CLI through adapter and session, against the scripted model and a real MCP endpoint. */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parsePlaybook } from "../../src/agent/playbook.ts";
import { sleep, systemClock } from "../../src/base/clock.ts";
import { mintToken, mintUuid, type SessionId, type SwarmId, sha256 } from "../../src/base/ids.ts";
import { gemini } from "../../src/harness/gemini.ts";
import type { HarnessEvent, LaunchOrder } from "../../src/harness/harness.ts";
import { type LiveSession, startSession } from "../../src/harness/session.ts";
import { spawnGroup } from "../../src/proc/group.ts";
import { startModelServer } from "../model/server.ts";
import { startToolServer } from "../support/tool-server.ts";
import { until } from "../support/until.ts";
import { finish, requireLoopbackOnly } from "./namespace.ts";
import { filesWithToken, lookAtProcesses, type Seen, tokensIn } from "./token-hunt.ts";

requireLoopbackOnly();
const [bin = "", recordings = ""] = process.argv.slice(2);
const place = process.cwd();
const home = path.join(place, "home");
const cwd = path.join(place, "tree");
const own = path.join(place, "session");
// A user's settings: hooks, servers and commands of theirs may not run in a session of skep's. A project's are refused, so here
// it has what is not refused: commands, agents, skills, variables.
const touch = (name: string): string => `touch ${path.join(place, name)}`;
const strange = {
  hooksConfig: { enabled: true },
  hooks: { SessionStart: [{ hooks: [{ type: "command", command: touch("user-hook") }] }] },
  mcpServers: { stranger: { command: "touch", args: [path.join(place, "user-server")] } },
  tools: { discoveryCommand: touch("user-discovery") },
  mcp: { serverCommand: touch("user-mcp-command") },
};
for (const folder of [home, cwd]) mkdirSync(path.join(folder, ".gemini/agents"), { recursive: true });
writeFileSync(path.join(home, ".gemini/settings.json"), JSON.stringify(strange));
writeFileSync(path.join(home, ".gemini/GEMINI.md"), "MEMORY OF THE USER");
writeFileSync(path.join(cwd, ".gemini/settings.json"), '{"general":{"maxAttempts":2}}');
writeFileSync(path.join(cwd, ".gemini/agents/helper.md"), "---\nname: helper\ndescription: helps\n---\nAGENT OF THE PROJECT\n");
writeFileSync(path.join(cwd, ".env"), "FROM_DOTENV=1\n");
writeFileSync(path.join(cwd, "GEMINI.md"), "MEMORY OF THE PROJECT");
writeFileSync(path.join(cwd, "old.txt"), "old text\n");

const PLAYBOOK = `
tasks:
  t1:
    - call: task_claim
    - edit: src/new.txt
      content: "made by a scripted model\\n"
    - edit: old.txt
      replace: { find: old, with: new }
    - call: task_progress
      with: { done: half }
    - run: [env]
    - run: [git, log, --output=out.txt]
      expect: fail
    - run: [curl, "http://127.0.0.1/"]
      expect: fail
    - run: [head, /etc/hostname]
      expect: fail
    - call: task_submit
      with: { attempt: "\${attempt}" }
    - say: handed in
    - wait: turn
    - say: read the mail
    - wait: turn
    - call: human_ask
    - say: asked
    - wait: turn
    - say: after the kill
`;

const tokens = [mintToken(), mintToken(), mintToken()] as const;
const hashes = new Set(tokens.map(sha256));
const seen: Seen = { argv: new Set(), environ: new Set() };
let patient = true;
const tools = await startToolServer(
  {
    whoami: () => ({ role: "developer", job: { kind: "task", task: "t1", attempt: 1 }, task: { id: "t1", criteria: ["one"] } }),
    task_claim: () => "# Task t1, attempt 1",
    task_progress: async () => {
      lookAtProcesses(seen);
      await sleep(500);
      return "noted";
    },
    task_submit: ({ attempt }) => `accepted attempt ${attempt}: checking. End your turn`,
    human_ask: async (_args, { signal }) => {
      if (patient) await sleep(30_000, signal);
      return "answered";
    },
  },
  { tokens },
);
const model = await startModelServer(parsePlaybook(PLAYBOOK, "gemini-session.yaml"));
const env = {
  ...{ HOME: home, PATH: process.env.PATH ?? "", LANG: "C.UTF-8", SKEP_SESSION: "s-test/x-test" },
  ...{ GOOGLE_GEMINI_BASE_URL: model.url, GEMINI_API_KEY: "made-up-key" },
};
const found = await gemini.detect({ ...env, PATH: `${bin}:${env.PATH}` });
if (!found.found) throw new Error(found.why);
const order: LaunchOrder = {
  ...{ swarm: "s-test" as SwarmId, session: "x-test" as SessionId, seat: "dev-0", role: "developer", binary: found.path },
  ...{ cwd, home: own, cliSession: mintUuid(), resume: false, rolePrompt: "ROLE TEXT OF THE TEST", model: "gemini-2.5-flash" },
  ...{ mcp: { url: tools.url, token: tokens[0] }, preset: "guarded", commands: [["env"]], limits: { steps: 40, usd: null } },
  ...{ env, settings: {} },
};

interface Run extends LiveSession {
  readonly events: HarnessEvent[];
  see<T extends HarnessEvent["type"]>(type: T, count?: number): Promise<Extract<HarnessEvent, { type: T }>>;
}
async function start(name: string, change: Partial<LaunchOrder>): Promise<Run> {
  const events: HarnessEvent[] = [];
  const spawn: typeof spawnGroup = async (argv, options) => {
    const group = await spawnGroup(argv, options);
    return group.started && recordings ? { ...group, lines: taped(group.lines, path.join(recordings, `${name}.jsonl`)) } : group;
  };
  const wiring = { clock: systemClock, onEvent: (event: HarnessEvent) => void events.push(event), spawn };
  const session = await startSession(gemini, { ...order, ...change }, wiring);
  void session.exited.then((exit) => process.stderr.write(`${name} ended ${JSON.stringify(exit)}\n`));
  const see: Run["see"] = (type, count = 1) =>
    until(() => events.filter((event): event is Extract<HarnessEvent, { type: typeof type }> => event.type === type)[count - 1], {
      timeoutMs: 60_000,
      what: `${name}: ${count} × ${type} in ${JSON.stringify(events).slice(-2_000)}`,
    });
  return { ...session, events, see };
}
async function* taped(lines: AsyncIterable<string>, file: string): AsyncGenerator<string> {
  for await (const line of lines) {
    appendFileSync(file, `${line}\n`);
    yield line;
  }
}
const called = (tool: string) =>
  until(() => tools.calls.some((call) => call.tool === tool), { timeoutMs: 60_000, what: `${tool} was called` });

const first = await start("first", {});
const ready = await first.see("ready");
const briefing = first.deliver("# Task t1, attempt 1\nDo it.", mintUuid(), "next");
await called("task_progress");
// Held until the turn ends: a second prompt would cancel the first.
const mail = first.deliver("/mail: look at old.txt", mintUuid(), "next");
const turns = [await first.see("turn_ended", 1), await first.see("turn_ended", 2)];

const asked = first.deliver("Ask.", mintUuid(), "next");
await called("human_ask");
const cutAt = systemClock.monotonic();
const urgent = first.deliver("Stop that. Ask anew.", mintUuid(), "now");
turns.push(await first.see("turn_ended", 3));
const cutMs = Math.round(systemClock.monotonic() - cutAt);
patient = false;
turns.push(await first.see("turn_ended", 4));

model.failWith(429, 429);
const limited = first.deliver("Go on.", mintUuid(), "next");
turns.push(await first.see("turn_ended", 5));
model.failWith({ status: 401, body: { error: { code: 401, message: "API key not valid", status: "UNAUTHENTICATED" } } });
void first.deliver("Go on.", mintUuid(), "next");
turns.push(await first.see("turn_ended", 6));
process.kill(first.pid, "SIGKILL");
const killed = await first.exited;

// Its files are named by the minute: loaded in the minute it began, a session would be written over by itself.
const chats = path.join(own, ".gemini/tmp/tree/chats");
for (const name of readdirSync(chats)) renameSync(path.join(chats, name), path.join(chats, name.replace(/T\d\d-\d\d/, "T00-00")));
const resume = { resume: true, cliSession: ready.cliSession };
const resumed = await start("resumed", { ...resume, mcp: { url: tools.url, token: tokens[1] } });
const resumedReady = await resumed.see("ready");
const resumedFate = await resumed.deliver("Go on after the kill.", mintUuid(), "next");
turns.push(await resumed.see("turn_ended"));
const ended = await resumed.stop(5_000);

const unknown = await start("unknown", { resume: true, cliSession: mintUuid(), mcp: { url: tools.url, token: tokens[2] } });
const broken = await unknown.see("broken");
await unknown.stop(2_000);

const texts = (type: "text" | "tool") => first.events.filter((event) => event.type === type);
const bodies = model.raw.join("\n");
finish({
  version: found.version,
  ready,
  resumedReady,
  broken,
  fates: {
    briefing: await briefing,
    mail: await mail,
    asked: await asked,
    urgent: await urgent,
    limited: await limited,
    resumed: resumedFate,
  },
  cutMs,
  turns,
  exits: { killed, ended },
  tools: texts("tool"),
  results: first.events.filter(({ type }) => type === "tool_result"),
  denied: first.events.filter(({ type }) => type === "denied"),
  noise: [...first.events, ...resumed.events].filter(({ type }) => type === "noise"),
  calls: tools.calls.map(({ tool, token }) => `${tool} ${tokens.indexOf(token)}`),
  files: ["src/new.txt", "old.txt", "out.txt"].filter((file) => existsSync(path.join(cwd, file))),
  strangers: readdirSync(place).filter((name) => /^(user|project)-/.test(name)),
  userSettings: readFileSync(path.join(home, ".gemini/settings.json"), "utf8") === JSON.stringify(strange),
  userFiles: readdirSync(path.join(home, ".gemini")).sort(),
  offered: model.requests.find(({ tools: offered }) => offered.length > 0)?.tools,
  rolePrompt: model.requests.some(({ system }) => system.includes("ROLE TEXT OF THE TEST")),
  memory: ["USER", "PROJECT"].filter((whose) => bodies.includes(`MEMORY OF THE ${whose}`)),
  resumedHistory: model.requests.at(-1)?.items.some((item) => item.kind === "message" && item.text.includes("Task t1, attempt 1")),
  shellEnv: model.requests.flatMap(({ items }) =>
    items.flatMap((item) => (item.kind === "result" && /^PATH=/m.test(item.text) ? [item.text] : [])),
  )[0],
  hunt: {
    model: model.raw.filter((one) => tokensIn(one, hashes) > 0).length,
    argv: [...seen.argv].filter((one) => tokensIn(one, hashes) > 0).length,
    environ: [...seen.environ].filter((one) => tokensIn(one, hashes) > 0).length,
    files: filesWithToken(place, hashes),
    looked: { argv: seen.argv.size, environ: seen.environ.size },
  },
  other: model.raw
    .map((one) => one.split(" ").slice(0, 2).join(" ").split("?")[0])
    .filter((one) => !one?.endsWith(":streamGenerateContent")),
  faults: model.faults,
});
await Promise.all([tools.close(), model.close()]);
