/** Driver: real OpenCode sessions through adapter and session, against the scripted model and a real MCP endpoint. */
import { existsSync } from "node:fs";
import path from "node:path";
import { parsePlaybook } from "../../src/agent/playbook.ts";
import { sleep, systemClock } from "../../src/base/clock.ts";
import type { LaunchOrder } from "../../src/harness/harness.ts";
import { serverPassword } from "../../src/harness/opencode-wire.ts";
import { startModelServer } from "../model/server.ts";
import { startToolServer } from "../support/tool-server.ts";
import { until } from "../support/until.ts";
import { finish, requireLoopbackOnly } from "./namespace.ts";
import { filesWith, MADE_UP_KEY, makeHome, makeTree, orderFor, procFile, snapshot, start } from "./opencode-kit.ts";

requireLoopbackOnly();
const [bin = "", recordings = ""] = process.argv.slice(2);
const place = process.cwd();
const [home, tree] = [path.join(place, "home"), path.join(place, "tree")];
makeHome(home);
makeTree(path.join(place, "repo"), tree);
const homeBefore = snapshot(home);

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
    - run: [curl, "http://127.0.0.1/"]
      expect: fail
    - call: task_submit
      with: { attempt: "\${attempt}" }
    - say: handed in
    - wait: turn
    - call: human_ask
    - say: asked
    - wait: turn
    - call: human_ask
    - say: after the kill
    - wait: turn
    - say: after the clean end
`;

const tokens = ["token-of-run-one", "token-of-run-two", "token-of-run-three"];
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
const model = await startModelServer(parsePlaybook(PLAYBOOK, "opencode-session.yaml"));
const order = await orderFor(bin, place, model.url, { url: tools.url, token: tokens[0] ?? "" });
const tape = (name: string): string | undefined => (recordings ? path.join(recordings, `${name}.jsonl`) : undefined);
const run = (name: string, change: Partial<LaunchOrder>) => start(name, { ...order, ...change }, tape(name));
const called = (tool: string, count = 1) =>
  until(() => tools.calls.filter((call) => call.tool === tool).length >= count, { timeoutMs: 30_000, what: `${count} × ${tool}` });

const began = systemClock.monotonic();
const first = await run("first", {});
const ready = await first.see("ready");
const readyMs = Math.round(systemClock.monotonic() - began);
const briefing = first.say("# Task t1, attempt 1\nDo it.");
await called("task_progress");
const seen = { argv: procFile(first.pid, "cmdline"), environ: procFile(first.pid, "environ") };
const mailAt = systemClock.monotonic();
const mailFate = await first.say("Mail: look at old.txt");
const mailMs = Math.round(systemClock.monotonic() - mailAt);
const turn1 = await first.see("turn_ended", 1);
const shell = first.of("tool_result").find(({ name, text }) => name === "bash" && text.includes("PATH="))?.text ?? "";

model.failWith({ status: 429, headers: { "retry-after": "1" } }, 500);
const second = first.say("Ask.");
await called("human_ask");
const cutAt = systemClock.monotonic();
const cut = first.interrupt();
const turn2 = await first.see("turn_ended", 2);
const cutMs = Math.round(systemClock.monotonic() - cutAt);
void first.say("Go on.");
await called("human_ask", 2);
patient = false;
await first.say("Now this.", "now");
const [turn3, turn4] = [await first.see("turn_ended", 3), await first.see("turn_ended", 4)];
patient = true;
const before = tools.calls.filter(({ tool }) => tool === "human_ask").length;
const third = first.say("Once more.");
await called("human_ask", before + 1);
process.kill(first.pid, "SIGKILL");
const killed = await first.exited;
patient = false;

const resume = { resume: true, cliSession: ready.cliSession };
const resumed = await run("resumed", { ...resume, mcp: { url: tools.url, token: tokens[1] ?? "" } });
const again = await resumed.see("ready");
const resumedFate = await resumed.say("Go on after the kill.");
const turn5 = await resumed.see("turn_ended");
const ended = await resumed.stop(5_000);

const last = await run("last", { ...resume, mcp: { url: tools.url, token: tokens[2] ?? "" } });
await last.say("And again.");
const turn6 = await last.see("turn_ended");
await last.stop(5_000);

const asked = model.requests.find(({ tools: offered }) => offered.length > 0);
const secrets = [...tokens, ...tokens.map((token) => serverPassword({ mcp: { url: "", token } }))];
const everything = model.raw.join("\n");
finish({
  ...{ readyMs, mailMs, cut, cutMs, ready },
  again: again.cliSession === ready.cliSession,
  fates: { briefing: await briefing, mail: mailFate, second: await second, third: await third, resumed: resumedFate },
  turns: [turn1, turn2, turn3, turn4, turn5, turn6],
  exits: { killed, ended },
  denied: first.of("denied"),
  retries: first.of("retry"),
  calls: tools.calls.map(({ tool, token }) => `${tool} ${token}`),
  files: ["src/new.txt", "old.txt"].filter((file) => existsSync(path.join(tree, file))),
  offered: asked?.tools,
  cwd: asked?.cwd === tree,
  rolePrompt: model.requests.every(({ system }) => system.includes("ROLE TEXT OF THE TEST")),
  ownPrompt: asked?.system.includes("# Code style"),
  strangers: ["OF THE USER", "OF THE PROJECT", "OTHER", "Generate a title"].filter((text) => everything.includes(text)),
  key: everything.includes(`Bearer ${MADE_UP_KEY}`),
  secrets: {
    model: secrets.filter((secret) => everything.includes(secret)),
    argv: [...secrets, MADE_UP_KEY].filter((secret) => seen.argv.includes(secret)),
    environ: tokens.filter((token) => seen.environ.includes(token)),
    shell: [...secrets, MADE_UP_KEY].filter((secret) => shell.includes(secret)),
    files: filesWith(place, secrets),
  },
  shell: shell
    .split("\n")
    .flatMap((line) => /^([A-Za-z_]+)=/.exec(line)?.[1] ?? [])
    .sort(),
  // Folders it makes for itself, and what it caches for all sessions, are not the user's files.
  home: Object.entries(snapshot(home)).flatMap(([name, text]) =>
    text !== "not a file" && text !== homeBefore[name] && !name.startsWith(".cache/") ? [name] : [],
  ),
  git: Object.keys(snapshot(path.join(place, "repo/.git"))).filter((name) => name.startsWith("opencode")),
  faults: model.faults,
  noise: [...first.events, ...resumed.events, ...last.events].filter(({ type }) => type === "noise"),
});
await Promise.all([tools.close(), model.close()]);
