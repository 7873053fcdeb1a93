/**
 * What the tools and the command line see of the engine: a project with swarms, and one handle per swarm.
 * Everything that changes a swarm goes through `submit`; everything that looks goes through `look` and `until`.
 */
import type { SwarmId } from "../base/ids.ts";
import type { Actor, Command } from "../domain/commands.ts";
import type { Refusal } from "../domain/decision.ts";
import type { Event } from "../domain/events.ts";
import type { Prose, State } from "../domain/model.ts";
import type { HostFacts } from "../domain/why-host.ts";
import type { Artifacts, Mail } from "../store/ports.ts";
import type { PipelineList, PipelineOrder, Preview, PreviewOrder } from "./pipeline/order.ts";

export type Answer =
  /** `repeated`: the wish was already fulfilled; `events` are those of the first commit (empty when the state alone told). */
  | { readonly ok: true; readonly events: readonly Event[]; readonly seq: number; readonly repeated: boolean }
  | { readonly ok: false; readonly refusal: Refusal };

export interface SwarmHandle {
  readonly id: SwarmId;
  readonly mail: Mail;
  readonly artifacts: Artifacts;
  /** Decides on the newest state and resolves when the result is durable. Throws SkepError on store faults. */
  submit(command: Command, actor: Actor, key?: string): Promise<Answer>;
  /**
   * Reads the newest state through a pure selector. The state is live: the selector returns plain data that shares
   * nothing with it, and never keeps it across an await.
   */
  look<T>(select: (state: Readonly<State>) => T): Promise<T>;
  /** Looks again on every change until the selector answers something other than null, or `timeoutMs` passed (→ null). */
  until<T>(select: (state: Readonly<State>) => T | null, options: { timeoutMs: number; signal?: AbortSignal }): Promise<T | null>;
  /** Commits after `seq`, for the event feed and `swarm_wait`. */
  events(after: number): Promise<readonly { seq: number; at: number; by: string; events: readonly Event[] }[]>;
  /** Short text stays inline, longer text becomes an artifact. */
  keep(text: string): Promise<Prose>;
  read(prose: Prose): Promise<string>;
}

export interface Project {
  /** Main worktree of the repository. */
  readonly root: string;
  /** `<git-common-dir>/skep`. */
  readonly home: string;
  swarms(): Promise<readonly SwarmId[]>;
  /** Throws NO_SWARM. Handles are shared: one per swarm and process. */
  open(swarm: SwarmId): Promise<SwarmHandle>;
  /** Pipelines as they are at the commit a swarm would start on. */
  pipelines(): Promise<PipelineList>;
  /** What a run of one would be, with all that stands against it. Starts nothing. */
  previewPipeline(order: PreviewOrder): Promise<Preview>;
  /** A swarm with this team as it would begin. Starts nothing. */
  outlook(order: Pick<CreateOrder, "team" | "flags">): Promise<Readonly<State>>;
  /** Pins base, config and roles of the base commit, writes the first commit, and wants a host. */
  create(order: CreateOrder): Promise<Born>;
  /** Starts the project's host when none runs; resolves when one answers or after `timeoutMs` with false. */
  wantHost(timeoutMs?: number): Promise<boolean>;
  /** Whether a host acts for this project, without starting one; null where none may be started. */
  hostFacts(): Promise<HostFacts | null>;
}

export interface Born {
  readonly handle: SwarmHandle;
  readonly repeated: boolean;
  /** Uncommitted files no agent will see. */
  readonly unseen: readonly string[];
  /** Merged work of the swarm it goes on from that its base does not hold. */
  readonly missing?: string;
  /** What is kept of earlier swarms is over its room. */
  readonly room?: string;
}

export interface CreateOrder {
  readonly goal: string;
  /** Team name; null: the project's default. */
  readonly team: string | null;
  /** Config values by flag, e.g. the harness; strongest of all sources. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** An ended swarm whose work goes on: the new one is told what it left behind. */
  readonly continueFrom?: SwarmId;
  /** Its plan is compiled from this; `goal` is then one of its variables. */
  readonly pipeline?: PipelineOrder;
  /** Idempotency key given by a program; otherwise derived from goal and team. */
  readonly key?: string;
}
