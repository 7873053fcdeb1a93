/** All swarms of a project in its host: each that needs somebody gets this process's lease and an engine, as long as it does. */
import { type Clock, sleep } from "../../base/clock.ts";
import { describeError } from "../../base/errors.ts";
import type { SwarmId } from "../../base/ids.ts";
import { takeLease } from "../lease.ts";
import { toldRecord } from "../notify/told.ts";
import { NoticeWatch } from "../notify/watch.ts";
import type { StoredProject } from "../project.ts";
import { notifyOf } from "../user-config.ts";
import type { HostContext, LiveSwarm, RunSwarm } from "./context.ts";
import { needOf } from "./needs.ts";

export interface FleetOrder {
  readonly project: StoredProject;
  readonly host: HostContext;
  readonly runSwarm: RunSwarm;
  readonly staleMs: number;
  readonly beatMs: number;
}

/** waiting: for a holder elsewhere that lives. */
type Phase = "resting" | "waiting" | "running";
interface Tended {
  readonly handle: LiveSwarm;
  phase: Phase;
  /** Monotonic time of the last change of phase. */
  since: number;
}

export class Fleet {
  readonly #order: FleetOrder;
  readonly #clock: Clock;
  readonly #tended = new Map<SwarmId, Tended>();
  /** Nothing is owed for these, or they cannot be read; looked at again when somebody adds to their log. */
  readonly #passed = new Map<SwarmId, string | null>();
  readonly #stopping = new AbortController();
  readonly #work = new Set<Promise<void>>();
  #fail: (error: unknown) => void = () => undefined;
  /** Rejects when a swarm's log failed for good under work: only a new process can open it again. */
  readonly failed: Promise<never>;

