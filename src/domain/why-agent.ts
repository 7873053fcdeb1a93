/** Why an agent has no turn: its session waits, or it has none. */

import { keptBackFor } from "./collab-seats.ts";
import { handed } from "./decide-attach.ts";
import { retryEnds } from "./decide-turn.ts";
import { jobFor } from "./due.ts";
import { silenceLookAt } from "./due-tier.ts";
import { floodsOf, takeStart } from "./flood.ts";
import { inline } from "./foreign.ts";
import { asked, findGate } from "./gate.ts";
import { idleWords } from "./idle-turns.ts";
import { isKept, jobState } from "./job.ts";
import { jobWords } from "./job-kind.ts";
import type { Seat, Session, State } from "./model.ts";
import { opensAt, providerWaits, type Route, routeOpensAt } from "./provider.ts";
import { freeSession } from "./ready.ts";
import { jobName } from "./review-queue.ts";
import {
  type Because,
  because,
  dueJob,
  effectBecause,
  ends,
  gateBecause,
  moving,
  openGateBecause,
  owedFor,
  type Scene,
  standstill,
} from "./why-scene.ts";
import { EXAMINE } from "./why-step.ts";

export function agentBecause(scene: Scene, seat: Readonly<Seat>): Because {
  const session = sessionIn(scene.state, seat);
  return session ? sessionBecause(scene, seat, session) : idleBecause(scene, seat);
}

/** Why a seat does not take up what it suits: it is at something else, rests, or its provider does. */
export function holdBecause(scene: Scene, seat: Readonly<Seat>): Because {
  const { state } = scene;
  const session = sessionIn(state, seat);
  if (session && !freeSession(state, seat)) {
    const own = sessionBecause(scene, seat, session);
    return because("seat_busy", `${seat.seat} is at ${jobWords(session.job)}`, own.next);
  }
  const held = waitBecause(scene, seat);
  if (held) return held.code === "resting" ? { ...held, text: `${seat.seat} ${held.text}` } : held;
  const other = dueJob(scene, (_, who) => who === seat.seat);
  if (other) return because("seat_busy", `${seat.seat} takes up ${jobWords(other.job)} first`);
  return because("seat_busy", seat.task === null ? `${seat.seat} is wanted elsewhere first` : `${seat.seat} still holds ${seat.task}`);
}

function sessionIn(state: Readonly<State>, { session }: Readonly<Seat>): Session | undefined {
  return session === null ? undefined : state.sessions.get(session);
}

function sessionBecause(scene: Scene, seat: Readonly<Seat>, session: Readonly<Session>): Because {
  const effect = scene.owed.find((one) => "session" in one && one.session === session.id);
  if (effect) return effectBecause(scene, effect);
  if (handed(session) === "nothing")
    return (
      openGateBecause(scene, session.person?.gate ?? null) ??
      because("person", "a person works in its session", { do: "give_back", agent: seat.seat })
    );
  const held = paceBecause(scene, session);
  if (held) return held;
  if (isDue(scene, session)) return moving("it is reminded of its job, or ended");
  const given = dueJob(scene, (_, who) => who === seat.seat);
  if (given) return moving(`takes up ${jobWords(given.job)}`);
  const saves = savesBefore(scene, session);
  if (session.turn === "running") return saves ?? turnBecause(scene, seat, session);
  return gateOfSession(scene, session) ?? saves ?? standstill(scene) ?? waitingBecause(scene, seat, session);
}

/** It would be started, or started again under this host, were there not so many starts already. */
function paceBecause(scene: Scene, session: Readonly<Session>): Because | null {
  const { state, now } = scene;
  const starts = session.status === "opened" || (session.status === "live" && session.epoch !== state.epoch);
  const { waitMs } = takeStart(state, now);
  if (!starts || waitMs === 0 || state.status !== "running") return null;
  const limit = `the limit of ${floodsOf(state).startsPerMinute} starts a minute is reached`;
  return because("pace", limit, undefined, ends(scene, now + waitMs));
}

const isDue = ({ reaction }: Scene, { id }: Readonly<Session>): boolean =>
  reaction.due.some((command) => "session" in command && command.session === id);

/** A turn runs: it moves, unless the model does not answer or nothing was heard for long. */
function turnBecause(scene: Scene, { seat }: Readonly<Seat>, session: Readonly<Session>): Because {
  const { state, now } = scene;
  const { retrying, seenAt, turnAt, job, watch } = session;
  const read = { do: "read", agent: seat } as const;
  if (retrying) {
    const { kind, message } = retrying.problem;
    const when = { since: retrying.since, ...ends(scene, retryEnds(state, session)) };
    return because("retrying", `its CLI only retries the model: ${kind.replaceAll("_", " ")}: ${inline(message, 160)}`, read, when);
  }
  if (watch.turns && watch.turns.told !== null) return because("silent", idleWords(watch.turns), read, { since: watch.turns.since });
  const { stallMs } = state.limits.supervision;
  const nextTier = ends(scene, silenceLookAt(state, session));
  if (watch.loop)
    return because(
      "silent",
      `it called ${inline(watch.loop.tool, 60)} with the same arguments ${watch.loop.times} times in a row`,
      read,
      nextTier,
    );
  const found = watch.unknown ? "its turn runs, and what it does cannot be seen" : "its turn runs without a sign of work";
  if (now - seenAt >= stallMs) return because("silent", found, read, { since: seenAt, ...nextTier });
  return moving(`at work on ${jobWords(job)}`, turnAt ?? undefined);
}

