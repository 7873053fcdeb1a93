/** Driver: what the real Codex does at the edges: other presets, refusals of the model, cut turns, lost threads, a key by stdin. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parsePlaybook } from "../../src/agent/playbook.ts";
import { sleep, systemClock } from "../../src/base/clock.ts";
import { mintUuid as uuid } from "../../src/base/ids.ts";
import type { LaunchOrder } from "../../src/harness/harness.ts";
import { startModelServer } from "../model/server.ts";
import { startToolServer } from "../support/tool-server.ts";
import { until } from "../support/until.ts";
import { baseOrder, KEY, makePlace, type Run, start } from "./codex-kit.ts";
import { finish, requireLoopbackOnly } from "./namespace.ts";

requireLoopbackOnly();
const [bin = "", tape = ""] = process.argv.slice(2);
const place = makePlace(process.cwd());
const outside = path.join(place.root, "outside.txt");
const run = (argv: readonly string[], expect: string): string => `    - {run: ${JSON.stringify(argv)}, expect: ${expect}}`;
// One script for each session: its token names it.
const PLAYBOOK = `
tasks:
  full:
${run(["touch", outside], "ok")}
${run(["env"], "any")}
    - remove: README.md
    - say: done
  look:
${run(["touch", "seen.txt"], "fail")}
${run(["git", "log", "--oneline"], "ok")}
    - say: looked
  cut:
${run(["sleep", "20"], "any")}
    - say: handled
  drop:
    - call: slow
      expect: any
    - say: went on
  errors:
    - say: well
`;
let patient = true;
const tools = await startToolServer(
  {
    whoami: (_args, { token }) => ({
      role: "developer",
      job: { kind: "task", task: token, attempt: 1 },
      task: { id: token, criteria: [] },
    }),
    slow: async (_args, { signal }) => {
      if (patient) await sleep(20_000, signal);
      return "slow";
    },
  },
  { tokens: ["full", "look", "cut", "drop", "errors"] },
);
const model = await startModelServer(parsePlaybook(PLAYBOOK, "codex-edges.yaml"));
const base = await baseOrder(bin, place, model, { url: tools.url, token: "" });
const begin = (name: string, change: Partial<LaunchOrder> = {}, task = name): Promise<Run> =>
  start(name, { ...base, home: path.join(place.root, `session-${name}`), mcp: { url: tools.url, token: task }, ...change }, tape);
const results = (name: string): readonly string[] =>
  model.requests
    .flatMap(({ items }) => (JSON.stringify(items).includes(`"${name}`) ? items : []))
    .flatMap((item) => (item.kind === "result" ? [item.text] : []));

const full = await begin("full", { preset: "full" });
await full.deliver("Go.", uuid(), "next");
const fullTurn = await full.see("turn_ended");
await full.stop(5_000);
const fullFacts = {
  turn: fullTurn,
  outside: existsSync(outside),
  removed: !existsSync(path.join(place.tree, "README.md")),
  trusts: readFileSync(path.join(place.root, "session-full/codex/config.toml"), "utf8").includes('"trusted"'),
  keyInShell: results("full").join("\n").includes(KEY),
};

const look = await begin("look", { preset: "read-only" });
await look.deliver("Look.", uuid(), "next");
const lookFacts = { turn: await look.see("turn_ended"), wrote: existsSync(path.join(place.tree, "seen.txt")) };
await look.stop(5_000);

// An urgent message cuts the tool call that runs, and is taken at once.
const cut = await begin("cut");
void cut.deliver("Begin.", uuid(), "next");
await until(() => cut.events.some((event) => event.type === "tool" && JSON.stringify(event.input).includes("sleep 20")), {
  what: "the tool ran",
});
const at = systemClock.monotonic();
const urgent = await cut.deliver("Urgent.", uuid(), "now");
const cutFacts = {
  urgent,
  fast: systemClock.monotonic() - at < 5_000,
  turns: [await cut.see("turn_ended"), await cut.see("turn_ended", 2)],
};
await cut.stop(5_000);

// Said yes to, then dropped with the turn it was meant for: it goes again, once.
const drop = await begin("drop");
void drop.deliver("Begin.", uuid(), "next");
await until(() => tools.calls.some(({ tool }) => tool === "slow"), { what: "slow was called" });
const letter = drop.deliver("A letter for a turn that is cut.", uuid(), "next");
drop.interrupt();
patient = false;
const dropFacts = { letter: await letter, turns: [await drop.see("turn_ended"), await drop.see("turn_ended", 2)], copies: 0 };
await drop.stop(5_000);
dropFacts.copies = JSON.stringify(model.requests.at(-1)?.items).split("A letter for a turn").length - 1;

// What the model's provider refuses.
const resetsAt = Math.floor(systemClock.now() / 1_000) + 3_600;
const errors = await begin("errors");
const refusals = {
  quota: {
    status: 429,
    body: { error: { type: "usage_limit_reached", message: "The usage limit has been reached", resets_at: resetsAt } },
    headers: { "x-codex-primary-used-percent": "100", "x-codex-primary-window-minutes": "300", "x-codex-primary-reset-at": `${resetsAt}` },
  },
  spent: {
    status: 429,
    body: { error: { type: "insufficient_quota", code: "insufficient_quota", message: "You exceeded your current quota" } },
  },
  auth: { status: 401, body: { error: { message: "Incorrect API key provided", code: "invalid_api_key" } } },
  model: { status: 404, body: { error: { message: "The model `a-model` does not exist", code: "model_not_found" } } },
  full: {
    status: 400,
    body: { error: { message: "Your input exceeds the context window of this model.", code: "context_length_exceeded" } },
  },
  wrong: { status: 400, body: { error: { message: "bad thing", type: "invalid_request_error" } } },
  busy: { status: 503, body: { error: { message: "busy", code: "server_is_overloaded" } } },
};
const problems: Record<string, unknown> = {};
let n = 0;
for (const [name, refusal] of Object.entries(refusals)) {
  model.failWith(refusal, refusal, refusal);
  await errors.deliver(`Try ${name}.`, uuid(), "next");
  n += 1;
  const { ok, problem } = await errors.see("turn_ended", n);
  problems[name] = { ok, kind: problem?.kind, reset: problem?.reset };
  model.recover();
}
await errors.deliver("Now well.", uuid(), "next");
const well = await errors.see("turn_ended", n + 1);
await errors.stop(5_000);

const lost = await begin("lost", { cliSession: "01a2157a-bc8f-7701-9773-2cca85a692a7", resume: true }, "errors");
const lostFacts = await lost.see("broken");
const lostReady = lost.events.some(({ type }) => type === "ready");
await lost.stop(2_000);

// The built-in provider with a key of the environment: handed over by stdin, in no file and no environment.
const openai = { HOME: path.join(place.root, "nobody"), PATH: base.env.PATH ?? "", LANG: "C.UTF-8", OPENAI_API_KEY: "key-by-stdin" };
const keyed = await begin("keyed", { env: openai, settings: { config: { openai_base_url: `${model.url}/v1` } } }, "errors");
await keyed.see("ready");
const environ = readFileSync(`/proc/${keyed.pid}/environ`, "latin1");
await keyed.deliver("Go.", uuid(), "next");
const keyedFacts = {
  turn: await keyed.see("turn_ended"),
  used: model.raw.some((request) => request.includes("Bearer key-by-stdin")),
  environ: environ.includes("key-by-stdin"),
  file: existsSync(path.join(place.root, "session-keyed/codex/auth.json")),
};
await keyed.stop(5_000);

// A provider that cannot be reached is tried for ever, and that is all that is heard.
const alone = {
  ...base.settings,
  config: { ...(base.settings.config as object), "model_providers.scripted.base_url": "http://127.0.0.1:9/v1" },
};
const cutOff = await begin("cut-off", { settings: alone }, "errors");
void cutOff.deliver("Go.", uuid(), "next");
const { problem: unreachable } = await cutOff.see("retry");
await cutOff.stop(1_000);

finish({
  unreachable,
  ...{ full: fullFacts, look: lookFacts, cut: cutFacts, drop: dropFacts, problems, resetsAt: resetsAt * 1_000, well },
  ...{ lost: { problem: lostFacts.problem, ready: lostReady }, keyed: keyedFacts, faults: model.faults },
  strangers: ["notify", "user", "project", "hook"].filter((file) => existsSync(path.join(place.root, file))),
});
await Promise.all([tools.close(), model.close()]);
