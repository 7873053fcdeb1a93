/** Driver: what skep relies on where a session of the real OpenCode is cut, refused or started in an odd place. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parsePlaybook } from "../../src/agent/playbook.ts";
import { systemClock } from "../../src/base/clock.ts";
import type { LaunchOrder } from "../../src/harness/harness.ts";
import { opencode } from "../../src/harness/opencode.ts";
import { startModelServer } from "../model/server.ts";
import { startToolServer } from "../support/tool-server.ts";
import { finish, requireLoopbackOnly } from "./namespace.ts";
import { makeHome, makeTree, orderFor, type Run, start } from "./opencode-kit.ts";

requireLoopbackOnly();
const [bin = ""] = process.argv.slice(2);
const place = process.cwd();
const home = path.join(place, "home");
makeHome(home);
makeTree(path.join(place, "repo"), path.join(place, "tree"));
const odd = path.join(place, "tree ü #1");
makeTree(path.join(place, "odd repo"), odd);

const PLAYBOOK =
  "tasks: { t1: [{ edit: made.txt, content: here }, { say: first }, { wait: turn }, { say: second }, { wait: turn }, { say: third }] }";
const tools = await startToolServer(
  { whoami: () => ({ role: "developer", job: { kind: "task", task: "t1", attempt: 1 }, task: { id: "t1", criteria: ["one"] } }) },
  { tokens: ["token"] },
);
const model = await startModelServer(parsePlaybook(PLAYBOOK, "opencode-edges.yaml"));
const order = await orderFor(bin, place, model.url, { url: tools.url, token: "token" });
const run = (name: string, change: Partial<LaunchOrder>): Promise<Run> =>
  start(name, { ...order, home: path.join(place, "sessions", name), ...change });
const took = async (what: () => Promise<unknown>): Promise<number> => {
  const from = systemClock.monotonic();
  await what();
  return Math.round(systemClock.monotonic() - from);
};

// A session its data folder does not hold, and one whose tools refuse it.
const lost = await run("lost", { resume: true, cliSession: "ses_000000000000aaaaaaaaaaaaaa" });
const lostFate = lost.say("Go on.");
const broken = await lost.see("broken");
const stopMs = await took(() => lost.stop(10_000));
const refused = await run("refused", { mcp: { url: tools.url, token: "unknown" } });
const notReady = await refused.see("ready");
await refused.stop(5_000);

// Errors of the model, each in a turn of its own; two sessions at the same time.
const [failing, other] = [await run("failing", {}), await run("other", { model: "fake/m9" })];
await Promise.all([failing.see("ready"), other.see("ready")]);
model.failWith({ status: 401, body: { error: { message: "Incorrect API key provided", code: "invalid_api_key" } } });
await failing.say("Try.");
const noKey = await failing.see("turn_ended", 1);
// Too long: it makes a summary and goes on in the same turn.
model.failWith({ status: 400, body: { error: { message: "maximum context length is 10 tokens", code: "context_length_exceeded" } } });
await failing.say("Try again.");
const tooLong = await failing.see("turn_ended", 2);
const compacted = model.requests.at(-1)?.system.includes("ROLE TEXT OF THE TEST");
// It waits as long as the provider says; a cut ends that.
const quotaBody = { error: { message: "You exceeded your current quota", code: "insufficient_quota" } };
model.failWith({ status: 429, body: quotaBody, headers: { "retry-after": "3600" } });
await failing.say("And again.");
const quota = await failing.see("retry");
const quotaIn = quota.problem?.reset && "at" in quota.problem.reset ? quota.problem.reset.at - systemClock.now() : 0;
let cutTurn = null;
const cutMs = await took(async () => {
  failing.interrupt();
  cutTurn = await failing.see("turn_ended", 3);
});
await failing.say("Now.");
const works = await failing.see("turn_ended", 4);
await other.say("Try.");
const unknown = await other.see("turn_ended");
const left = await opencode.attach?.({
  binary: order.binary,
  cwd: order.cwd,
  cliSession: (await failing.see("ready")).cliSession,
  home: path.join(place, "sessions/failing"),
});
await Promise.all([failing.stop(5_000), other.stop(5_000)]);

// The data that `attach` points to hold the session, for the same binary under the person's own settings.
const exported = execFileSync(order.binary, ["export", left?.argv.at(-1) ?? ""], {
  cwd: order.cwd,
  env: { HOME: home, PATH: process.env.PATH ?? "", ...left?.env },
  encoding: "utf8",
  stdio: ["ignore", "pipe", "ignore"],
});

// An odd place, and a sign-in that lies in the user's own file.
const signIn = path.join(home, ".local/share/opencode/auth.json");
writeFileSync(signIn, JSON.stringify({ fake: { type: "api", key: "key-of-the-sign-in" } }));
const config = structuredClone(order.settings.config) as { provider: { fake: { options: Record<string, string> } } };
delete config.provider.fake.options.apiKey;
const signed = await run("signed", { cwd: odd, settings: { config } });
await signed.say("Begin.");
const oddly = await signed.see("turn_ended");
await signed.stop(5_000);

// Plugins of the repository: refused here; that OpenCode would run them is why.
const plugin = path.join(order.cwd, ".opencode/plugins/stranger.js");
mkdirSync(path.dirname(plugin), { recursive: true });
writeFileSync(
  plugin,
  `import fs from "node:fs"; fs.writeFileSync(${JSON.stringify(path.join(place, "ran"))}, ""); export const X = async () => ({});`,
);
const refusal = await run("plugins", {}).catch((error: unknown) => String(error));
const allowed = await run("allowed", { settings: { ...order.settings, projectPlugins: true } });
await allowed.say("Begin.");
await allowed.see("turn_ended");
await allowed.stop(5_000);

finish({
  lost: { broken, fate: await lostFate, ready: lost.of("ready").length },
  notReady,
  stopMs,
  noKey,
  ...{ tooLong, compacted },
  ...{ quota, quotaIn, cutTurn, cutMs },
  works,
  unknown,
  exported: exported.includes("second"),
  odd: {
    text: oddly.text,
    made: existsSync(path.join(odd, "made.txt")),
    key: model.raw.some((text) => text.includes("Bearer key-of-the-sign-in")),
  },
  signIn: readFileSync(signIn, "utf8").includes("key-of-the-sign-in"),
  plugins: { refusal, ran: existsSync(path.join(place, "ran")) },
  faults: model.faults,
});
await Promise.all([tools.close(), model.close()]);
