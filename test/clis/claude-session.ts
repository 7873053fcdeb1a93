/** Driver: one real Claude Code session through adapter and session, against the scripted model and a real MCP endpoint. */
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parsePlaybook } from "../../src/agent/playbook.ts";
import { sleep, systemClock } from "../../src/base/clock.ts";
import { mintUuid, type SessionId, type SwarmId } from "../../src/base/ids.ts";
import { claude } from "../../src/harness/claude.ts";
import type { HarnessEvent, LaunchOrder } from "../../src/harness/harness.ts";
import { type LiveSession, startSession } from "../../src/harness/session.ts";
import { spawnGroup } from "../../src/proc/group.ts";
import { startModelServer } from "../model/server.ts";
import { startToolServer } from "../support/tool-server.ts";
import { until } from "../support/until.ts";
import { finish, requireLoopbackOnly } from "./namespace.ts";

requireLoopbackOnly();
const [bin = "", recordings = ""] = process.argv.slice(2);
const place = process.cwd();
const home = path.join(place, "home");
const cwd = path.join(place, "tree");
mkdirSync(path.join(home, ".claude"), { recursive: true });
mkdirSync(path.join(cwd, ".claude"), { recursive: true });
// A user's own hook and a project's settings: neither may run in a session of skep's.
const touch = (name: string) => ({
  hooks: { SessionStart: [{ hooks: [{ type: "command", command: `touch ${path.join(place, name)}` }] }] },
});
writeFileSync(path.join(home, ".claude/settings.json"), JSON.stringify(touch("user-hook")));
writeFileSync(path.join(cwd, ".claude/settings.json"), JSON.stringify(touch("project-hook")));
writeFileSync(
  path.join(cwd, ".mcp.json"),
  JSON.stringify({ mcpServers: { stranger: { command: "touch", args: [path.join(place, "stranger")] } } }),
);
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
    - run: [git, status, --short]
      expect: any
    - run: [curl, "http://127.0.0.1/"]
      expect: fail
    - edit: .skep/config.yaml
      content: "team: free"
      expect: fail
    - edit: .codex/config.toml
      content: "approval_policy = 'never'"
      expect: fail
    - edit: opencode.json
      content: "{}"
      expect: fail
    - call: task_submit
      with: { attempt: "\${attempt}" }
    - say: handed in
    - wait: turn
    - call: human_ask
    - say: asked
    - wait: turn
    - say: after the kill
    - wait: turn
    - say: after the clean end
    - wait: turn
    - call: human_ask
    - say: after the urgent message
