/** Driver: an agent that only config names, here OpenCode's ACP mode, through the generic adapter. */
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { parsePlaybook } from "../../src/agent/playbook.ts";
import { systemClock } from "../../src/base/clock.ts";
import { mintToken, mintUuid, type SessionId, type SwarmId } from "../../src/base/ids.ts";
import { acp } from "../../src/harness/acp.ts";
import type { HarnessEvent, LaunchOrder } from "../../src/harness/harness.ts";
import { startSession } from "../../src/harness/session.ts";
import { startModelServer } from "../model/server.ts";
import { startToolServer } from "../support/tool-server.ts";
import { until } from "../support/until.ts";
import { finish, requireLoopbackOnly } from "./namespace.ts";

requireLoopbackOnly();
const [bin = ""] = process.argv.slice(2);
const home = path.join(process.cwd(), "home");
const cwd = path.join(process.cwd(), "tree");
for (const folder of [home, cwd]) mkdirSync(folder, { recursive: true });

const PLAYBOOK = `
tasks:
  t1:
    - call: task_claim
    - edit: src/new.txt
      content: "made by a scripted model\\n"
    - run: [git, status]
      expect: any
    - run: [curl, "http://127.0.0.1/"]
      expect: fail
    - call: task_submit
      with: { attempt: "\${attempt}" }
    - say: handed in
    - wait: turn
    - say: again
`;
const token = mintToken();
const tools = await startToolServer(
  {
    whoami: () => ({ role: "developer", job: { kind: "task", task: "t1", attempt: 1 }, task: { id: "t1", criteria: ["one"] } }),
    task_claim: () => "# Task t1, attempt 1",
    task_submit: ({ attempt }) => `accepted attempt ${attempt}: checking. End your turn`,
  },
  { tokens: [token] },
);
const model = await startModelServer(parsePlaybook(PLAYBOOK, "acp-session.yaml"));
const provider = {
  npm: "@ai-sdk/openai-compatible",
  options: { baseURL: `${model.url}/v1`, apiKey: "made-up-key" },
  models: { scripted: { name: "Scripted", limit: { context: 100_000, output: 8_000 } } },
};
const config = {
  ...{
    provider: { scripted: provider },
    model: "scripted/scripted",
    small_model: "scripted/scripted",
    share: "disabled",
    autoupdate: false,
  },
  permission: { edit: "ask", bash: "ask", webfetch: "deny", external_directory: "deny" },
};
const settings = {
  command: ["opencode", "acp"],
  provider: "opencode",
  set: { OPENCODE_CONFIG_CONTENT: JSON.stringify(config), OPENCODE_DISABLE_MODELS_FETCH: "1", OPENCODE_DISABLE_DEFAULT_PLUGINS: "1" },
};
const found = await acp.detect({ PATH: `${bin}:${process.env.PATH}` }, settings);
if (!found.found) throw new Error(found.why);
const order: LaunchOrder = {
  ...{ swarm: "s-test" as SwarmId, session: "x-test" as SessionId, seat: "dev-0", role: "developer", binary: found.path },
  ...{ cwd, home: path.join(home, "session"), cliSession: mintUuid(), resume: false, rolePrompt: "ROLE TEXT OF THE TEST" },
  ...{ mcp: { url: tools.url, token }, preset: "guarded", commands: [], limits: { steps: 40, usd: null }, settings },
  env: { HOME: home, PATH: process.env.PATH ?? "", LANG: "C.UTF-8" },
};
async function start(change: Partial<LaunchOrder>) {
  const events: HarnessEvent[] = [];
  const wiring = { clock: systemClock, onEvent: (event: HarnessEvent) => void events.push(event) };
  const session = await startSession(acp, { ...order, ...change }, wiring);
  void session.exited.then((exit) => process.stderr.write(`ended ${JSON.stringify(exit)}\n`));
  const see = <T extends HarnessEvent["type"]>(type: T) =>
    until(() => events.find((event): event is Extract<HarnessEvent, { type: T }> => event.type === type || event.type === "broken"), {
      timeoutMs: 60_000,
      what: `${type} in ${JSON.stringify(events).slice(-3_000)}`,
    });
  return { ...session, events, see };
}

const first = await start({});
const ready = await first.see("ready");
const fate = await first.deliver("# Task t1, attempt 1\nDo it.", mintUuid(), "next");
const turn = await first.see("turn_ended");
process.kill(first.pid, "SIGKILL");
await first.exited;
const resumed = await start({ resume: true, cliSession: ready.cliSession });
await resumed.see("ready");
await resumed.deliver("Go on.", mintUuid(), "next");
const again = await resumed.see("turn_ended");
const exit = await resumed.stop(5_000);

const names = (type: "tool" | "tool_result") => first.events.flatMap((event) => (event.type === type ? [event.name] : []));
finish({
  ready,
  fate,
  turn,
  again,
  exit: exit.signal,
  tools: names("tool"),
  denied: first.events.filter(({ type }) => type === "denied"),
  calls: tools.calls.map(({ tool }) => tool),
  files: existsSync(path.join(cwd, "src/new.txt")),
  rolePrompt: model.requests.some(({ items }) =>
    items.some((item) => item.kind === "message" && item.text.includes("ROLE TEXT OF THE TEST")),
  ),
  history: model.requests.at(-1)?.items.some((item) => item.kind === "message" && item.text.includes("attempt 1")),
  noise: first.events.filter(({ type }) => type === "noise"),
  tokenInModel: model.raw.some((one) => one.includes(token)),
  faults: model.faults,
});
await Promise.all([tools.close(), model.close()]);
