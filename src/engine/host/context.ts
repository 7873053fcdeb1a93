/**
 * What the host and its surroundings hand each other: the host runs one engine per live swarm (`RunSwarm`) and opens one
 * endpoint (`OpenFace`, which lives above the engine). Interfaces only.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Cancel, Clock } from "../../base/clock.ts";
import type { SwarmId } from "../../base/ids.ts";
import type { Logger } from "../../base/logger.ts";
import type { Secrets } from "../../base/redact.ts";
import type { Event } from "../../domain/events.ts";
import type { State } from "../../domain/model.ts";
import type { Harness } from "../../harness/harness.ts";
import type { Commit, Holder, Log } from "../../store/ports.ts";
import type { Project, SwarmHandle } from "../api.ts";
import type { Callers } from "../caller.ts";

/** A swarm's handle as the engine needs it: beside the public part, the live state and every commit as it becomes durable. */
export interface LiveSwarm extends SwarmHandle {
  /** The newest folded state. Live: read it in one synchronous step, never keep it across an await. */
  readonly state: Readonly<State>;
  readonly log: Log;
  /** Reads what other processes wrote; everything folded is on disk when it resolves. */
  refresh(): Promise<void>;
  /** Called after the commit is folded and on disk, whoever wrote it, in order. */
  onCommit(listener: (commit: Commit<Event>) => void): Cancel;
  /** Refreshes on every change of the log until `signal` aborts. Rejects when the log can no longer be read. */
  follow(signal: AbortSignal): Promise<void>;
}

/** The project as its host has it: swarms that are over can be let go of. */
export interface HostedProject extends Project {
  open(swarm: SwarmId): Promise<LiveSwarm>;
  release(swarm: SwarmId): Promise<void>;
}

/** Everything an engine may use beside its swarm. */
export interface HostContext {
  readonly clock: Clock;
  readonly logger: Logger;
  /** What must stand in no log, event or transcript: tokens, and what CLIs sign in with. */
  readonly secrets: Secrets;
  /** URL of the host's MCP endpoint, what launched agents connect to. */
  readonly address: string;
  readonly project: HostedProject;
  /** This host's process, as its leases name it. */
  readonly holder: Holder;
  /** The host's environment without a calling client's session variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** argv that starts this program, for harnesses that are skep itself: `[node, …flags, entry]`. */
  readonly program: readonly [string, ...string[]];
  /** null: no adapter of that name. */
  harness(id: string): Harness | null;
  /** Awaited around every effect; a test's own main file stops the process here. Absent in the product. */
  readonly observe?: (phase: "before" | "after", effect: { readonly kind: string; readonly key: string }) => void | Promise<void>;
}

/** One engine at work on one swarm under one lease. */
export interface SwarmRun {
  /** Starts nothing more and resolves when nothing of it runs in this process. Sessions are ended as at a host's death. */
  stop(): Promise<void>;
  /** Resolves when no effect runs and none is owed right now. */
  drain(): Promise<void>;
}
export type RunSwarm = (order: {
  readonly handle: LiveSwarm;
  /** The lease this run holds; every engine command carries it. */
  readonly epoch: number;
  readonly host: HostContext;
}) => SwarmRun | Promise<SwarmRun>;

/** The endpoint behind the host's port. The host owns the socket; the face answers requests. */
export interface Face {
  readonly listener: (request: IncomingMessage, response: ServerResponse) => void;
  close(): Promise<void>;
}
export type OpenFace = (order: {
  readonly project: Project;
  readonly callers: Callers;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly port: number;
}) => Face | Promise<Face>;