`;

const tokens = ["token-run-1", "token-run-2", "token-run-3"];
let patient = true;
const tools = await startToolServer(
  {
    whoami: () => ({ role: "developer", job: { kind: "task", task: "t1", attempt: 1 }, task: { id: "t1", criteria: ["one"] } }),
    task_claim: () => "# Task t1, attempt 1",
    task_progress: async () => {
      await sleep(1_500);
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
const model = await startModelServer(parsePlaybook(PLAYBOOK, "claude-session.yaml"));
const found = await claude.detect({ PATH: `${bin}:${process.env.PATH}`, HOME: home });
if (!found.found) throw new Error(found.why);

const order: LaunchOrder = {
  swarm: "s-test" as SwarmId,
  session: "x-test" as SessionId,
  seat: "dev-0",
  role: "developer",
  binary: found.path,
  cwd,
  home: path.join(home, "session"),
  cliSession: mintUuid(),
  resume: false,
  rolePrompt: "ROLE TEXT OF THE TEST",
  mcp: { url: tools.url, token: tokens[0] ?? "" },
  preset: "guarded",
  commands: [["npm", "test"]],
  limits: { steps: 40, usd: 5 },
  env: {
    ...{ HOME: home, PATH: process.env.PATH ?? "", LANG: "C.UTF-8" },
    ...{ ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "made-up-key", CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1" },
  },
  settings: {},
};

interface Run extends LiveSession {
  readonly events: HarnessEvent[];
  see(type: HarnessEvent["type"], count?: number): Promise<HarnessEvent>;
}
async function start(name: string, change: Partial<LaunchOrder>): Promise<Run> {
  const events: HarnessEvent[] = [];
  const spawn: typeof spawnGroup = async (argv, options) => {
    const group = await spawnGroup(argv, options);
    return group.started && recordings ? { ...group, lines: taped(group.lines, path.join(recordings, `${name}.jsonl`)) } : group;
  };
  const session = await startSession(
    claude,
    { ...order, ...change },
    { clock: systemClock, onEvent: (event) => void events.push(event), spawn },
  );
  void session.exited.then((exit) => process.stderr.write(`${name} ended ${JSON.stringify(exit)}\n`));
  const see = (type: HarnessEvent["type"], count = 1): Promise<HarnessEvent> =>
    until(() => events.filter((event) => event.type === type)[count - 1], {
      timeoutMs: 30_000,
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

const uuid = mintUuid;
const first = await start("first", {});
const ready = await first.see("ready");
const briefing = first.deliver("# Task t1, attempt 1\nDo it.", uuid(), "next");
await until(() => tools.calls.some(({ tool }) => tool === "task_progress"), { timeoutMs: 30_000, what: "task_progress was called" });
const mailAt = systemClock.monotonic();
const mail = first.deliver("Mail: look at old.txt", uuid(), "next");
const mailFate = await mail;
const mailMs = Math.round(systemClock.monotonic() - mailAt);
const turn1 = await first.see("turn_ended", 1);

model.failWith(529);
const second = first.deliver("Ask.", uuid(), "next");
await until(() => tools.calls.some(({ tool }) => tool === "human_ask"), { timeoutMs: 30_000, what: "human_ask was called" });
const cutAt = systemClock.monotonic();
const cut = first.interrupt();
const turn2 = await first.see("turn_ended", 2);
const cutMs = Math.round(systemClock.monotonic() - cutAt);
patient = false;
await first.deliver("Go on.", uuid(), "next");
const turn3 = await first.see("turn_ended", 3);
process.kill(first.pid, "SIGKILL");
const killed = await first.exited;

const resumed = await start("resumed", { resume: true, mcp: { url: tools.url, token: tokens[1] ?? "" } });
const resumedFate = await resumed.deliver("Go on after the kill.", uuid(), "next");
const turn4 = await resumed.see("turn_ended");
const ended = await resumed.stop(5_000);

const last = await start("last", { resume: true, mcp: { url: tools.url, token: tokens[2] ?? "" } });
await last.deliver("And again.", uuid(), "next");
const turn5 = await last.see("turn_ended");
patient = true;
const asks = (): number => tools.calls.filter(({ tool }) => tool === "human_ask").length;
const askedBefore = asks();
void last.deliver("Ask again.", uuid(), "next");
await until(() => asks() > askedBefore, { timeoutMs: 30_000, what: "human_ask was called again" });
patient = false;
const [urgent, urgentAt] = [uuid(), systemClock.monotonic()];
const urgentFate = await last.deliver("Stop and look.", urgent, "now");
const urgentMs = Math.round(systemClock.monotonic() - urgentAt);
const turn6 = await last.see("turn_ended", 2);
const turn7 = await last.see("turn_ended", 3);
await last.stop(5_000);

const refused = await start("refused", { resume: true, mcp: { url: tools.url, token: "unknown" } });
const notReady = await refused.see("ready");
await refused.stop(2_000);

const asked = model.requests.find(({ tools: offered }) => offered.length > 0);
finish({
  version: found.version,
  binary: path.basename(path.dirname(found.path)),
  ready,
  fates: { briefing: await briefing, mail: mailFate, second: await second, resumed: resumedFate, urgent: urgentFate },
  proof: last.proofOf(urgent),
  mailMs,
  urgentMs,
  cut,
  cutMs,
  turns: [turn1, turn2, turn3, turn4, turn5, turn6, turn7],
  exits: { killed, ended },
  notReady,
  denied: first.events.filter(({ type }) => type === "denied"),
  retries: first.events.filter(({ type }) => type === "retry").length,
  calls: tools.calls.map(({ tool, token }) => `${tool} ${token}`),
  files: ["src/new.txt", "old.txt", ".skep/config.yaml", ".codex/config.toml", "opencode.json"].filter((file) =>
    existsSync(path.join(cwd, file)),
  ),
  strangers: ["user-hook", "project-hook", "stranger"].filter((file) => existsSync(path.join(place, file))),
  memory:
    model.requests.some(({ items }) => JSON.stringify(items).includes("memory")) ||
    (asked?.system ?? "").includes("persistent file-based memory"),
  offered: asked?.tools,
  rolePrompt: asked?.system.includes("ROLE TEXT OF THE TEST"),
  tokenInModel: JSON.stringify(model.requests).includes("token-run"),
  faults: model.faults,
  noise: [...first.events, ...resumed.events, ...last.events].filter(({ type }) => type === "noise"),
});
await Promise.all([tools.close(), model.close()]);
