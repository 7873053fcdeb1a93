/**
 * One swarm as tools, commands and the engine see it. Nothing it shows can still be lost: looking waits until what it saw
 * is on disk. Who waits is woken by this process's own commits and by the log's changes, which are followed only meanwhile.
 */
import { type Cancel, sleep } from "../base/clock.ts";
import type { SwarmId } from "../base/ids.ts";
import type { Actor, Command } from "../domain/commands.ts";
import type { Event } from "../domain/events.ts";
import type { Prose, State } from "../domain/model.ts";
import type { Artifacts, Log, Mail, SwarmStore } from "../store/ports.ts";
import type { Answer } from "./api.ts";
import type { LiveSwarm } from "./host/context.ts";
import { type Ledger, openLedger, type Rules, type SwarmCommit } from "./ledger.ts";
import { keepProse, readProse } from "./prose.ts";

export async function openSwarmHandle(store: SwarmStore, rules: Rules): Promise<LiveSwarm> {
  return new StoredSwarm(store, await openLedger(store.log, rules));
}

class StoredSwarm implements LiveSwarm {
  readonly id: SwarmId;
  readonly mail: Mail;
  readonly artifacts: Artifacts;
  readonly log: Log;
  readonly #ledger: Ledger;
  #waiters = 0;
  #following: AbortController | null = null;
  /** Why the log can no longer be followed; told to everybody who waits. */
  #broken: { readonly error: unknown } | null = null;
  readonly #wakes = new Set<() => void>();

  constructor(store: SwarmStore, ledger: Ledger) {
    this.id = store.swarm;
    this.mail = store.mail;
    this.artifacts = store.artifacts;
    this.log = store.log;
    this.#ledger = ledger;
    ledger.onCommit(() => this.#wake());
  }

  get state(): Readonly<State> {
    return this.#ledger.state;
  }

  submit(command: Command, actor: Actor, key?: string): Promise<Answer> {
    return this.#ledger.submit(command, actor, key);
  }

  refresh(): Promise<void> {
    return this.#ledger.refresh();
  }

  onCommit(listener: (commit: SwarmCommit) => void): Cancel {
    return this.#ledger.onCommit(listener);
  }

  async look<T>(select: (state: Readonly<State>) => T): Promise<T> {
    await this.#ledger.refresh();
    return select(this.#ledger.state);
  }

  async until<T>(select: (state: Readonly<State>) => T | null, options: { timeoutMs: number; signal?: AbortSignal }): Promise<T | null> {
    const over = new AbortController();
    const signal = options.signal ? AbortSignal.any([over.signal, options.signal]) : over.signal;
    const timeout = sleep(options.timeoutMs, signal).then(() => over.abort());
    const leave = this.#wait();
    try {
      for (;;) {
        const woken = this.#nextWake(signal);
        const seen = await this.look(select);
        if (seen !== null || signal.aborted) return seen;
        await woken;
        if (this.#broken) throw this.#broken.error;
      }
    } finally {
      leave();
      over.abort();
      await timeout;
    }
  }

  async events(after: number): Promise<readonly { seq: number; at: number; by: string; events: readonly Event[] }[]> {
    await this.#ledger.refresh();
    const upTo = this.#ledger.state.seq;
    const commits = (await this.log.read(after)) as readonly SwarmCommit[];
    return commits.filter(({ seq }) => seq <= upTo).map(({ seq, at, by, events }) => ({ seq, at, by, events }));
  }

  keep(text: string): Promise<Prose> {
    return keepProse(this.artifacts, text);
  }

  read(prose: Prose): Promise<string> {
    return readProse(this.artifacts, prose);
  }

  async follow(signal: AbortSignal): Promise<void> {
    for await (const _ of this.log.changes(signal)) await this.#ledger.refresh();
  }

  #wake(): void {
    for (const wake of [...this.#wakes]) wake();
  }

  /** Resolves at the next commit, the end of `signal`, or a broken log. Taken before looking, so that nothing falls between. */
  #nextWake(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#wakes.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      this.#wakes.add(done);
      signal.addEventListener("abort", done, { once: true });
      if (signal.aborted) done();
    });
  }

  /** The first who waits starts following the log, the last one ends it. */
  #wait(): () => void {
    this.#waiters += 1;
    if (!this.#following) {
      const following = new AbortController();
      this.#following = following;
      this.#broken = null;
      this.follow(following.signal).catch((error: unknown) => {
        if (following.signal.aborted) return;
        this.#broken = { error };
        this.#following = null;
        this.#wake();
      });
    }
    return () => {
      this.#waiters -= 1;
      if (this.#waiters > 0) return;
      this.#following?.abort();
      this.#following = null;
    };
  }
}
