/**
 * Driver: one swarm on three real CLIs, queen and one worker on Claude Code, the reviewer on Codex, one worker on OpenCode.
 * With `faults` one session is killed in the middle of its turn, Codex's provider is used up for a while, and OpenCode's
 * answers 500 for ever.
 */
import path from "node:path";
import { systemClock } from "../../src/base/clock.ts";
import type { Event } from "../../src/domain/events.ts";
import { until } from "../support/until.ts";
import { finish } from "./namespace.ts";
import { BUSY_T1, MIXED } from "./swarm-playbook.ts";
import { strayed, swarmRig } from "./swarm-rig.ts";

const [claudeBin = "", codexBin = "", opencodeBin = "", build = "", mode = "plain"] = process.argv.slice(2);
const faults = mode === "faults";
const KEY = "LAB_MODEL_KEY";
/** How long Codex's provider says it is used up. */
const RESET_S = 12;

const team = `
id: mixed
title: Three CLIs
seats:
  - {role: queen, harness: claude}
  - {role: reviewer, harness: codex}
  - {role: developer, harness: claude}
  - {role: developer, harness: opencode}
`;
function config(url: string): object {
  const codex = {
    model_provider: "lab",
    model_providers: { lab: { name: "Lab", base_url: `${url}/v1`, wire_api: "responses", env_key: KEY } },
  };
  const models = { m1: { name: "m1", limit: { context: 200_000, output: 8_000 }, cost: { input: 1, output: 2 } } };
  const options = { baseURL: `${url}/v1`, apiKey: `{env:${KEY}}` };
  const opencode = { provider: { lab2: { npm: "@ai-sdk/openai-compatible", name: "Lab", options, models } } };
  return {
    worktree: { root: path.join(process.cwd(), "worktrees"), setup: [] },
    checks: { commands: [{ name: "tests", argv: ["node", "--test"] }] },
    budgets: { swarm: { usd: 5 } },
    ...(faults ? { limits: { retryingMinutes: 0.1 } } : {}),
    harness: {
      default: "claude",
      adapters: {
        claude: { commands: [["node", "--test"]] },
        codex: { model: "gpt-lab", settings: { config: codex } },
        opencode: { model: "lab2/m1", commands: [["node", "--test"]], settings: { env: [KEY], config: opencode } },
      },
      roles: { developer: { fallback: ["claude"] } },
    },
  };
}

