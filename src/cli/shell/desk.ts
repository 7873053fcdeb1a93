/**
 * What a command works with: the project, the tools as the operator calls them, and the terminal. Who acts is asked first:
 * a process that descends from an agent's session is never the operator.
 */
import { systemClock } from "../../base/clock.ts";
import { quote, SkepError } from "../../base/errors.ts";
import { asId, type SwarmId } from "../../base/ids.ts";
import { createLogger } from "../../base/logger.ts";
import { nearest } from "../../base/nearest.ts";
import type { LiveSwarm } from "../../engine/host/context.ts";
import { hostDown } from "../../engine/host/want.ts";
import type { StoredProject } from "../../engine/project.ts";
import { requireOperator } from "../../mcp/operator.ts";
import { callTool } from "../../tools/call-tool.ts";
import type { Services } from "../../tools/services.ts";
import { openGround } from "./ground.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

export interface Desk {
  readonly project: StoredProject;
  readonly services: Services;
  readonly terminal: Terminal;
  /** A tool's facts, as the operator gets them. Throws what the tool refuses. */
  call(tool: string, args: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
  /** The named swarm; without a name the only live one, else the newest of `choose`. */
  swarm(named: string | undefined, fallback?: (swarm: LiveSwarm) => boolean): Promise<LiveSwarm>;
  /** Those that have not ended. */
  live(): Promise<readonly LiveSwarm[]>;
  /** Throws HOST_DOWN with why when no host can be had. */
  needHost(): Promise<void>;
}

export interface DeskOrder {
  readonly project: string | undefined;
  /** True for commands that change something: refused in a process of an agent's session. */
  readonly acts: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

export async function withDesk<T>({ project: explicit, acts, env = process.env }: DeskOrder, work: (desk: Desk) => Promise<T>): Promise<T> {
  // The mark alone is enough, and needs no repository.
  if (acts) await requireOperator(null);
  const logger = createLogger("cli", env.SKEP_LOG);
  const ground = await openGround(explicit, env, logger);
  const { project, services } = ground;
  const done = new AbortController();
  try {
    if (acts) await requireOperator(project);
    const context = {
      caller: { kind: "operator" },
      ground,
      clock: systemClock,
      signal: done.signal,
      key: null,
      client: null,
      person: "here",
    } as const;
    return await work({
      project,
      services,
      terminal: openTerminal(),
      async call(tool, args) {
        const answer = await callTool(tool, args, { ...context, progress: () => undefined });
        return answer.kind === "facts" ? answer.facts : { text: answer.text };
      },
      swarm: (named, fallback) => pickSwarm(project, named, fallback),
      live: async () => (await begun(project)).filter(({ state }) => state.endedAt === null),
      needHost: () => needHost(project),
    });
  } finally {
    done.abort();
    await project.close();
  }
}

async function needHost(project: StoredProject): Promise<void> {
  if (await project.wantHost()) return;
  const why = await hostDown(project.home, systemClock);
  const told = why === null ? "no host came up in time" : `the host of this project does not stay up: ${why}`;
  throw new SkepError("HOST_DOWN", told, "skep serve, to see what it says");
}

/** A place whose swarm never began, since whoever made it died, is no swarm. */
async function begun(project: StoredProject): Promise<readonly LiveSwarm[]> {
  const opened = await Promise.all((await project.swarms()).map((id) => project.open(id)));
  return opened.filter(({ state }) => state.status !== "none");
}

async function openNamed(project: StoredProject, named: string): Promise<LiveSwarm> {
  const id = asId<SwarmId>(named);
  try {
    if (id) return await project.open(id);
  } catch (error) {
    if (!(error instanceof SkepError) || error.code !== "NO_SWARM") throw error;
  }
  const meant = nearest(named, await project.swarms());
  const what = id ? `there is no swarm ${quote(named, 60)}` : `${quote(named, 60)} is no swarm id`;
  throw new SkepError(id ? "NO_SWARM" : "BAD_ID", what, meant === null ? "skep status" : `skep status ${meant}`);
}

async function pickSwarm(
  project: StoredProject,
  named: string | undefined,
  fallback: (swarm: LiveSwarm) => boolean = () => true,
): Promise<LiveSwarm> {
  if (named !== undefined) {
    return openNamed(project, named);
  }
  const all = await begun(project);
  const live = all.filter(({ state }) => state.endedAt === null);
  const [first, second] = live;
  if (first && second) {
    const list = live.slice(0, 8).map(({ id, state }) => `${id} ${quote(state.title, 60)}`);
    throw new SkepError(
      "WHICH_SWARM",
      `${live.length} swarms are live: ${list.join(", ")}`,
      `skep status ${first.id}, or the same command with one of these ids`,
    );
  }
  const newest = all.filter(fallback).sort((a, b) => b.state.createdAt - a.state.createdAt)[0];
  const found = first ?? newest;
  if (found) return found;
  const what = all.length === 0 ? "there is no swarm in this project yet" : "there is no such swarm in this project";
  throw new SkepError("NO_SWARM", what, 'skep run "<goal>"');
}
