/**
 * The processes behind this host's sessions. What they say becomes commands, in the order they said it; what is handed to
 * them goes by their own queue.
 */
import type { Clock } from "../base/clock.ts";
import { describeError } from "../base/errors.ts";
import type { SessionId } from "../base/ids.ts";
import type { Logger } from "../base/logger.ts";
import type { EngineCommand } from "../domain/commands.ts";
import type { HarnessEvent, Usage } from "../harness/harness.ts";
import type { Exit, LiveSession } from "../harness/session.ts";

export interface Running {
  readonly session: SessionId;
  readonly run: number;
  readonly live: LiveSession;
}

export interface LiveSessionsParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** A session without a sign for this long lapses; signs are written down four times as often. */
  readonly silenceMs: number;
  submit(command: EngineCommand): Promise<unknown>;
  /** Keeps the end of what a process printed. */
  keep(text: string): Promise<string | { readonly artifact: string; readonly bytes: number }>;
}

const OUTPUT_CHARS = 4_000;

export class LiveSessions {
  readonly #parts: LiveSessionsParts;
  readonly #running = new Map<SessionId, Running>();
  readonly #ready = new Set<(running: Running) => void>();
  /** Reports of one session go one after another. */
  readonly #reports = new Map<SessionId, Promise<unknown>>();
  readonly #lastSign = new Map<SessionId, number>();
  #closing = false;

  constructor(parts: LiveSessionsParts) {
    this.#parts = parts;
  }

  get(session: SessionId): Running | undefined {
    return this.#running.get(session);
  }

  all(): readonly Running[] {
    return [...this.#running.values()];
  }

  /** Calls `listener` for every session that can take messages from now on. */
  onReady(listener: (running: Running) => void): () => void {
    this.#ready.add(listener);
    return () => this.#ready.delete(listener);
  }

  /** Events are taken from the very first line on; call before the process is started. */
  hear(session: SessionId, run: number): (event: HarnessEvent) => void {
    return (event) => this.#onEvent(session, run, event);
  }

  /** The process was recorded: it may be given messages, and its end will be told. */
  admit(running: Running): void {
    this.#running.set(running.session, running);
    void running.live.exited.then((exit) => this.#onExit(running, exit));
    for (const listener of this.#ready) listener(running);
  }

  /** Ends the process and answers how; undefined when there is none here. */
  async stop(session: SessionId, graceMs: number): Promise<Exit | undefined> {
    const running = this.#running.get(session);
    if (!running) return undefined;
    this.#running.delete(session);
    return running.live.stop(graceMs);
  }

  /** The host goes: processes end, but their sessions are not over; the next host resumes them. */
  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    await Promise.all(this.all().map(({ live }) => live.stop(graceMs)));
    this.#running.clear();
    await Promise.all(this.#reports.values());
  }

  #onEvent(session: SessionId, run: number, event: HarnessEvent): void {
    this.#sign(session, run);
    switch (event.type) {
      case "turn_started":
        this.#report(session, { type: "record_turn_started", session, run, asked: null, reasons: 0 });
        break;
      case "turn_ended":
        this.#report(session, {
          type: "record_turn_ended",
          session,
          run,
          ok: event.ok,
          error: cut(event.error),
          usage: tokens(event.usage),
        });
        break;
      case "denied":
        this.#parts.logger.info({ session, tool: event.tool }, "tool call denied");
        break;
      case "noise":
        this.#parts.logger.debug({ session, line: event.line.slice(0, 200) }, "unreadable line");
        break;
      default:
    }
  }

  /** Any line is a sign of life; writing each down would flood the log. */
  #sign(session: SessionId, run: number): void {
    const now = this.#parts.clock.now();
    const last = this.#lastSign.get(session);
    if (last === undefined) this.#lastSign.set(session, now);
    else if (now - last >= this.#parts.silenceMs / 4) {
      this.#lastSign.set(session, now);
      this.#report(session, { type: "record_alive", session, run });
    }
  }

  #onExit(running: Running, exit: Exit): void {
    const { session, run } = running;
    if (this.#closing || this.#running.get(session) !== running) return;
    this.#running.delete(session);
    const why = exit.signal === null ? `exited with code ${exit.code}` : `killed by ${exit.signal}`;
    this.#reportLater(session, async () => {
      const output = exit.stderr === "" ? null : await this.#parts.keep(exit.stderr.slice(-OUTPUT_CHARS));
      return { type: "record_session_end", session, run, why, output };
    });
  }

  #report(session: SessionId, command: EngineCommand): void {
    this.#reportLater(session, async () => command);
  }

  #reportLater(session: SessionId, make: () => Promise<EngineCommand>): void {
    const before = this.#reports.get(session) ?? Promise.resolve();
    const next = before
      .then(async () => this.#parts.submit(await make()))
      .catch((error: unknown) => this.#parts.logger.error({ session, error: describeError(error) }, "report not recorded"));
    this.#reports.set(session, next);
  }
}

const cut = (error: string | null): string | null => error?.slice(0, 300) ?? null;
const tokens = ({ inputTokens, outputTokens, cachedTokens, usd }: Usage): Usage => ({ inputTokens, outputTokens, cachedTokens, usd });