/** A question, a used-up budget, or a plan that a person is asked about. */
function gateOfSession(scene: Scene, { seat, job }: Readonly<Session>): Because | null {
  const { state } = scene;
  const task = "task" in job ? job.task : null;
  const gate =
    asked(state, seat) ??
    findGate(state, (one) => one.kind === "budget" && (one.seat === seat || (task !== null && one.task === task))) ??
    (job.kind === "plan" && state.plan.gate !== null ? (state.gates.get(state.plan.gate) ?? null) : null);
  return gate && gateBecause(scene, gate);
}

/** Before its worktree is prepared, and before its next turn, work that lies in it is saved. */
function savesBefore(scene: Scene, { seat }: Readonly<Session>): Because | null {
  const save = owedFor(scene, "save_work", (effect) => effect.seat === seat);
  return save ? effectBecause(scene, save) : null;
}

/** Between two turns of a swarm that runs. */
function waitingBecause(scene: Scene, seat: Readonly<Seat>, session: Readonly<Session>): Because {
  const { state, now } = scene;
  const { job } = session;
  const how = jobState(state, session);
  const opens = opensAt(state, seat);
  if (how === "done" && isKept(state, session))
    return because(
      "kept",
      "has no job; its session is kept for the next one",
      undefined,
      ends(scene, session.seenAt + state.limits.keptMs),
    );
  if (opens === null || opens > now) return providerBecause(scene, seat, [seat], opens);
  const commit = job.kind === "task" ? owedFor(scene, "commit_submission", ({ task }) => task === job.task) : undefined;
  if (commit) return effectBecause(scene, commit);
  if (how === "idle") return because("idle", "nothing to decide now: woken when something asks for it");
  return because("unexplained", `has ${jobWords(job)} and no turn`, EXAMINE);
}

/** A seat without a session. */
function idleBecause(scene: Scene, seat: Readonly<Seat>): Because {
  const { state, now, reaction } = scene;
  const given = dueJob(scene, (_, who) => who === seat.seat);
  if (given) return moving(`takes up ${jobWords(given.job)}`);
  const called = reaction.due.find((command) => command.type === "begin_collab" && command.seats.includes(seat.seat));
  if (called?.type === "begin_collab") return moving(`is called for ${called.task}`);
  const stopped = standstill(scene);
  if (stopped) return stopped;
  const gate = openGateBecause(scene, seat.gate);
  if (gate) return gate;
  const taken = new Set(reaction.due.flatMap((command) => (command.type === "start_job" ? [jobName(command.job)] : [])));
  if (jobFor(state, seat, now, taken)) return waitBecause(scene, seat) ?? because("unexplained", "has work and does not take it", EXAMINE);
  const together = partBecause(scene, seat);
  if (together) return together;
  const plan = seat.duty === "queen" ? openGateBecause(scene, state.plan.gate) : null;
  return plan ?? because("idle", NOTHING_FOR[seat.duty](seat));
}

/** Between the steps of a task that several do together, or kept free for one. */
function partBecause({ state, now }: Scene, seat: Readonly<Seat>): Because | null {
  const part = seat.collab ?? seat.task;
  if (part) return because("together", `has a part in ${part}, which several do together`);
  const task = keptBackFor(state, seat, now);
  return task && because("together", `is kept free for ${task.id}, which several do together`);
}

const NOTHING_FOR: Readonly<Record<Seat["duty"], (seat: Readonly<Seat>) => string>> = {
  queen: () => "nothing to decide now: woken when something asks for it",
  reviewer: () => "nothing to review now",
  worker: ({ role }) => `no open task for a ${role} now`,
};

/** What keeps a free seat from any job. */
function waitBecause(scene: Scene, seat: Readonly<Seat>): Because | null {
  const { state, now } = scene;
  const gate = openGateBecause(scene, seat.gate);
  if (gate) return gate;
  const opens = routeOpensAt(state, seat);
  if (opens === null || opens > now) return providerBecause(scene, seat, [seat.own, ...(seat.fallbacks ?? [])], opens);
  if (seat.restUntil > now) return because("resting", "rests after a session that failed", undefined, ends(scene, seat.restUntil));
  return null;
}

function providerBecause(scene: Scene, seat: Readonly<Seat>, routes: readonly Route[], opens: number | null): Because {
  const { state } = scene;
  const keys = new Set(routes.flatMap(({ provider, model }) => [provider, `${provider}/${model}`]));
  const gate = opens === null ? findGate(state, ({ kind, effect }) => kind === "provider" && effect !== null && keys.has(effect)) : null;
  if (gate) return gateBecause(scene, gate);
  return because("provider", inline(providerWaits(state, seat), 200), undefined, ends(scene, opens));
}
