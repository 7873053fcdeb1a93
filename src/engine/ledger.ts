/**
 * One swarm's state in one process, folded from its log. Every command of every process goes through a ledger: it decides
 * on the newest state, writes the events, and answers when they are on disk. A writer that lost its place decides again.
 */
import { type Cancel, type Clock, sleep } from "../base/clock.ts";
import { SkepError } from "../base/errors.ts";
import { randomBelow } from "../base/random.ts";
import type { Actor, Command } from "../domain/commands.ts";
import type { Decision } from "../domain/decision.ts";
import type { Event } from "../domain/events.ts";
import { RULES, type State } from "../domain/model.ts";
import { raised, skew } from "../domain/upgrade.ts";
import type { Commit, Log } from "../store/ports.ts";
import type { Answer } from "./api.ts";

export type SwarmCommit = Commit<Event>;

/** The domain as the ledger needs it; tests put a small machine here. */
export interface Rules {
  decide(state: State, command: Command, actor: Actor, now: number): Decision;
  evolve(state: State, event: Event, at: number): void;
  emptyState(): State;
  readonly clock: Clock;
  /** The number of these rules; RULES unless a test says otherwise. */
  readonly number?: number;
}

export interface Ledger {
  readonly state: Readonly<State>;
  submit(command: Command, actor: Actor, key?: string): Promise<Answer>;
  refresh(): Promise<void>;
  onCommit(listener: (commit: SwarmCommit) => void): Cancel;
}

interface Waiting {
  readonly command: Command;
  readonly actor: Actor;
  readonly key: string | undefined;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** Commands decided in one turn of the log; they share one sync. */
const BATCH = 64;
/** From this loss on, losers wait a little, so that two stubborn writers part. */
const PATIENT_LOSSES = 3;
const JITTER_MS = 20;

export async function openLedger(log: Log, rules: Rules): Promise<Ledger> {
  const ledger = new LogLedger(log, rules);
  await ledger.refresh();
  return ledger;
}

class LogLedger implements Ledger {
  readonly state: State;
  readonly #log: Log;
  readonly #rules: Rules;
  readonly #listeners = new Set<(commit: SwarmCommit) => void>();
  readonly #queue: Waiting[] = [];
  /** Folded, not yet known to be on disk, and so not yet told to anybody. */
  #untold: SwarmCommit[] = [];
  #durable = 0;
  #syncing: Promise<void> | null = null;
  #working = false;

  constructor(log: Log, rules: Rules) {
    this.#log = log;
    this.#rules = rules;
    this.state = rules.emptyState();
  }

  submit(command: Command, actor: Actor, key?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ command, actor, key, resolve, reject });
      if (!this.#working) void this.#work();
    });
  }

  async refresh(): Promise<void> {
    await this.#catchUp();
    await this.#settle();
  }

  onCommit(listener: (commit: SwarmCommit) => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Empties the queue, a batch per turn. Never rejects: every failure goes to the command it belongs to. */
  async #work(): Promise<void> {
    this.#working = true;
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, BATCH);
      const answers = new Map<Waiting, Answer>();
      try {
        await this.#log.turn(async () => {
          for (const waiting of batch) await this.#decideInto(answers, waiting);
        });
        await this.#settle();
        for (const [waiting, answer] of answers) waiting.resolve(answer);
      } catch (error) {
        // Those with an own failure are rejected already; for the others the outcome is unknown.
        for (const waiting of batch) waiting.reject(error);
      }
    }
    this.#working = false;
  }

  async #decideInto(answers: Map<Waiting, Answer>, waiting: Waiting): Promise<void> {
    try {
      answers.set(waiting, await this.#decide(waiting));
    } catch (error) {
      waiting.reject(error);
    }
  }

  async #decide({ command, actor, key }: Waiting): Promise<Answer> {
    for (let losses = 0; ; losses++) {
      if (losses >= PATIENT_LOSSES) await sleep(1 + randomBelow(JITTER_MS));
      await this.#catchUp();
      const known = key === undefined ? undefined : this.state.keys.get(key);
      if (known !== undefined) return { ok: true, events: await this.#eventsOf(known), seq: known, repeated: true };
      // Synchronous from here to `append`: the decision and the place it is written for belong to one state.
      const { seq } = this.state;
      const first = this.#raised(command);
      const at = this.#rules.clock.now();
      const decision = this.#rules.decide(this.state, command, actor, at);
      if (!decision.ok) return decision;
      const events = decision.events.length === 0 ? [] : [...first, ...decision.events];
      if (events.length === 0) return { ok: true, events, seq, repeated: decision.repeated === true };
      const draft = { at, by: nameOf(actor), command: command.type, events, ...(key === undefined ? {} : { key }) };
      const appended = await this.#log.append(seq, draft);
      if (appended.outcome === "lost") continue;
      this.#fold(appended.commit as SwarmCommit);
      return { ok: true, events, seq: appended.commit.seq, repeated: decision.repeated === true };
    }
  }

  async #eventsOf(seq: number): Promise<readonly Event[]> {
    const commits = await this.#log.read(seq - 1);
    return (commits[0] as SwarmCommit | undefined)?.events ?? [];
  }

  async #catchUp(): Promise<void> {
    for (const commit of await this.#log.read(this.state.seq)) this.#fold(commit as SwarmCommit);
  }

  /** Synchronous. Several readers may bring the same commit; only the next one in line is folded. */
  #fold(commit: SwarmCommit): void {
    const { state } = this;
    if (commit.seq !== state.seq + 1) return;
    for (const event of commit.events) this.#apply(event, commit.at);
    state.seq = commit.seq;
    if (commit.key !== undefined) state.keys.set(commit.key, commit.seq);
    this.#untold.push(commit);
  }

  #apply(event: Event, at: number): void {
    try {
      this.#rules.evolve(this.state, event, at);
    } catch (error) {
      // A swarm of other rules is only shown, never decided on: what these rules do not know is left out of the picture.
      if (!this.#skewed()) throw error;
    }
  }

  /** Resolves when everything folded is on disk and told. Shared: one sync serves all who wait. */
  async #settle(): Promise<void> {
    while (this.#durable < this.state.seq) {
      this.#syncing ??= this.#sync().finally(() => {
        this.#syncing = null;
      });
      await this.#syncing;
    }
  }

  async #sync(): Promise<void> {
    const upTo = this.state.seq;
    await this.#log.sync();
    this.#durable = upTo;
    const told = this.#untold.filter((commit) => commit.seq <= upTo);
    this.#untold = this.#untold.filter((commit) => commit.seq > upTo);
    for (const commit of told) for (const listener of [...this.#listeners]) tell(listener, commit);
  }

  get #own(): number {
    return this.#rules.number ?? RULES;
  }

  #skewed(): boolean {
    return this.state.rules !== 0 && this.state.rules !== this.#own;
  }

  /** What goes before the events of a command. Throws VERSION_SKEW for a swarm of other rules. */
  #raised(command: Command): readonly Event[] {
    const events = raised(this.state, command, this.#own);
    if (events !== null) return events;
    const { message, next } = skew(this.state, this.#own);
    throw new SkepError("VERSION_SKEW", message, next);
  }
}

/** Who a commit says it is by. */
function nameOf(actor: Actor): string {
  return actor.kind === "session" ? actor.seat : actor.kind;
}

/** A listener's mistake is its own: it ends the process as any uncaught error, and is no answer to the writer. */
function tell(listener: (commit: SwarmCommit) => void, commit: SwarmCommit): void {
  try {
    listener(commit);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
