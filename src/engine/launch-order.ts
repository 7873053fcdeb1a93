/** What an adapter is told about the session it starts: role, place, limits, preset, and an environment by allow-list. */

import { swarmCap } from "../domain/budget.ts";
import { runningOf, turnOf } from "../domain/collab.ts";
import type { Seat, Session, State } from "../domain/model.ts";
import type { Harness, LaunchOrder } from "../harness/harness.ts";
import { cleanEnv } from "../proc/env.ts";
import { owed, type World } from "./effects/effect.ts";
import { sessionHome } from "./session-home.ts";
import { markOf, SESSION_MARK } from "./session-mark.ts";
import { choiceOf, presetOf } from "./settings.ts";

interface Launching {
  readonly session: Readonly<Session>;
  readonly seat: Readonly<Seat>;
  readonly harness: Harness;
  readonly binary: string;
  readonly cliSession: string;
  readonly resume: boolean;
  readonly token: string;
}

export function launchOrder(
  { session, seat, harness, binary, cliSession, resume, token }: Launching,
  { swarm, settings, host }: World,
): LaunchOrder {
  const role = owed(settings.roles[seat.role]);
  const choice = choiceOf(settings, seat.role, seat.harness);
  const { limits, spent } = swarm.state;
  const cap = swarmCap(swarm.state, "usd");
  const programs = [...settings.checks, ...role.checks].map(({ argv }) => argv);
  const model = seat.model ?? choice.model;
  return {
    swarm: swarm.id,
    session: session.id,
    seat: seat.seat,
    role: seat.role,
    binary,
    cwd: owed(session.worktree),
    home: sessionHome(host.project.home, swarm.id, session.id),
    cliSession,
    resume,
    rolePrompt: role.prompt,
    ...(model === null ? {} : { model }),
    mcp: { url: host.address, token },
    preset: onlyReads(session, swarm.state) ? "read-only" : presetOf(settings, role, seat.harness),
    commands: [...programs, ...role.commands, ...choice.commands],
    // Of the whole swarm's money this run may use what is left; the swarm's own gate counts all sessions together.
    limits: { steps: limits.steps, usd: cap === null ? null : Math.max(0.01, cap - spent.usd) },
    ...(resume ? { usdBefore: session.usd } : {}),
    env: cleanEnv(host.env, { ...passed(harness, choice.settings, host.env), [SESSION_MARK]: markOf(swarm.id, session.id) }),
    mark: SESSION_MARK,
    settings: choice.settings,
  };
}

/** A place that may not write in this step, whatever its role may do elsewhere. */
function onlyReads({ job }: Readonly<Session>, { tasks }: Readonly<State>): boolean {
  if (job.kind !== "collab") return false;
  const run = runningOf(tasks.get(job.task));
  return run === null || turnOf(run.collab, job.place)?.writes !== true;
}

/** Variables this adapter's CLI needs, such as where its sign-in lives; no other adapter's. */
function passed(
  harness: Harness,
  settings: LaunchOrder["settings"],
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of [...harness.passes, ...(harness.passesFor?.(settings) ?? [])]) {
    const value = env[name];
    if (value !== undefined) found[name] = value;
  }
  return found;
}
