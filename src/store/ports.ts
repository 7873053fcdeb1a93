import type { SeatId, SwarmId } from "../base/ids.ts";

/**
 * The three durable things of a swarm. Files are the default adapter, memory serves tests, other adapters
 * (NATS JetStream) must fit: no path, inode or lock appears here. Each port has one contract suite.
 */

/** One accepted line of a swarm's log: what was asked, by whom, and what happened. */
export interface Commit<Event = unknown> {
  readonly v: 1;
  /** 1, 2, 3 … without holes. The first line with a given seq is the valid one. */
  readonly seq: number;
  /** Random per line; how a writer learns whether its own line won. */
  readonly id: string;
  /** Milliseconds since the epoch, taken by the writer. */
  readonly at: number;
  readonly by: string;
  /** The command's type. */
  readonly command: string;
  /** Idempotency key: a second commit with it is never made. */
  readonly key?: string;
  readonly events: readonly Event[];
}
export type Draft<Event = unknown> = Omit<Commit<Event>, "v" | "seq" | "id">;

export type Appended =
  | { readonly outcome: "won"; readonly commit: Commit }
  /** Another line took the seq: read on and decide again. */
  | { readonly outcome: "lost" };

export interface Log {
  /** Every valid commit with seq > `after`, in order. Throws LOG_DAMAGED, LOG_NEWER, LOG_REPLACED. */
  read(after: number): Promise<readonly Commit[]>;
  /**
   * Tries to make `draft` commit number `after + 1`. Not durable before `sync`. Throws STORE_FULL or
   * LOG_REPLACED when the outcome is unknown (repeat with the same key), TOO_LARGE over 64 KiB.
   */
  append(after: number, draft: Draft): Promise<Appended>;
  /** Resolves when every commit read or won so far is on disk. A failure closes the log for good. */
  sync(): Promise<void>;
  /** A courtesy between writers, so that losers stay rare. Never a guarantee, never a long wait. */
  turn<T>(work: () => Promise<T>): Promise<T>;
  /** Ticks when there may be something new (also by itself, about every second). Ends with `signal`. */
  changes(signal: AbortSignal): AsyncIterable<void>;
  /** Whether the process that took a lease still runs; "unknown" is no reason to take over at once. */
  alive(holder: Holder): Promise<"yes" | "no" | "unknown">;
  /** Called by the holder about every second; a taker counts only change seen on its own monotonic clock. */
  beat(): Promise<void>;
  /** An opaque value that differs after a beat of anybody. */
  lastBeat(): Promise<string>;
  close(): Promise<void>;
}

/** A process, told apart from a later one with the same pid. */
export interface Holder {
  /** Random per process run. */
  readonly id: string;
  readonly machine: string;
  readonly boot: string;
  readonly pid: number;
  /** Start time of the process in the machine's own ticks. */
  readonly start: string;
}

export type MailState = "stored" | "offered" | "seen";
/** `note` and `question` come from agents and the operator; `system` from skep alone. */
export type MailKind = "note" | "question" | "system";

export interface Letter {
  /** Sorts by time; a reply sorts after what it answers. */
  readonly id: string;
  readonly at: number;
  readonly from: string;
  readonly to: SeatId | "operator";
  readonly kind: MailKind;
  readonly subject: string;
  readonly body: string;
  readonly task?: string;
  readonly replyTo?: string;
  /** It may interrupt its reader. */
  readonly urgent?: boolean;
  /** Not to be shown before this time, in milliseconds since the epoch. */
  readonly notBefore?: number;
}
export type NewLetter = Omit<Letter, "id" | "at"> & {
  /** Same sender and key: the first letter's id is answered, nothing is stored again. */
  readonly key?: string;
};

/** What shows that a letter was seen: the CLI said so · a turn that holds it started · it was read by `inbox_read`. */
export type SeenProof = "receipt" | "turn" | "tool";

/** Where a letter stands, kept with the letter itself. */
export interface Standing {
  readonly state: MailState;
  /** The session it was handed to, or that saw it; `operator` for the operator. Absent while stored. */
  readonly session?: string;
  /** When it was handed over or seen. */
  readonly at?: number;
  /** Of a seen letter; absent for one seen before proofs were kept. */
  readonly proof?: SeenProof;
  /** Of a stored letter whose time has not come. */
  readonly notBefore?: number;
}
export interface Sent {
  readonly to: Letter["to"];
  readonly id: string;
  readonly standing: Standing;
}

export interface Mail {
  /** Durable when it resolves. Throws TOO_LARGE over 256 KiB, INBOX_FULL over the sender's quota. */
  send(letter: NewLetter): Promise<{ readonly id: string; readonly repeated: boolean }>;
  /** The letter this sender left here under this key before, or null. */
  keyed(letter: Pick<Letter, "to" | "from"> & { readonly key: string }): Promise<string | null>;
  /**
   * Ids of letters in one of the given states, oldest first, without opening them. Letters whose time has not come are
   * left out.
   */
  list(inbox: Letter["to"], states: readonly MailState[]): Promise<readonly string[]>;
  /** Stored letters whose time has not come, the next one first. */
  later(inbox: Letter["to"]): Promise<readonly { readonly id: string; readonly notBefore: number }[]>;
  read(inbox: Letter["to"], ids: readonly string[]): Promise<readonly Letter[]>;
  /** stored → offered, when it is handed to a session; false when another process moved it first. */
  offer(inbox: Letter["to"], id: string, to: { readonly session: string }): Promise<boolean>;
  /** stored or offered → seen, with what proves it; false when it was seen before. */
  see(inbox: Letter["to"], id: string, by: { readonly session: string; readonly proof: SeenProof }): Promise<boolean>;
  /** Back to stored: the session that was offered it is gone and did not take it. */
  withdraw(inbox: Letter["to"], id: string): Promise<boolean>;
  state(inbox: Letter["to"], id: string): Promise<MailState | null>;
  /** The state with what is known about it. null: there is no such letter. */
  standing(inbox: Letter["to"], id: string): Promise<Standing | null>;
  /** The newest letters of a sender in all inboxes, newest first. */
  sent(from: string, limit: number): Promise<readonly Sent[]>;
  changes(signal: AbortSignal): AsyncIterable<void>;
}

/** Prose that `decide` never reads, stored once by content. */
export interface Artifacts {
  put(text: string): Promise<string>;
  /** Throws ARTIFACT_MISSING. `sha256` is validated before it meets a path. */
  get(sha256: string): Promise<string>;
}

/** What a process opens to work on one swarm. */
export interface SwarmStore {
  readonly swarm: SwarmId;
  readonly log: Log;
  readonly mail: Mail;
  readonly artifacts: Artifacts;
  close(): Promise<void>;
}

/** All swarms of one project. */
export interface Store {
  list(): Promise<readonly SwarmId[]>;
  /** Throws NO_SWARM when it does not exist. */
  open(swarm: SwarmId): Promise<SwarmStore>;
  /** The place for a new swarm, durable before it resolves; its log is still empty. */
  create(swarm: SwarmId): Promise<SwarmStore>;
  /** Another one after every commit of the swarm; cheap, for swarms nobody follows. Null: there is none. */
  mark(swarm: SwarmId): string | null;
  /** Ticks when a swarm may have been added. */
  changes(signal: AbortSignal): AsyncIterable<void>;
}