  constructor(order: FleetOrder) {
    this.#order = order;
    this.#clock = order.host.clock;
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => undefined /* serve awaits it; an early failure must not count as unhandled */);
  }

  /** Swarms that may have live sessions. */
  live(): LiveSwarm[] {
    return [...this.#tended.values()].map((tended) => tended.handle);
  }

  /** Looks at every swarm once, then follows the project. */
  async start(): Promise<void> {
    await this.#scan();
    this.#track(this.#watch());
  }

  /** Whether this host is of no use now: nothing is busy here, or all that is has another holder that stays alive. */
  get idle(): boolean {
    const now = this.#clock.monotonic();
    for (const id of this.#passed.keys()) if (this.#hasNews(id)) return false;
    for (const { phase, since, handle } of this.#tended.values()) {
      if (phase === "running") return false;
      if (phase === "waiting" && now - since < 3 * this.#order.staleMs) return false;
      if (phase === "resting" && needOf(handle.state, this.#clock.now()) === "busy") return false;
    }
    return true;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  async #watch(): Promise<void> {
    for await (const _ of this.#order.project.store.changes(this.#stopping.signal)) await this.#scan();
  }

  async #scan(): Promise<void> {
    for (const id of await this.#order.project.swarms()) {
      if (this.#stopping.signal.aborted) return;
      if (!this.#tended.has(id) && this.#hasNews(id)) await this.#add(id);
    }
  }

  #hasNews(id: SwarmId): boolean {
    return !this.#passed.has(id) || this.#passed.get(id) !== this.#order.project.store.mark(id);
  }

  async #add(id: SwarmId): Promise<void> {
    const { project, host } = this.#order;
    // Taken before looking: what is added meanwhile is news.
    const mark = project.store.mark(id);
    try {
      const handle = await project.open(id);
      if (needOf(handle.state, this.#clock.now()) === "finished") return await this.#pass(id, mark);
      const tended: Tended = { handle, phase: "resting", since: this.#clock.monotonic() };
      this.#tended.set(id, tended);
      this.#track(this.#tend(tended));
    } catch (error) {
      this.#passed.set(id, mark);
      host.logger.error({ swarm: id, err: error }, `this swarm cannot be opened: ${describeError(error)}`);
    }
  }

  async #pass(id: SwarmId, mark: string | null): Promise<void> {
    this.#passed.set(id, mark);
    this.#tended.delete(id);
    await this.#order.project.release(id);
  }

  #track(work: Promise<void>): void {
    const tracked = work.catch((error: unknown) => this.#fail(error)).finally(() => this.#work.delete(tracked));
    this.#work.add(tracked);
  }

  /** From now until nothing is owed any more: rest, take the lease, run, and again when the lease was lost. */
  async #tend(tended: Tended): Promise<void> {
    const { handle } = tended;
    const signal = this.#stopping.signal;
    const over = new AbortController();
    const notices = this.#notices(handle);
    notices.start();
    const following = handle.follow(AbortSignal.any([signal, over.signal]));
    const broken = following.then(() => new Promise<never>(() => undefined /* ended as asked: never a failure */));
    let mark: string | null = null;
    const finished = async (): Promise<boolean> => {
      mark = this.#order.project.store.mark(handle.id);
      await handle.refresh();
      return needOf(handle.state, this.#clock.now()) === "finished";
    };
    try {
      while (!signal.aborted) {
        this.#enter(tended, "resting");
        const need = await Promise.race([this.#nextNeed(handle), broken]);
        if (need === "finished" && (await finished())) return;
        if (need === "busy") await this.#run(tended, broken);
      }
    } finally {
      over.abort();
      await notices.stop();
      await following.catch(() => undefined /* told through `broken` already */);
      if (!signal.aborted) await this.#pass(handle.id, mark);
    }
  }

  /** Here and not beside the engine: a swarm that waits for its person alone has none. */
  #notices(swarm: LiveSwarm): NoticeWatch {
    const { project, host } = this.#order;
    const { env, clock, logger, secrets } = host;
    return new NoticeWatch({
      ...{ swarm, env, clock, logger, root: project.root, redact: secrets.redact, signal: this.#stopping.signal },
      record: toldRecord(project.home, swarm.id),
      notify: () => notifyOf(env),
    });
  }

  /** Resolves when the swarm is not resting, null when the host stops. */
  #nextNeed(handle: LiveSwarm): Promise<"busy" | "finished" | null> {
    return new Promise((resolve) => {
      const { signal } = this.#stopping;
      const look = () => {
        const need = needOf(handle.state, this.#clock.now());
        if (need === "resting" && !signal.aborted) return;
        unhear();
        signal.removeEventListener("abort", look);
        resolve(need === "resting" || signal.aborted ? null : need);
      };
      const unhear = handle.onCommit(look);
      signal.addEventListener("abort", look);
      look();
    });
  }

  async #run(tended: Tended, broken: Promise<never>): Promise<void> {
    const { handle } = tended;
    const { host, staleMs, beatMs, runSwarm } = this.#order;
    const ended = new AbortController();
    const signal = AbortSignal.any([this.#stopping.signal, ended.signal]);
    this.#enter(tended, "waiting");
    const { holder: self, address, clock } = host;
    const onLost = () => ended.abort();
    const lease = await takeLease({ swarm: handle, self, address, clock, staleMs, beatMs, signal, onLost });
    if (!lease) return;
    this.#enter(tended, "running");
    host.logger.info({ swarm: handle.id, epoch: lease.epoch }, "working");
    try {
      const run = await runSwarm({ handle, epoch: lease.epoch, host });
      const unhear = handle.onCommit(() => this.#endWhenDone(handle, ended));
      try {
        this.#endWhenDone(handle, ended);
        await Promise.race([aborted(signal), broken]);
      } finally {
        unhear();
        await run.stop();
      }
    } finally {
      // The beat goes on until then: what still runs in here is ours until it is put down.
      lease.release();
    }
  }

  /** A swarm that stops being busy keeps its engine a moment: the last effects tell each other of their end. */
  #endWhenDone(handle: LiveSwarm, ended: AbortController): void {
    if (needOf(handle.state, this.#clock.now()) === "busy") return;
    void sleep(0).then(() => {
      if (needOf(handle.state, this.#clock.now()) !== "busy") ended.abort();
    });
  }

  #enter(tended: Tended, phase: Phase): void {
    tended.phase = phase;
    tended.since = this.#clock.monotonic();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
