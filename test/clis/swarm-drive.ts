/** Driver: a whole swarm with nothing but one real agent CLI behind its seats, past mail and a killed host. */
import path from "node:path";
import type { Event } from "../../src/domain/events.ts";
import type { LiveSwarm } from "../../src/engine/host/context.ts";
import { until } from "../support/until.ts";
import { finish } from "./namespace.ts";
import { swarmCli } from "./swarm-clis.ts";
import { BUSY_AT_KILL, BUSY_WITH_MAIL, MAIL, SWARM } from "./swarm-playbook.ts";
import { strayed, swarmRig } from "./swarm-rig.ts";

const [bin = "", build = "", cli = "claude"] = process.argv.slice(2);
const { api, variables, settings } = swarmCli(cli);
const rig = await swarmRig({
  ...{ bins: [bin], build, playbook: SWARM },
  env: variables,
  files: (url) => ({
    "package.json": '{"type":"module"}\n',
    ".skep/config.yaml": `
worktree: {root: ${JSON.stringify(path.join(process.cwd(), "worktrees"))}, setup: []}
checks: {commands: [{name: tests, argv: [node, --test]}]}
budgets: {swarm: {usd: 5}}
harness:
  default: ${cli}
  adapters: {${cli}: {preset: guarded, commands: [[env]], settings: ${JSON.stringify(settings(url))}}}
`,
  }),
});
const { model, command } = rig;
const marks: Record<string, number> = {};
const running = command("run", "A small library of three functions", "--land", "--json");

async function drive(): Promise<Record<string, unknown>> {
  const swarm = await rig.swarm();
  const noted = (done: string) => until(() => progressNoted(swarm, done), { timeoutMs: 120_000, what: done });
  await swarm.refresh();
  await noted(BUSY_WITH_MAIL);
  marks.mail = rig.seconds();
  const seat = swarm.state.tasks.get("t2" as never)?.seat ?? "";
  const sent = await command("send", seat, MAIL, "--json");
  await noted(BUSY_AT_KILL);
  // The call has its answer and the model thinks: a call that is cut is another story, told by the kill matrix.
  await until(() => model.requests.some(({ items }) => items.at(-1)?.kind === "result" && JSON.stringify(items).includes(BUSY_AT_KILL)), {
    timeoutMs: 30_000,
    what: "the worker went on after its note",
  });
  marks.kill = rig.seconds();
  const sessionsAtKill = [...swarm.state.sessions.values()].map(({ id, seat: of, cli, turn }) => ({ id, seat: of, cli, turn }));
  process.kill(rig.hostPid(), "SIGKILL");
  const end = await running;
  marks.end = rig.seconds();
  await until(
    async () => {
      await swarm.refresh();
      return swarm.state.closed || end.code !== 0;
    },
    { timeoutMs: 30_000, what: "its worktrees were put away" },
  );
  const events = await rig.happened(swarm);
  const of = <T extends Event["type"]>(type: T) =>
    events.flatMap(({ event }) => (event.type === type ? [event as Extract<Event, { type: T }>] : []));
  const told = model.raw.filter((one) => one.includes(MAIL));
  // What a resumed session sends holds its life before the kill, and the word about the restart.
  const resumed = model.raw.filter((one) => one.includes(BUSY_AT_KILL) && one.includes("Your session was stopped and goes on"));
  const t2 = of("task_claimed").find(({ task }) => task === "t2")?.session;
  return {
    run: { code: end.code, stderr: end.stderr.slice(-2_000), ending: end.stdout },
    sent: { code: sent.code, out: sent.stdout, problem: sent.stderr.slice(-500) },
    git: rig.landed(),
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
    hunt: rig.hunt(events.map(({ event }) => event)),
    shellEnv: model.requests.flatMap(({ items }) =>
      items.flatMap((item) => (item.kind === "result" && /^PATH=/m.test(item.text) ? [item.text] : [])),
    )[0],
    requests: model.requests.length,
    other: model.raw.map((one) => one.split(" ").slice(0, 2).join(" ").split("?")[0]).filter((one) => !one?.endsWith(api)),
    faults: model.faults,
    hostLog: rig.hostLog().slice(-3_000),
  };
}

async function progressNoted(swarm: LiveSwarm, done: string): Promise<boolean> {
  const events = await rig.happened(swarm);
  return events.some(({ event }) => event.type === "progress_noted" && String(event.progress).includes(done));
}

try {
  finish({ ...(await drive()), marks, strayed: strayed() });
} catch (error) {
  process.stderr.write(await rig.story());
  throw error;
} finally {
  await rig.close();
}
