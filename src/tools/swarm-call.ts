/** From a call to the swarm it is about: which one, whether the caller may speak there, and how commands go in. */
import { z } from "zod";
import { quote, SkepError } from "../base/errors.ts";
import { asId, type SwarmId } from "../base/ids.ts";
import type { Actor, Command } from "../domain/commands.ts";
import type { Event } from "../domain/events.ts";
import { OVER, type State } from "../domain/model.ts";
import type { Project, SwarmHandle } from "../engine/api.ts";
import { actorOf, type Caller } from "../engine/caller.ts";
import type { Ground, ToolContext } from "./define-tool.ts";

/** Shown to operators only; an agent has one swarm, but naming another one is still refused as such. */
export const swarmField = z.string().optional().describe("Swarm id; omit for the only live one");

export interface ProjectCall extends ToolContext, Ground {}

/** What an accepted command left behind. */
export interface Accepted {
  readonly events: readonly Event[];
  readonly seq: number;
  readonly repeated: boolean;
}

export interface SwarmCall extends ProjectCall {
  readonly swarm: SwarmHandle;
  /** Refusals are thrown; an operator's command also sees to it that a host runs. */
  submit(command: Command, key?: string): Promise<Accepted>;
}

export interface AgentCall extends SwarmCall {
  readonly me: Extract<Caller, { kind: "session" }>;
}

export function projectCall(ctx: ToolContext): ProjectCall {
  if (ctx.ground) return { ...ctx, ...ctx.ground };
  const next = "start this server inside a git repository, or with --project or SKEP_PROJECT set to one";
  throw new SkepError("NO_PROJECT", "no git repository was found to work in", next);
}

export async function swarmCall(ctx: ToolContext, named: string | undefined): Promise<SwarmCall> {
  const { caller } = ctx;
  const call = projectCall(ctx);
  if (caller.kind === "session") return agentCall(ctx, named);
  const swarm = named === undefined ? await onlyLive(call.project) : await call.project.open(checkedId(named));
  return withSubmit(call, swarm, actorOf(caller));
}

export async function agentCall(ctx: ToolContext, named: string | undefined): Promise<AgentCall> {
  const { caller } = ctx;
  const call = projectCall(ctx);
  if (caller.kind !== "session") throw new SkepError("NOT_ALLOWED", "only an agent inside a swarm can call this", "swarm_status");
  if (named !== undefined && named !== caller.swarm) {
    throw new SkepError("FOREIGN_SWARM", `you belong to ${caller.swarm}, not to ${quote(named, 40)}`, `the same call without swarm`);
  }
  const swarm = await call.project.open(caller.swarm);
  const ended = await swarm.look((state) => {
    const session = state.sessions.get(caller.session);
    return session?.seat !== caller.seat || session.tokenRun !== caller.run || session.status === "ending";
  });
  if (ended) throw new SkepError("SESSION_ENDED", "your session was ended or replaced; your work is kept", "end your turn");
  return { ...withSubmit(call, swarm, actorOf(caller)), me: caller };
}

function withSubmit(call: ProjectCall, swarm: SwarmHandle, actor: Actor): SwarmCall {
  return {
    ...call,
    swarm,
    async submit(command, key) {
      const answer = await swarm.submit(command, actor, key);
      if (!answer.ok) throw refused(answer.refusal);
      // An agent's call came through the host; an operator's is durable without one, but nobody would act on it.
      if (actor.kind === "operator") await call.project.wantHost();
      return answer;
    },
  };
}

export function refused({
  code,
  message,
  next,
  retryable,
}: {
  code: string;
  message: string;
  next: string;
  retryable: boolean;
}): SkepError {
  return new SkepError(code, message, next, { retryable });
}

function checkedId(text: string): SwarmId {
  const id = asId<SwarmId>(text);
  if (id) return id;
  throw new SkepError("BAD_ID", `${quote(text, 60)} is no swarm id`, "swarm_list");
}

async function onlyLive(project: Project): Promise<SwarmHandle> {
  const live: { readonly handle: SwarmHandle; readonly title: string }[] = [];
  for (const id of await project.swarms()) {
    const handle = await project.open(id);
    const title = await handle.look((state) => (isLive(state) ? state.title : null));
    if (title !== null) live.push({ handle, title });
  }
  const [only, ...more] = live;
  if (only && more.length === 0) return only.handle;
  if (!only) throw new SkepError("NO_SWARM", "no swarm is live here", "swarm_create, or swarm_list for ended ones and name one as swarm");
  const list = live.slice(0, 8).map(({ handle, title }) => `${handle.id} ${quote(title, 60)}`);
  throw new SkepError("WHICH_SWARM", `${live.length} swarms are live: ${list.join(", ")}`, "the same call with swarm set to one of them");
}

export const isLive = (state: Readonly<State>): boolean => state.status !== "none" && !OVER.has(state.status);

/** Long enough for a host to start, short enough for a call that only looks. */
const HOST_WAIT_MS = 5_000;

/** After a reboot nobody works on a live swarm until somebody asks: who looks at it or waits for it wants a host. */
export async function wakeHost(swarm: SwarmHandle, project: Project): Promise<void> {
  if (await swarm.look(isLive)) await project.wantHost(HOST_WAIT_MS);
}
