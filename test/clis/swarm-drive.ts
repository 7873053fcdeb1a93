/**
 * Driver: a whole swarm with nothing but one real agent CLI behind its seats. The product's own command is the operator;
 * keeper, host, sessions and the scripted model share a network namespace in which there is only loopback.
 */
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parsePlaybook } from "../../src/agent/playbook.ts";
import { sleep, systemClock } from "../../src/base/clock.ts";
import { mintToken, sha256 } from "../../src/base/ids.ts";
import { createLogger } from "../../src/base/logger.ts";
import type { Event } from "../../src/domain/events.ts";
import type { LiveSwarm } from "../../src/engine/host/context.ts";
import { openProject } from "../../src/engine/project.ts";
import { HARNESSES, harnessIds } from "../../src/harness/index.ts";
import { identify } from "../../src/proc/identity.ts";
import { run } from "../../src/proc/run.ts";
import { startModelServer } from "../model/server.ts";
import { makeRepo } from "../support/repo.ts";
import { until } from "../support/until.ts";
import { finish, requireLoopbackOnly } from "./namespace.ts";
import { BUSY_AT_KILL, BUSY_WITH_MAIL, MAIL, SWARM } from "./swarm-playbook.ts";
import { filesWithToken, lookAtProcesses, type Seen, tokensIn } from "./token-hunt.ts";

requireLoopbackOnly();
/** A token of our own, which the hunt must find where it is. */
const PROBE = mintToken();
const [bin = "", build = ""] = process.argv.slice(2);
const place = process.cwd();
const [home, worktrees, skep] = ["home", "worktrees", "skep"].map((name) => path.join(place, name)) as [string, string, string];
mkdirSync(home);
// As installed: the build, the roles and the teams beside it.
for (const part of ["dist", "roles", "templates", "package.json"])
  cpSync(path.join(build, part), path.join(skep, part), { recursive: true });

