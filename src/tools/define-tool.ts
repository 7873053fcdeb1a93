/**
 * What a tool is: plain data and one function, with no protocol in it. The definers below carry the rules that hold for
 * every tool of a kind (a project, the right swarm, a live session), so that no handler can forget them.
 */
import type { z } from "zod";
import type { Clock } from "../base/clock.ts";
import type { Duty, Job } from "../domain/model.ts";
import type { Project } from "../engine/api.ts";
import type { Caller } from "../engine/caller.ts";
import type { Person } from "./person.ts";
import type { Services } from "./services.ts";
import { type AgentCall, agentCall, type ProjectCall, projectCall, type SwarmCall, swarmCall, swarmField } from "./swarm-call.ts";
import type { Toolset } from "./toolset.ts";

export type Audience = "operator" | Duty;
export const AGENTS: readonly Audience[] = ["queen", "reviewer", "worker"];
export const EVERYONE: readonly Audience[] = ["operator", ...AGENTS];

/** The repository a call works in, and what the world around it can do. */
export interface Ground {
  readonly project: Project;
  readonly services: Services;
}

/** Everything a call knows beside its arguments. */
export interface ToolContext {
  readonly tool: string;
  readonly caller: Caller;
  /** null: the process stands in no repository skep can work in. */
  readonly ground: Ground | null;
  readonly clock: Clock;
  /** Aborts when the caller is gone or the server closes; a wait then answers with what it has. */
  readonly signal: AbortSignal;
  /** A program's own idempotency key, from `_meta["dev.skep/key"]`. */
  readonly key: string | null;
  /** The program that calls, as it names itself; null: unknown, or a terminal. */
  readonly client: string | null;
  /** The person at the caller's client, where that can put a question to them; "here": the caller is the person, at a terminal. */
  readonly person: Person | "here" | null;
  readonly progress: (message: string) => void;
  /** What an operator's client is offered; absent: everything. */
  readonly toolset?: Toolset;
}

/** Facts for a tool with an output schema, prose for one without. */
export type Result<O> = O extends z.ZodObject ? z.input<O> : string;

export interface ToolSpec<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject | null = z.ZodObject | null> {
  readonly name: string;
  readonly title: string;
  /** First what happens, then when to call it, then what follows. */
  readonly description: string;
  readonly audience: readonly Audience[];
  /** Shown to sessions with this job alone, whatever their duty. */
  readonly job?: Job["kind"];
  /** read changes nothing, write adds or moves on, destroy ends something. */
  readonly kind: "read" | "write" | "destroy";
  /** Whether agents, and so models and the network, are set to work by it. */
  readonly openWorld: boolean;
  readonly input: I;
  /** null: the answer is text alone. */
  readonly output: O;
  handle(input: z.output<I>, ctx: ToolContext): Promise<Result<O>>;
}

type Draft<I extends z.ZodObject, O extends z.ZodObject | null, Call> = Omit<ToolSpec<I, O>, "handle" | "openWorld"> & {
  readonly openWorld?: boolean;
  handle(input: z.output<I>, call: Call): Promise<Result<O>>;
};

/** A tool about the project as a whole. */
export function projectTool<I extends z.ZodObject, O extends z.ZodObject | null>(draft: Draft<I, O, ProjectCall>): ToolSpec<I, O> {
  return { ...draft, openWorld: draft.openWorld ?? false, handle: (input, ctx) => draft.handle(input, projectCall(ctx)) };
}

/** A tool about one swarm: an agent's own, or the one an operator names. */
export function swarmTool<I extends z.ZodObject, O extends z.ZodObject | null>(draft: Draft<I, O, SwarmCall>): ToolSpec {
  return {
    ...draft,
    openWorld: draft.openWorld ?? false,
    input: draft.input.extend({ swarm: swarmField }),
    async handle({ swarm, ...input }, ctx) {
      return draft.handle(input as z.output<I>, await swarmCall(ctx, swarm as string | undefined));
    },
  };
}

/** A tool only a session inside a swarm can call. */
export function agentTool<I extends z.ZodObject, O extends z.ZodObject | null>(draft: Draft<I, O, AgentCall>): ToolSpec {
  return {
    ...draft,
    openWorld: draft.openWorld ?? false,
    input: draft.input.extend({ swarm: swarmField }),
    async handle({ swarm, ...input }, ctx) {
      return draft.handle(input as z.output<I>, await agentCall(ctx, swarm as string | undefined));
    },
  };
}

/** The hints an MCP client gets. Everything is safe to repeat: a repeat gets the first answer. */
export function annotationsOf({ kind, openWorld }: Pick<ToolSpec, "kind" | "openWorld">) {
  return { readOnlyHint: kind === "read", destructiveHint: kind === "destroy", idempotentHint: true, openWorldHint: openWorld };
}

export const audienceOf = (caller: Caller): Audience => (caller.kind === "operator" ? "operator" : caller.duty);
