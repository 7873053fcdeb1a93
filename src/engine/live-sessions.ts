/**
 * The processes behind this host's sessions. What they say becomes commands, in the order they said it; what is handed to
 * them goes by their own queue.
 */
import type { Clock } from "../base/clock.ts";
import type { SessionId } from "../base/ids.ts";
import type { Logger } from "../base/logger.ts";
import type { EngineCommand } from "../domain/commands.ts";
import type { ProblemFact } from "../domain/provider.ts";
import type { Harness, HarnessEvent, Problem } from "../harness/harness.ts";
import type { Exit, LiveSession } from "../harness/session.ts";
import { Reports } from "./reports.ts";
import { Answer, isWork, Rows } from "./signs.ts";

export interface Running {
  readonly session: SessionId;
  readonly run: number;
  readonly live: LiveSession;
  readonly diagnose?: Harness["diagnose"];
  /** What it does shows while its turn runs. */
  readonly watchable: boolean;
  /** It was started to go on with what its CLI keeps of an earlier run. */
  readonly resumed: boolean;
}

/** What one process said of itself, from its first line on. */
interface Heard {
  /** It took up its work: from here on its turns are turns. */
  begun: boolean;
  /** The id its CLI gave itself. */
  cli: string | null;
  /** Why it is of no use and has to go. */
  broken: string | null;
  /** What it said instead of beginning. */
  words: string | null;
  /** The last thing it said was that it retries its model. */
  retrying: boolean;
  /** Why it is of no use, in kind. */
  problem: ProblemFact | null;
  /** Its last sign of work, and when one was last written down. */
  workAt: number | null;
  signAt: number | null;
  /** Calls it repeats. */
  readonly rows: Rows;
  /** It was asked something. */
  answer: Answer | null;
}

export interface LiveSessionsParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** A session without a sign for this long is looked at; signs are written down four times as often. */
  readonly stallMs: number;
  /** So many calls of the same kind in a row are told. */
  readonly loop: number;
  submit(command: EngineCommand): Promise<unknown>;
  /** Keeps the end of what a process printed. */
  keep(text: string): Promise<string | { readonly artifact: string; readonly bytes: number }>;
}

const OUTPUT_CHARS = 4_000;
const NO_TOOLS = "its tools did not connect: the CLI could not reach skep's MCP endpoint, or was refused there";

type TurnEnd = Extract<EngineCommand, { type: "record_turn_ended" }>;

export class LiveSessions {
  readonly #parts: LiveSessionsParts;
  readonly #running = new Map<SessionId, Running>();
  readonly #ready = new Set<(running: Running) => void>();
  readonly #reports: Reports;
  readonly #heard = new Map<SessionId, Heard>();
  #closing = false;

  constructor(parts: LiveSessionsParts) {
    this.#parts = parts;
    this.#reports = new Reports(parts);
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
    const rows = new Rows(this.#parts.loop);
    const said = { begun: false, cli: null, broken: null, words: null, retrying: false, problem: null };
    const heard: Heard = { ...said, workAt: null, signAt: null, rows, answer: null };
    this.#heard.set(session, heard);
    return (event) => this.#onEvent(session, run, heard, event);
  }

  /** Its last sign of work, as told by itself; null: there was none. */
  workAt(session: SessionId): number | null {
    return this.#heard.get(session)?.workAt ?? null;
  }

  /** What it says and does from now on counts as its answer. */
  listen(session: SessionId): Answer {
    const answer = new Answer();
    const heard = this.#heard.get(session);
    if (heard) heard.answer = answer;
    return answer;
  }

  /** The process was recorded: it may be given messages, and its end will be told. */
  admit(running: Running): void {
    this.#running.set(running.session, running);
    void running.live.exited.then((exit) => this.#onExit(running, exit));
    const heard = this.#heard.get(running.session);
    if (heard) this.#name(running.session, running.run, heard);
    if (this.#closing || heard?.broken) return void running.live.stop(0);
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
    await this.#reports.close();
  }

  #onEvent(session: SessionId, run: number, heard: Heard, event: HarnessEvent): void {
    if (isWork(event)) this.#sign(session, run, heard);
    heard.answer?.see(event);
    switch (event.type) {
      case "ready":
        heard.begun = true;
        // It would work on without a way to hand anything in: its messages are held back, and it is ended.
        if (event.mcp === "failed") this.#giveUp(session, heard, NO_TOOLS);
        heard.cli = event.cliSession;
        if (this.#running.get(session)?.run === run) this.#name(session, run, heard);
        break;
      case "broken":
        heard.problem = problemFact(event.problem, this.#parts.clock.now());
        this.#giveUp(session, heard, `${event.problem.kind}: ${event.problem.message}`);
        break;
      case "turn_started":
        heard.begun = true;
        this.#report(session, { type: "record_turn_started", session, run, asked: null, reasons: 0 });
        break;
      case "turn_ended":
        heard.retrying = false;
        if (heard.begun) this.#reportEnd(turnEnded(session, run, event, this.#parts.clock.now()));
        else heard.words = event.error ?? event.text;
        break;
      case "denied":
        this.#report(session, { type: "record_denied", session, run, tool: event.tool.slice(0, 100), why: event.why.slice(0, 300) });
        break;
      case "retry":
        this.#retry(session, run, heard, event);
        break;
      case "text":
      case "tool_result":
        this.#progress(session, run, heard);
        break;
      case "tool":
        this.#progress(session, run, heard);
        this.#call(session, run, heard, event);
        break;
      case "noise":
        this.#parts.logger.debug({ session, line: event.line.slice(0, 200) }, "unreadable line");
        break;
      default:
    }
  }

  /** Some CLIs name themselves before their process is in the log; of a run that is not there yet nothing can be written down. */
  #name(session: SessionId, run: number, { cli }: Heard): void {
    if (cli !== null) this.#report(session, { type: "name_session", session, run, cli });
  }

  /** Written down at once: how long it goes on is the engine's to judge. */
  #retry(session: SessionId, run: number, heard: Heard, { why, problem }: Extract<HarnessEvent, { type: "retry" }>): void {
    this.#parts.logger.info({ session, why }, "the CLI retries its model");
    heard.retrying = true;
    const known = problem ?? { kind: "overloaded" as const, message: why, reset: null };
    this.#report(session, { type: "record_retrying", session, run, problem: problemFact(known, this.#parts.clock.now()) });
  }

  #progress(session: SessionId, run: number, heard: Heard): void {
    if (!heard.retrying) return;
    heard.retrying = false;
    this.#report(session, { type: "record_alive", session, run });
  }

  #call(session: SessionId, run: number, { rows }: Heard, call: Extract<HarnessEvent, { type: "tool" }>): void {
    const row = rows.see(call);
    if (row) this.#report(session, { type: "record_loop", session, run, tool: row.tool.slice(0, 100), times: row.times });
  }

