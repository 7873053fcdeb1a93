/**
 * Runs any adapter as one live session: a process group of its own, one queue of writes, events in the order of the lines,
 * and an end that takes the whole tree. It knows no CLI by name. Watching for silence is the host's: see `lastOutput`.
 */
import { type Clock, sleep } from "../base/clock.ts";
import { describeError, SkepError } from "../base/errors.ts";
import { type Group, spawnGroup } from "../proc/group.ts";
import { deliveries, type Proof } from "./deliveries.ts";
import type { Capabilities, Harness, HarnessEvent, Launch, LaunchOrder, Wire } from "./harness.ts";
import { missing, removePrivate, writePrivate } from "./private-files.ts";

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** What the program said on stderr at the end. Foreign text. */
  readonly stderr: string;
}

export interface LiveSession {
  readonly pid: number;
  /** Start of the process in the machine's own words; with the pid it proves later that a process is this one. */
  readonly start: string;
  /**
   * Hands a message over. "taken" when the session proved that it took it in, "gone" when it ended first. At once when the
   * session is idle or takes text in the middle of a turn, else at the end of the turn, `now` before `next`; `now` cuts the
   * turn where the CLI can. One promise per receipt.
   */
  deliver(text: string, receipt: string, urgency: "next" | "now"): Promise<"taken" | "gone">;
  /** What proved that the message with this receipt was taken; null: nothing did. */
  proofOf(receipt: string): Proof | null;
  readonly can: Pick<Capabilities, "steer" | "interrupt">;
  /** Cuts the running turn; false when no turn runs or the CLI cannot. */
  interrupt(): boolean;
  /** Asks, closes stdin, waits, SIGTERM, waits, SIGKILL; the whole group. Safe to repeat. */
  stop(graceMs: number): Promise<Exit>;
  readonly exited: Promise<Exit>;
  /** Whether a turn runs, or was started and not yet confirmed. */
  busy(): boolean;
  /** When the last line came, on the monotonic clock. */
  lastOutput(): number;
}

export interface SessionWiring {
  readonly clock: Clock;
  /** Called once per event, in order, never after `exited` resolved. */
  onEvent(event: HarnessEvent): void;
  readonly spawn?: typeof spawnGroup;
}

/**
 * Throws SESSION_NOT_STARTED when the program cannot be started, and what `harness.launch` throws. What was done by then is
 * undone in reverse: no process, and no file that this start put there.
 */
export async function startSession(harness: Harness, order: LaunchOrder, wiring: SessionWiring): Promise<LiveSession> {
  const launch = harness.launch(order);
  const files = launch.files ?? [];
  // What an earlier run of this session was given stays its own: the next start writes it anew.
  const added = missing(order.home, files);
  try {
    writePrivate(order.home, files);
    return await startProgram(harness, order, launch, wiring);
  } catch (error) {
    removePrivate(order.home, added);
    throw error;
  }
}

async function startProgram(harness: Harness, order: LaunchOrder, launch: Launch, wiring: SessionWiring): Promise<LiveSession> {
  const { spawn = spawnGroup } = wiring;
  const spawned = await spawn(launch.argv, { cwd: order.cwd, env: launch.env, mark: order.mark });
  if (!spawned.started)
    throw new SkepError(
      "SESSION_NOT_STARTED",
      `${harness.id} could not be started: ${spawned.problem}`,
      "start that program by hand to see what it lacks, then the same again",
      {
        retryable: true,
      },
    );
  try {
    return follow(spawned, harness, order, launch, wiring);
  } catch (error) {
    await spawned.end(0);
    throw error;
  }
}

/** The session of a program that runs: its lines, its messages, its end. */
function follow(group: Group, harness: Harness, order: LaunchOrder, launch: Launch, { clock, onEvent }: SessionWiring): LiveSession {
  const codec = harness.codec(order);
  const wire = harness.wire?.(group, order) ?? pipes(group);
  let heard = clock.monotonic();
  const write = (lines: readonly string[]): void => {
    // A reader that is gone swallows what it is told: the exit says so to everybody who waits.
    for (const line of lines) wire.write(line);
  };
  const post = deliveries(
    harness.capabilities,
    ({ text, receipt, urgency }) => write(codec.message(text, receipt, urgency)),
    () => write(codec.interrupt()),
  );

  write(launch.stdin);
  let fault = "";
  const read = readAll(wire.lines, (line) => {
    heard = clock.monotonic();
    for (const event of codec.read(line)) {
      if (event.type === "reply") write(event.lines);
      onEvent(event);
      post.see(event);
    }
  }).catch((error: unknown) => {
    // Half a stream is no stream: the session ends, and says why.
    fault = `skep: ${describeError(error)}`;
    return group.end(0);
  });
  const exited = group.exit.then(async ({ code, signal }): Promise<Exit> => {
    // Nothing of it may outlive it; what is still in the pipe is read first.
    const swept = group.end(0);
    wire.close();
    await read;
    await swept;
    post.close();
    return { code, signal, stderr: [group.stderr(), fault].filter(Boolean).join("\n") };
  });
  let stopping: Promise<Exit> | null = null;
  async function endAll(graceMs: number): Promise<Exit> {
    write(codec.end());
    group.closeStdin();
    wire.close();
    const over = new AbortController();
    // Its own end has swept what it started.
    const ended = await Promise.race([exited, sleep(graceMs, over.signal)]);
    over.abort();
    if (!ended) await group.end(graceMs);
    return exited;
  }

  return {
    pid: group.pid,
    start: group.start ?? "ended",
    deliver: (text, receipt, urgency) => post.add({ text, receipt, urgency }),
    proofOf: (receipt) => post.proofOf(receipt),
    can: harness.capabilities,
    interrupt() {
      if (!harness.capabilities.interrupt || !post.busy()) return false;
      write(codec.interrupt());
      return true;
    },
    stop(graceMs) {
      stopping ??= endAll(graceMs);
      return stopping;
    },
    exited,
    busy: () => post.busy(),
    lastOutput: () => heard,
  };
}

/** Lines by stdin and stdout, as most programs have it. */
const pipes = (group: Pick<Group, "lines" | "write">): Wire => ({
  lines: group.lines,
  write: (line) => void group.write(`${line}\n`),
  close: () => undefined,
});

async function readAll(lines: AsyncIterable<string>, onLine: (line: string) => void): Promise<void> {
  for await (const line of lines) onLine(line);
}