const model = await startModelServer(parsePlaybook(SWARM, "swarm.yaml"));
const env = {
  ...{ PATH: `${bin}:${process.env.PATH}`, HOME: home, LANG: "C.UTF-8" },
  ...{ ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "made-up-key", CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1" },
};
const repo = makeRepo();
const head = repo.commit({
  "package.json": '{"type":"module"}\n',
  ".skep/config.yaml": `
worktree: {root: ${JSON.stringify(worktrees)}, setup: []}
checks: {commands: [{name: tests, argv: [node, --test]}]}
budgets: {swarm: {usd: 5}}
harness:
  default: claude
  adapters: {claude: {preset: guarded, commands: [[env]]}}
`,
});
const command = (...args: string[]) =>
  run([process.execPath, path.join(skep, "dist/main.mjs"), ...args], { cwd: repo.root, env, timeoutMs: 400_000 });

const begun = systemClock.monotonic();
const seconds = (): number => Math.round((systemClock.monotonic() - begun) / 100) / 10;
const marks: Record<string, number> = {};
const over = new AbortController();
const seen: Seen = { argv: new Set(), environ: new Set() };
async function watchProcesses(): Promise<void> {
  while (!over.signal.aborted) {
    lookAtProcesses(seen);
    await sleep(200, over.signal);
  }
}
const watching = watchProcesses();

const running = command("run", "A small library of three functions", "--land", "--json");
const project = await openProject({
  ...{ clock: systemClock, logger: createLogger("test", "silent"), env, cwd: repo.root, explicit: repo.root },
  harnesses: new Map(harnessIds.map((id) => [id, HARNESSES[id]])),
  startHost: false,
});
const hostFile = (name: string): string => path.join(project.home, "host", name);
const text = (file: string): string => (existsSync(file) ? readFileSync(file, "utf8") : "");
const happened = async (swarm: LiveSwarm): Promise<{ at: number; event: Event }[]> =>
  (await swarm.events(0)).flatMap(({ at, events }) => events.map((event) => ({ at, event })));

async function drive(): Promise<Record<string, unknown>> {
  const [id] = await until(async () => ((await project.swarms()).length > 0 ? project.swarms() : null), {
    what: "a swarm",
    timeoutMs: 30_000,
  });
  if (!id) throw new Error("no swarm");
  const swarm = await until(() => project.open(id).catch(() => null), { what: "its log" });
  const noted = (done: string): Promise<Extract<Event, { type: "progress_noted" }>> =>
    until(
      async () => {
        const events = await happened(swarm);
        return events.flatMap(({ event }) => (event.type === "progress_noted" && String(event.progress).includes(done) ? [event] : []))[0];
      },
      { timeoutMs: 120_000, what: done },
    );
  await swarm.refresh();
  await noted(BUSY_WITH_MAIL);
  marks.mail = seconds();
  const seat = swarm.state.tasks.get("t2" as never)?.seat ?? "";
  const sent = await command("send", seat, MAIL, "--json");
  await noted(BUSY_AT_KILL);
  // The call has its answer and the model thinks: a call that is cut is another story, told by the kill matrix.
  await until(() => model.requests.some(({ items }) => items.at(-1)?.kind === "result" && JSON.stringify(items).includes(BUSY_AT_KILL)), {
    timeoutMs: 30_000,
    what: "the worker went on after its note",
  });
  marks.kill = seconds();
  const { holder } = JSON.parse(text(hostFile("holder.json"))) as { holder: { pid: number } };
  const sessionsAtKill = [...swarm.state.sessions.values()].map(({ id, seat, cli, turn }) => ({ id, seat, cli, turn }));
  process.kill(holder.pid, "SIGKILL");
  const end = await running;
  marks.end = seconds();
  await until(
    async () => {
      await swarm.refresh();
      return swarm.state.closed || end.code !== 0;
    },
    { timeoutMs: 30_000, what: "its worktrees were put away" },
  );
  const events = await happened(swarm);
  const hashes = new Set(events.flatMap(({ event }) => (event.type === "token_minted" ? [event.tokenHash] : [])));
  const of = <T extends Event["type"]>(type: T) =>
    events.flatMap(({ event }) => (event.type === type ? [event as Extract<Event, { type: T }>] : []));
  const told = model.raw.filter((one) => one.includes(MAIL));
  // What a resumed session sends holds its life before the kill, and the word about the restart.
  const resumed = model.raw.filter((one) => one.includes(BUSY_AT_KILL) && one.includes("Your session was stopped and goes on"));
  const t2 = of("task_claimed").find(({ task }) => task === "t2")?.session;
  return {
    run: { code: end.code, stderr: end.stderr.slice(-2_000), ending: end.stdout },
    sent: { code: sent.code, out: sent.stdout, problem: sent.stderr.slice(-500) },
    git: {
      log: repo.git("log", "--format=%s", `${head}..HEAD`).split("\n"),
      branch: repo.git("rev-parse", "--abbrev-ref", "HEAD"),
      files: repo.git("ls-files", "src", "test").split("\n"),
      status: repo.git("status", "--porcelain"),
    },
    attempts: of("attempt_ended").map(({ task, attempt, result, why }) => ({ task, attempt, result, why })),
    turnsOfMailed: of("turn_ended").filter(({ session }) => session === t2).length,
    mailRequests: told.length,
    resumedRequests: resumed.length,
    sessionsAtKill,
    started: of("session_started").map(({ session, run, epoch, cli }) => ({ session, run, epoch, cli })),
    resets: of("session_reset"),
    turns: of("turn_ended").map(({ session, ok, error, usage }) => ({ session, ok, error, ...usage })),
    denied: of("tool_denied"),
    failed: of("effect_failed"),
    gates: of("gate_opened").map(({ gate }) => gate.title),
    spent: { usd: swarm.state.spent.usd, tokens: swarm.state.spent.tokens },
    hunt: {
      tokens: hashes.size,
      control: tokensIn(`{"a":"Bearer ${PROBE}"}`, new Set([sha256(PROBE)])),
      model: model.raw.filter((one) => tokensIn(one, hashes) > 0).length,
      argv: [...seen.argv].filter((one) => tokensIn(one, hashes) > 0).length,
      environ: [...seen.environ].filter((one) => tokensIn(one, hashes) > 0).length,
      files: [place, repo.root].flatMap((folder) => filesWithToken(folder, hashes)),
      looked: { argv: seen.argv.size, environ: seen.environ.size },
    },
    shellEnv: model.requests.flatMap(({ items }) =>
      items.flatMap((item) => (item.kind === "result" && /^PATH=/m.test(item.text) ? [item.text] : [])),
    )[0],
    requests: model.requests.length,
    other: model.raw.map((one) => one.split(" ").slice(0, 2).join(" ").split("?")[0]).filter((one) => !one?.endsWith("/v1/messages")),
    faults: model.faults,
    hostLog: text(hostFile("host.log")).slice(-3_000),
  };
}

/** Attempts to reach what is not on loopback: the kernel counts them. */
function strayed(): number {
  const [names = "", values = ""] = readFileSync("/proc/net/snmp", "utf8")
    .split("\n")
    .filter((line) => line.startsWith("Ip:"));
  return Number(values.split(" ")[names.split(" ").indexOf("OutNoRoutes")]);
}

try {
  const facts = await drive();
  finish({ ...facts, marks, strayed: strayed() });
} catch (error) {
  process.stderr.write(`${text(hostFile("host.log")).slice(-6_000)}\n${JSON.stringify(model.faults)}\n`);
  throw error;
} finally {
  over.abort();
  await watching;
  await endHost();
  await project.close();
  await model.close();
}

/** Keeper, then host, by the pids they wrote down. */
async function endHost(): Promise<void> {
  for (const name of ["keeper", "holder"]) {
    const record = JSON.parse(text(hostFile(`${name}.json`)) || "{}") as Record<string, { pid?: number; start?: string } | null>;
    const { pid, start } = record[name] ?? {};
    if (pid === undefined || identify(pid) !== start) continue;
    process.kill(pid, "SIGTERM");
    await until(() => identify(pid) !== start, { what: `the end of the ${name}` });
  }
}