  #giveUp(session: SessionId, heard: Heard, why: string): void {
    heard.broken = why;
    // Not there yet when it fails at once: `admit` ends it then.
    void this.#running.get(session)?.live.stop(0);
  }

  /** Writing each down would flood the log; the newest is asked for when a session is looked at. */
  #sign(session: SessionId, run: number, heard: Heard): void {
    const now = this.#parts.clock.now();
    heard.workAt = now;
    if (heard.signAt !== null && now - heard.signAt < this.#parts.stallMs / 4) return;
    if (heard.signAt !== null) this.#report(session, { type: "record_alive", session, run });
    heard.signAt = now;
  }

  #onExit(running: Running, exit: Exit): void {
    const { session, run, resumed } = running;
    if (this.#closing || this.#running.get(session) !== running) return;
    this.#running.delete(session);
    const heard = this.#heard.get(session);
    const how = exit.signal === null ? `exited with code ${exit.code}` : `killed by ${exit.signal}`;
    const why = heard?.broken ?? (heard?.words ? `${how}: ${heard.words.slice(0, 200)}` : how);
    this.#reportLater(session, async () => {
      const output = exit.stderr === "" ? null : await this.#parts.keep(exit.stderr.slice(-OUTPUT_CHARS));
      const told = heard?.problem ?? (heard?.broken ? null : this.#diagnosed(running, exit));
      const end = {
        ...{ type: "record_session_end" as const, session, run, why, output },
        ...(told ? { problem: told } : {}),
        ...(exit.signal === null && !heard?.broken ? { exited: true } : {}),
      };
      return resumed && heard?.begun === false ? { ...end, unresumed: true } : end;
    });
  }

  #diagnosed({ diagnose }: Running, exit: Exit): ProblemFact | null {
    const problem = diagnose?.(exit) ?? null;
    return problem && problemFact(problem, this.#parts.clock.now());
  }

  /** A session that holds a message does not rest after this turn, and nobody has to remind it of its job. */
  #reportEnd(end: TurnEnd): void {
    this.#reportLater(end.session, async () => {
      const running = this.#running.get(end.session);
      return running?.run === end.run && running.live.busy() ? { ...end, goesOn: true } : end;
    });
  }

  #report(session: SessionId, command: EngineCommand): void {
    this.#reportLater(session, async () => command);
  }

  #reportLater(session: SessionId, make: () => Promise<EngineCommand>): void {
    this.#reports.add(session, make);
  }
}

/** A problem as the log keeps it: with a time of ours in place of "in ten minutes". */
function problemFact({ kind, message, reset }: Problem, now: number): ProblemFact {
  const resetAt = reset === null ? null : "at" in reset ? reset.at : now + reset.inMs;
  return { kind, message: message.slice(0, 300), resetAt };
}

function turnEnded(
  session: SessionId,
  run: number,
  { ok, error, usage, problem }: Extract<HarnessEvent, { type: "turn_ended" }>,
  now: number,
): TurnEnd {
  const { inputTokens, outputTokens, cachedTokens, usd, estimated } = usage;
  const tokens = { inputTokens, outputTokens, cachedTokens, usd, ...(estimated ? { estimated } : {}) };
  return {
    type: "record_turn_ended",
    session,
    run,
    ok,
    error: error?.slice(0, 300) ?? null,
    usage: tokens,
    ...(problem ? { problem: problemFact(problem, now) } : {}),
  };
}
