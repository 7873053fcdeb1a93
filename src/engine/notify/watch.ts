/**
 * Tells the person of a swarm what waits for them, as their own config has it. It stands beside the engine and holds nothing
 * up: what cannot be told is tried once more, then noted and left. Told and then noted: a host that dies in between tells it
 * once again, and none loses it.
 */
import { type Cancel, type Clock, sleep } from "../../base/clock.ts";
import { describeError } from "../../base/errors.ts";
import type { Logger } from "../../base/logger.ts";
import { type Redact, redactDeep } from "../../base/redact.ts";
import type { Notify } from "../../config/notify-schema.ts";
import type { Event } from "../../domain/events.ts";
import { type News, type Notice, newsOf, noticeOf } from "../../domain/notice.ts";
import type { FileRecord } from "../../store/file/record.ts";
import type { LiveSwarm } from "../host/context.ts";
import { CHANNELS, type Channel, type Sending, send } from "./send.ts";
import { readTold, type Told } from "./told.ts";

export interface NoticeParts extends Sending {
  readonly swarm: Pick<LiveSwarm, "id" | "state" | "onCommit" | "read">;
  readonly record: FileRecord<Told>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly redact: Redact;
  readonly retryMs?: number;
  /** As it is set now; null: nothing is told. */
  notify(): Notify | null;
}

const RETRY_MS = 5_000;
const MOST_FAILED = 20;
const MAY_TELL: ReadonlySet<Event["type"]> = new Set(["gate_opened", "swarm_ended"]);

export class NoticeWatch {
  readonly #parts: NoticeParts;
  #known: Told | null = null;
  #unhear: Cancel | null = null;
  #round: Promise<void> | null = null;
  /** Taken down when it comes: a letter is owed for a moment only. */
  readonly #news = new Map<string, News>();

  constructor(parts: NoticeParts) {
    this.#parts = parts;
  }

  start(): void {
    const { swarm } = this.#parts;
    this.#unhear = swarm.onCommit(({ events }) => {
      if ((swarm.state.letters?.length ?? 0) > 0 || events.some(({ type }) => MAY_TELL.has(type))) this.#look();
    });
    this.#look();
  }

  /** Resolves when nothing is being told any more; `signal` cuts that short. */
  async stop(): Promise<void> {
    this.#unhear?.();
    while (this.#round !== null) await this.#round;
  }

  #look(): void {
    for (const one of newsOf(this.#parts.swarm.state)) if (!this.#known?.told.includes(one.key)) this.#news.set(one.key, one);
    this.#begin();
  }

  #begin(): void {
    this.#round ??= this.#rounds()
      .catch((error: unknown) => this.#parts.logger.warn({ error: describeError(error) }, "nobody is notified"))
      .finally(() => {
        this.#round = null;
        // What came while the round ended.
        if (this.#news.size > 0 && !this.#parts.signal.aborted) this.#begin();
      });
  }

  async #rounds(): Promise<void> {
    const { swarm, record, signal, notify } = this.#parts;
    this.#known ??= await readTold(record);
    for (const next of this.#news.values()) {
      if (signal.aborted) return;
      this.#news.delete(next.key);
      if (this.#known.told.includes(next.key) || (next.event === "gate" && !swarm.state.openGates.has(next.gate.id))) continue;
      const set = notify();
      if (set?.on.includes(next.event)) await this.#tell(next, set);
    }
  }

  async #tell(news: News, set: Notify): Promise<void> {
    const { swarm, signal, clock, logger, record, redact } = this.#parts;
    const { id, title } = swarm.state;
    const question = news.event === "gate" ? await swarm.read(news.gate.question) : "";
    // Before anything is clipped as well: half a secret is not known as one.
    const notice = redactDeep(noticeOf(news, { id, title: redact(title) }, redact(question)), redact) as Notice;
    const problems = (await Promise.all(CHANNELS.map((channel) => this.#by(channel, set, notice)))).filter((one) => one !== null);
    // Cut short: whoever comes next tells it.
    if (signal.aborted && problems.length > 0) return;
    const { told, failed } = this.#known ?? { told: [], failed: [] };
    const lost = problems.length === 0 ? [] : [{ key: news.key, at: clock.now(), why: redact(problems.join("; ")) }];
    for (const { key, why } of lost) logger.warn({ swarm: id, what: key, why }, "a notification could not be delivered");
    this.#known = { told: [...told, news.key], failed: [...failed, ...lost].slice(-MOST_FAILED) };
    await record.write(this.#known);
  }

  async #by(channel: Channel, set: Notify, notice: Notice): Promise<string | null> {
    const { signal, retryMs = RETRY_MS } = this.#parts;
    const first = await send(channel, set, notice, this.#parts);
    if (first === null || signal.aborted) return first;
    await sleep(retryMs, signal);
    return signal.aborted ? first : send(channel, set, notice, this.#parts);
  }
}
