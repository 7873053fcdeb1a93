/** Driver: what the real Claude Code does where a session's life is cut: before its first word, at its turn and money limits. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { parsePlaybook } from "../../src/agent/playbook.ts";
import { systemClock } from "../../src/base/clock.ts";
import { mintUuid, type SessionId, type SwarmId } from "../../src/base/ids.ts";
import { claude } from "../../src/harness/claude.ts";
import type { HarnessEvent, LaunchOrder } from "../../src/harness/harness.ts";
import { type LiveSession, startSession } from "../../src/harness/session.ts";
import { startModelServer } from "../model/server.ts";
import { startToolServer } from "../support/tool-server.ts";
import { until } from "../support/until.ts";
import { finish, requireLoopbackOnly } from "./namespace.ts";

requireLoopbackOnly();
const [bin = ""] = process.argv.slice(2);
const home = path.join(process.cwd(), "home");
const cwd = path.join(process.cwd(), "tree");
mkdirSync(home, { recursive: true });
mkdirSync(cwd, { recursive: true });

const PLAYBOOK = `
tasks:
  t1:
    - call: task_progress
    - call: task_progress
    - call: task_progress
    - call: task_progress
    - say: first
    - wait: turn
    - say: second
    - wait: turn
    - say: third
    - wait: turn
    - say: fourth
`;
const tools = await startToolServer(
  {
    whoami: () => ({ role: "developer", job: { kind: "task", task: "t1", attempt: 1 }, task: { id: "t1", criteria: ["one"] } }),
    task_progress: () => "noted",
  },
  { tokens: ["token"] },
);
const model = await startModelServer(parsePlaybook(PLAYBOOK, "claude-edges.yaml"));
const found = await claude.detect({ PATH: `${bin}:${process.env.PATH}`, HOME: home });
if (!found.found) throw new Error(found.why);
const order: LaunchOrder = {
  ...{
    swarm: "s-test" as SwarmId,
    session: "x-test" as SessionId,
    seat: "dev-0",
    role: "developer",
    binary: found.path,
    cwd,
    home: path.join(home, "session"),
  },
  ...{ cliSession: mintUuid(), resume: false, rolePrompt: "ROLE", mcp: { url: tools.url, token: "token" } },
  ...{ preset: "guarded", commands: [], limits: { steps: 40, usd: null }, settings: {} },
  env: {
    ...{ HOME: home, PATH: process.env.PATH ?? "", LANG: "C.UTF-8" },
    ...{ ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "made-up-key", CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1" },
  },
};

interface Run extends LiveSession {
  readonly events: HarnessEvent[];
  see(type: HarnessEvent["type"], count?: number): Promise<HarnessEvent>;
}
async function start(change: Partial<LaunchOrder>): Promise<Run> {
  const events: HarnessEvent[] = [];
  const session = await startSession(claude, { ...order, ...change }, { clock: systemClock, onEvent: (event) => void events.push(event) });
  let over = "";
  void session.exited.then((exit) => {
    over = JSON.stringify(exit);
  });
  const see = async (type: HarnessEvent["type"], count = 1): Promise<HarnessEvent> => {
    const found = await until(() => events.filter((event) => event.type === type)[count - 1] ?? over, {
      timeoutMs: 60_000,
      what: `${count} × ${type} in ${JSON.stringify(events).slice(-2_000)}`,
    });
    if (typeof found !== "string") return found;
    throw new Error(`ended ${found} without ${count} × ${type}: ${JSON.stringify(events)}`);
  };
  return { ...session, events, see };
}
const types = ({ events }: Run): string[] => events.map(({ type }) => type).filter((type) => type !== "alive");

// Killed as soon as it runs, its first message handed over: nothing of it was written down.
const unborn = await start({});
void unborn.deliver("Begin.", mintUuid(), "next");
process.kill(unborn.pid, "SIGKILL");
await unborn.exited;
const lost = await start({ resume: true });
const lostFate = lost.deliver("Go on.", mintUuid(), "next");
const lostFacts = { exit: await lost.exited, types: types(lost), fate: await lostFate };

// Killed between ready and its first message: the same.
const silentId = mintUuid();
const silent = await start({ cliSession: silentId });
await silent.see("ready");
process.kill(silent.pid, "SIGKILL");
await silent.exited;
const silenced = await start({ cliSession: silentId, resume: true });
const silentFacts = { exit: await silenced.exited, types: types(silenced) };

// Model calls: counted for each message anew, and the process lives.
const capped = await start({ cliSession: mintUuid(), limits: { steps: 2, usd: null } });
await capped.deliver("Begin.", mintUuid(), "next");
const steps = [await capped.see("turn_ended")];
await capped.deliver("Go on.", mintUuid(), "next");
steps.push(await capped.see("turn_ended", 2));
await capped.stop(2_000);

// Money: counted over a run, then every message is refused; a resumed run counts from zero.
const moneyId = mintUuid();
const money = await start({ cliSession: moneyId, limits: { steps: 40, usd: 0.003 } });
await money.deliver("Begin.", mintUuid(), "next");
const paid = [await money.see("turn_ended")];
void money.deliver("Go on.", mintUuid(), "next");
paid.push(await money.see("turn_ended", 2));
await money.stop(5_000);
const again = await start({ cliSession: moneyId, resume: true, usdBefore: 0.0032, limits: { steps: 40, usd: 0.003 } });
void again.deliver("Go on.", mintUuid(), "next");
paid.push(await again.see("turn_ended"));
await again.stop(5_000);

finish({ lost: lostFacts, silent: silentFacts, steps, paid });
await Promise.all([tools.close(), model.close()]);
