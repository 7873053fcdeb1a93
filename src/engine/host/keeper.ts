/**
 * Keeps a project's host running: starts it, waits, and starts it again unless it ended cleanly. Small on purpose, it stays
 * in memory as long as the host: node's own modules and two files of ours, nothing else.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, fstatSync, openSync, readFileSync, readSync, renameSync, statSync, writeFileSync } from "node:fs";
import { type Clock, sleep } from "../../base/clock.ts";
import type { HostPlaces } from "./places.ts";

export interface KeepOrder {
  readonly places: HostPlaces;
  /** argv of the host. */
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** This process, as `keeper.json` names it. */
  readonly self: { readonly pid: number; readonly start: string };
  /** Before the first restart; each later one waits four times as long. */
  readonly firstPauseMs?: number;
  /** Ends host and keeper. */
  readonly signal: AbortSignal;
}

interface Failure {
  readonly at: number;
  readonly why: string;
}

export const MOST_RESTARTS = 5;
const WINDOW_MS = 10 * 60_000;
const FIRST_PAUSE_MS = 100;
const LAST_WORDS_BYTES = 600;
const LONGEST_LOG_BYTES = 4 * 1024 * 1024;

/** The exit code of the keeper: 0 when the host ended cleanly, 1 when it would not stay up. */
export async function keep(order: KeepOrder): Promise<0 | 1> {
  const { places, clock, self, signal, firstPauseMs = FIRST_PAUSE_MS } = order;
  let failures = recent(readRecord(places.keeper).failures, clock.now());
  const leave = (known: readonly Failure[]) => {
    // Another keeper may have begun meanwhile; its name stays.
    if (readRecord(places.keeper).pid === self.pid) write(places.keeper, { keeper: null, failures: known });
  };
  putLogAside(places.log);
  for (;;) {
    write(places.keeper, { keeper: self, failures });
    const why = await runOnce(order);
    if (why === null || signal.aborted) {
      leave([]);
      return 0;
    }
    failures = [...recent(failures, clock.now()), { at: clock.now(), why }];
    if (failures.length > MOST_RESTARTS) {
      leave(failures);
      return 1;
    }
    // 0.1 s, 0.4 s, 1.6 s, 6.4 s, 25.6 s: a killed host is back at once, a broken one does not eat the machine.
    const pause = firstPauseMs * 4 ** (failures.length - 1);
    await sleep(pause, signal);
  }
}

/** One older log is kept beside the present one. */
function putLogAside(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LONGEST_LOG_BYTES) renameSync(file, `${file}.old`);
}

/** null: a clean exit. */
async function runOnce({ argv, places, cwd, env, signal }: KeepOrder): Promise<string | null> {
  const [program, ...args] = argv;
  const log = openSync(places.log, "a", 0o600);
  const from = fstatSync(log).size;
  try {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", log, log] });
    const pass = () => child.kill("SIGTERM");
    signal.addEventListener("abort", pass, { once: true });
    const end = await ended(child);
    signal.removeEventListener("abort", pass);
    return end === "exit code 0" ? null : `${end}${lastWords(places.log, from)}`;
  } finally {
    closeSync(log);
  }
}

function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`not started: ${error.message}`));
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}

/** The end of what the host printed since it started: mostly the error it died of. */
function lastWords(file: string, from: number): string {
  const log = openSync(file, "r");
  try {
    const { size } = fstatSync(log);
    const start = Math.max(from, size - LAST_WORDS_BYTES);
    const bytes = Buffer.alloc(size - start);
    readSync(log, bytes, 0, bytes.length, start);
    const text = bytes.toString("utf8").trim();
    return text === "" ? "" : `; last words: ${text}`;
  } finally {
    closeSync(log);
  }
}

export const recent = (failures: readonly Failure[], now: number): Failure[] => failures.filter(({ at }) => Math.abs(now - at) < WINDOW_MS);

function readRecord(file: string): { readonly pid: unknown; readonly failures: readonly Failure[] } {
  try {
    const { keeper, failures } = JSON.parse(readFileSync(file, "utf8")) as { keeper?: { pid?: unknown } | null; failures?: unknown };
    return { pid: keeper?.pid, failures: Array.isArray(failures) ? failures.filter(isFailure) : [] };
  } catch {
    return { pid: undefined, failures: [] }; // none yet, or unreadable: then nothing is known against starting
  }
}

function isFailure(value: unknown): value is Failure {
  return (
    typeof value === "object" && value !== null && typeof (value as Failure).at === "number" && typeof (value as Failure).why === "string"
  );
}

function write(file: string, record: { readonly keeper: KeepOrder["self"] | null; readonly failures: readonly Failure[] }): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}
