/**
 * Why something does not move: the registry of reasons. A new one is one line here; docs/stuck.md shows them all, and an
 * exhaustive switch asks for a reason wherever a status is added.
 */

/**
 * On whom it waits. nobody: it moves, or nothing is asked of it · you: only a person goes on with it · time: it goes on by
 * itself · others: something else in the swarm comes first · host: the process that acts for the swarm is not there.
 */
export type WaitsFor = "nobody" | "you" | "time" | "others" | "host";

interface Entry {
  readonly waitsFor: WaitsFor;
  readonly means: string;
}
const entry = (waitsFor: WaitsFor, means: string): Entry => ({ waitsFor, means });

/** In the order of a reader's interest: what a person can do first. */
export const REASONS = {
  gate: entry("you", "a gate is open: a question that only you can answer"),
  budget: entry("you", "a budget is used up; its gate asks whether to allow as much again"),
  person: entry("you", "an agent's session is in your hands and is waited for"),
  paused: entry("you", "the swarm was paused by a person"),
  paused_itself: entry("you", "the swarm paused itself, since nothing had moved for long; a message or an answer of yours resumes it"),
  suggestion: entry("you", "a proposed task in a swarm without a queen: nobody but you would take it up"),
  no_seat: entry("you", "no agent of the team has the role the task wants"),
  disk_full: entry("host", "the disk that holds the state of the swarm is full, so nothing can be written down"),
  no_host: entry("host", "no host runs, so nobody acts for the swarm; nothing is lost"),
  host_starting: entry("host", "the host is coming up"),
  host_silent: entry("host", "the host's process lives and does not answer"),
  host_down: entry("host", "the host ended too often in a row, so its keeper gave up"),
  host_elsewhere: entry(
    "host",
    "the host runs and does not act for this swarm: another process holds its lease, or its log cannot be read",
  ),
  failing: entry("time", "work of skep's own failed and is tried again at a set time"),
  provider: entry("time", "the provider of the model rests until the time it named, or for a while"),
  retrying: entry("time", "the agent's CLI only retries its model; after a while it is stopped and begun again"),
  silent: entry(
    "time",
    "a running turn shows no sign of work for the stall time, makes one call again and again, or its turns end without progress",
  ),
  resting: entry("time", "the agent's last session failed; it rests before the next one"),
  pace: entry("time", "as many sessions of the swarm were started in a minute as may be; the next ones wait"),
  reserved: entry("time", "a returned task is kept for the agent who knows it, until a set time"),
  cooling_down: entry("time", "nobody is free, and one more agent joins when the cool-down is over"),
  kept: entry("time", "the session has no job and is kept for the next one"),
  dependency: entry("others", "the task waits for others to be merged"),
  dependency_failed: entry(
    "others",
    "a task it waits for failed or was cancelled: the queen has to replan, and without a queen it never begins",
  ),
  queen: entry("others", "the queen has to decide"),
  together: entry("others", "several do the task together, and not all of them are free; or the agent is kept free for such a task"),
  seat_busy: entry("others", "every agent who may take it has other work"),
  cap_reached: entry("others", "nobody is free, and a cap allows no further agent"),
  check_worktree: entry("others", "the one worktree for checks is in use"),
  merge_queue: entry("others", "one merge at a time: others come first"),
  idle: entry("nobody", "nothing is asked of the agent now"),
  moving: entry("nobody", "a turn runs, or skep is about to act"),
  over: entry("nobody", "the swarm has ended"),
  unexplained: entry("you", "skep finds no reason: a fault of skep's, worth a report"),
} as const satisfies Readonly<Record<string, Entry>>;

export type ReasonCode = keyof typeof REASONS;
