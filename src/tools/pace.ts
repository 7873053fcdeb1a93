/**
 * How fast one caller goes, measured by the process that answers it: all agents of a project call the same host, an operator's
 * client its own server. Kept in memory: a restart is nothing that a flood gains by.
 */
import type { Clock } from "../base/clock.ts";
import { SkepError } from "../base/errors.ts";
import { DEFAULT_FLOODS, type Floods, floodsOf, OPERATOR_SHARE, type Pace, take } from "../domain/flood.ts";
import type { Project } from "../engine/api.ts";
import type { Caller } from "../engine/caller.ts";

type Kind = "calls" | "messages";
const LIMIT: Readonly<Record<Kind, keyof Floods>> = { calls: "callsPerMinute", messages: "messagesPerMinute" };
/** Sessions come and go; those that have rested for a minute need no memory. */
const MOST_KNOWN = 2_000;
const MINUTE_MS = 60_000;

const PACES = new WeakMap<Project, Map<string, Pace>>();

/** Throws TOO_FAST, which says when it would be taken. Nothing is counted then. */
export async function keepPace(kind: Kind, count: number, { caller, project, clock }: Paced): Promise<void> {
  const perMinute = await allowed(kind, caller, project);
  const paces = PACES.get(project) ?? new Map<string, Pace>();
  PACES.set(project, paces);
  // Messages by sender, whichever session of it; calls by session.
  const who = caller.kind === "operator" ? "" : `${caller.swarm} ${kind === "calls" ? caller.session : caller.seat}`;
  const now = clock.monotonic();
  const { pace, waitMs } = take(paces.get(`${kind} ${who}`), now, perMinute, count);
  if (paces.size >= MOST_KNOWN) for (const [key, { at }] of paces) if (now - at > MINUTE_MS) paces.delete(key);
  paces.set(`${kind} ${who}`, pace);
  if (waitMs === 0) return;
  const what = kind === "calls" ? "this session makes more than" : "you send more than";
  const when = waitMs < 1_000 ? "a second" : `${Math.ceil(waitMs / 1_000)} seconds`;
  const why = `${what} ${perMinute} ${kind === "calls" ? "calls" : "messages"} a minute`;
  throw new SkepError("TOO_FAST", why, `the same call in ${when}`, { retryable: true });
}

interface Paced {
  readonly caller: Caller;
  readonly project: Project;
  readonly clock: Clock;
}

async function allowed(kind: Kind, caller: Caller, project: Project): Promise<number> {
  if (caller.kind === "operator") return DEFAULT_FLOODS[LIMIT[kind]] * OPERATOR_SHARE;
  return (await project.open(caller.swarm)).look((state) => floodsOf(state)[LIMIT[kind]]);
}
