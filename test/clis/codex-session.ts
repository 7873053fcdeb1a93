/** Driver: one real guarded Codex session through adapter and session, against the scripted model and a real MCP endpoint. */
import { existsSync, lstatSync, statSync } from "node:fs";
import path from "node:path";
import { parsePlaybook } from "../../src/agent/playbook.ts";
import { sleep, systemClock } from "../../src/base/clock.ts";
import { mintToken, sha256, mintUuid as uuid } from "../../src/base/ids.ts";
import { codex } from "../../src/harness/codex.ts";
import { startModelServer } from "../model/server.ts";
import { startToolServer } from "../support/tool-server.ts";
import { until } from "../support/until.ts";
import { BRANCH, baseOrder, KEY, makePlace, start, stateOf } from "./codex-kit.ts";
import { finish, requireLoopbackOnly } from "./namespace.ts";
import { filesWithToken, lookAtProcesses, tokensIn } from "./token-hunt.ts";

requireLoopbackOnly();
const [bin = "", tape = ""] = process.argv.slice(2);
const place = makePlace(process.cwd());
const { repo, tree } = place;
const common = path.join(repo.root, ".git");
const outside = path.join(place.root, "outside.txt");

const run = (argv: readonly string[], expect: string): string => `    - {run: ${JSON.stringify(argv)}, expect: ${expect}}\n`;
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
${run(["git", "add", "src", "old.txt"], "ok")}${run(["git", "commit", "-qm", "one"], "ok")}
${run(["touch", outside], "fail")}${run(["touch", path.join("/tmp", path.basename(place.root))], "fail")}
${run(["touch", path.join(common, "hooks/post-commit")], "fail")}${run(["touch", path.join(common, "config")], "fail")}
${run(["git", "update-ref", "refs/heads/stolen", "HEAD"], "fail")}${run(["touch", path.join(place.root, "session/codex/x")], "fail")}
${run(["curl", "-sS", "-m", "5", "http://127.0.0.1/"], "fail")}
${run(["sh", "-c", "env; cat /proc/*/environ /proc/*/cmdline"], "any")}
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
`;

const tokens = [mintToken(), mintToken(), mintToken()];
const hashes = new Set(tokens.map(sha256));
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
const model = await startModelServer(parsePlaybook(PLAYBOOK, "codex-session.yaml"));
const order = await baseOrder(bin, place, model, { url: tools.url, token: tokens[0] ?? "" });
const users = stateOf(path.join(place.home, ".codex"));
const seen = { argv: new Set<string>(), environ: new Set<string>() };
const marked = { ...order.env, SKEP_SESSION: "s-test/x-test" };

const first = await start("first", { ...order, env: marked }, tape);
const ready = await first.see("ready");
const briefing = first.deliver("# Task t1, attempt 1\nDo it.", uuid(), "next");
await until(() => tools.calls.some(({ tool }) => tool === "task_progress"), { timeoutMs: 30_000, what: "task_progress was called" });
lookAtProcesses(seen);
const mail = await first.deliver("Mail: look at old.txt", uuid(), "next");
const turn1 = await first.see("turn_ended", 1);
const spoken = model.requests.length;

// 529 is answered once more by Codex itself.
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

const thread = { ...order, cliSession: ready.cliSession, resume: true };
const resumed = await start("resumed", { ...thread, mcp: { url: tools.url, token: tokens[1] ?? "" } }, tape);
const again = await resumed.see("ready");
const resumedFate = await resumed.deliver("Go on after the kill.", uuid(), "next");
const turn4 = await resumed.see("turn_ended");
const ended = await resumed.stop(5_000);

const last = await start("last", { ...thread, mcp: { url: tools.url, token: tokens[2] ?? "" } }, tape);
await last.deliver("And again.", uuid(), "next");
const turn5 = await last.see("turn_ended");
await last.stop(5_000);

const refused = await start("refused", { ...thread, mcp: { url: tools.url, token: "unknown" } }, tape);
const notReady = await refused.see("ready");
await refused.stop(2_000);

const asked = model.requests.find(({ tools: offered }) => offered.length > 0);
const all = model.raw.join("\n");
const shown = model.requests.flatMap(({ items }) => items.flatMap((item) => (item.kind === "result" ? [item.text] : []))).join("\n");
const own = path.join(order.home, "codex");
finish({
  version: ready.version,
  native: path.relative(bin, order.binary).split(path.sep).slice(1, 3).join("/"),
  ready: { mcp: ready.mcp, ours: ready.cliSession === order.cliSession, again: again.cliSession === ready.cliSession },
  fates: { briefing: await briefing, mail, second: await second, resumed: resumedFate },
  ...{ cut, cutFast: cutMs < 5_000, spoken, turns: [turn1, turn2, turn3, turn4, turn5], exits: { killed, ended }, notReady },
  denied: first.events.filter(({ type }) => type === "denied").length,
  retries: first.events.filter(({ type }) => type === "retry"),
  results: first.events.flatMap((event) => (event.type === "tool_result" && event.name === "mcp__skep__task_submit" ? [event] : [])),
  tokensUsed: [...new Set(tools.calls.map(({ token }) => tokens.indexOf(token)))],
  files: ["src/new.txt", "old.txt"].filter((file) => existsSync(path.join(tree, file))),
  commits: repo.git("log", "--format=%s", "main..", BRANCH).split("\n").length,
  branches: repo.git("branch", "--format=%(refname:short)").split("\n"),
  escaped: [outside, path.join(common, "hooks/post-commit"), path.join(own, "x")].filter(existsSync),
  strangers: ["notify", "user", "project", "hook"].filter((file) => existsSync(path.join(place.root, file))),
  words: ["WORDS OF THE USER", "WORDS OF THE WORKTREE", "key-of-the-user"].filter((words) => all.includes(words)),
  usersFolder: stateOf(path.join(place.home, ".codex")) === users,
  signIn: { linked: lstatSync(path.join(own, "auth.json")).isSymbolicLink(), trusts: existsSync(path.join(own, "history.jsonl")) },
  modes: [order.home, path.join(own, "config.toml")].map((file) => (statSync(file).mode & 0o777).toString(8)),
  offered: asked?.tools,
  rolePrompt: asked?.system.includes("ROLE TEXT OF THE TEST"),
  token: {
    model: tokensIn(all, hashes),
    shell: tokensIn(shown, hashes),
    argv: tokensIn([...seen.argv].join("\n"), hashes),
    environ: [seen.environ.size > 0, tokensIn([...seen.environ].join("\n"), hashes)],
    files: [place.home, order.home, tree, repo.root].flatMap((folder) => filesWithToken(folder, hashes)),
  },
  keyInShell: shown.includes(KEY),
  faults: model.faults,
  noise: [...first.events, ...resumed.events, ...last.events].filter(({ type }) => type === "noise"),
  attach: codex.attach?.({ binary: "codex", cwd: tree, cliSession: "T", home: "/h" }),
});
await Promise.all([tools.close(), model.close()]);