const rig = await swarmRig({
  ...{ bins: [claudeBin, codexBin, opencodeBin], build, playbook: MIXED },
  env: (url) => ({
    ...{ ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: "made-up-key", CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1" },
    [KEY]: "made-up-key-of-the-lab",
  }),
  files: (url) => ({
    "package.json": '{"type":"module"}\n',
    ".skep/templates/teams/mixed.yaml": team,
    ".skep/config.yaml": JSON.stringify(config(url), null, 2),
  }),
});
const { model } = rig;
const marks: Record<string, number> = {};

async function drive(): Promise<Record<string, unknown>> {
  const spent = faults ? model.refuse("/v1/responses", usedUp(Math.floor(systemClock.now() / 1_000) + RESET_S)) : null;
  const broken = faults ? model.refuse("/chat/completions", 500) : null;
  const running = rig.command("run", "A small library of three functions", "--team", "mixed", "--land", "--json");
  const swarm = await rig.swarm();
  await swarm.refresh();
  if (faults) {
    await until(
      async () => {
        await swarm.refresh();
        return [...swarm.state.providers.values()].some(({ kind }) => kind === "quota");
      },
      { what: "Codex's provider was said to be used up", timeoutMs: 60_000 },
    );
    marks.quota = rig.seconds();
    model.refuse("/v1/responses", null);
    await until(
      async () =>
        (await rig.happened(swarm)).some(({ event }) => event.type === "progress_noted" && JSON.stringify(event).includes(BUSY_T1)),
      {
        ...{ what: BUSY_T1, timeoutMs: 60_000 },
      },
    );
    await swarm.refresh();
    const seat = swarm.state.tasks.get("t1" as never)?.seat ?? "";
    const session = [...swarm.state.sessions.values()].find((one) => one.seat === seat);
    if (!session?.proc) throw new Error("the worker of t1 has no process");
    marks.kill = rig.seconds();
    process.kill(session.proc.pid, "SIGKILL");
  }
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
    events.flatMap(({ at, event }) => (event.type === type ? [{ at, ...(event as Extract<Event, { type: T }>) }] : []));
  const first = events[0]?.at ?? 0;
  return {
    run: { code: end.code, stderr: end.stderr.slice(-2_000), ending: end.stdout },
    git: rig.landed(),
    seats: [...swarm.state.seats.values()].map(({ seat, own, spent: of_ }) => ({
      seat,
      harness: own.harness,
      provider: own.provider,
      ...of_,
    })),
    attempts: of("attempt_ended").map(({ task, attempt, seat, result, why }) => ({ task, attempt, seat, result, why })),
    turns: of("turn_ended").map(({ session, ok, error, usage, problem }) => ({ session, ok, error, problem, ...usage })),
    sessions: of("session_wanted").map(({ session, seat, job }) => ({ session, seat, job: job.kind })),
    limited: of("provider_limited").map(({ provider, kind, pausedUntil, at }) => ({
      provider,
      kind,
      at: at - first,
      pausedFor: pausedUntil - at,
    })),
    routed: of("seat_routed").map(({ seat, harness, downgrade, why }) => ({ seat, harness, downgrade, why })),
    resets: of("session_reset").map(({ session, why, as }) => ({ session, why, as })),
    turnsBegun: of("turn_started").map(({ session, at }) => ({ session, at: at - first })),
    denied: of("tool_denied"),
    failed: of("effect_failed"),
    gates: of("gate_opened").map(({ gate }) => gate.title),
    refused: { responses: spent?.count ?? 0, chat: broken?.count ?? 0 },
    byApi: countBy(model.arrivals.map(({ path: api }) => api)),
    hunt: rig.hunt(events.map(({ event }) => event)),
    starts: startTimes(events),
    faults: model.faults,
    hostLog: rig.hostLog().slice(-4_000),
  };
}

/** As an account with a plan is answered: the time is in the headers, too. */
const usedUp = (resetsAt: number) => ({
  status: 429,
  body: { error: { type: "usage_limit_reached", message: "The usage limit has been reached", resets_at: resetsAt } },
  headers: { "x-codex-primary-used-percent": "100", "x-codex-primary-window-minutes": "300", "x-codex-primary-reset-at": `${resetsAt}` },
});

function countBy(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** From a task that opened to the first request of the session that does it, in milliseconds, with its CLI. */
function startTimes(events: readonly { readonly at: number; readonly event: Event }[]) {
  const claims = events.flatMap(({ at, event }) =>
    event.type === "task_claimed" && event.attempt === 1 ? [{ at, ...event, session: event.session ?? "" }] : [],
  );
  const since = (from: number, type: "worktree_opened" | "session_started" | "session_named", session: string): number | null => {
    const found = events.find(({ event }) => event.type === type && "session" in event && event.session === session);
    return found ? found.at - from : null;
  };
  return claims.map(({ at, task, seat, session }) => {
    const n = model.requests.findIndex(({ items }) => items[0]?.kind === "message" && items[0].text.includes(`# Task ${task}, attempt 1`));
    const arrival = model.arrivals[n];
    const steps = {
      worktree: since(at, "worktree_opened", session),
      process: since(at, "session_started", session),
      ready: since(at, "session_named", session),
    };
    return { task, seat, api: arrival?.path ?? null, ...steps, ms: arrival ? arrival.at - at : null };
  });
}

try {
  finish({ ...(await drive()), marks, strayed: strayed() });
} catch (error) {
  process.stderr.write(await rig.story());
  throw error;
} finally {
  await rig.close();
}
