/** What a run of the demo is to show, each proved from the log of its swarm; nothing is taken from what was planned. */
import type { Event, EventOf, EventType } from "../../domain/events.ts";
import { inline, listed } from "../../domain/foreign.ts";
import type { AttemptResult } from "../../domain/model.ts";
import { waves } from "../../domain/waves.ts";

export interface Shown {
  readonly id: string;
  /** Who or what caught it, in a word or two. */
  readonly gate: string;
  readonly promise: string;
  /** What happened; null: it did not. */
  readonly happened: string | null;
}

const FEWEST_TASKS = 8;
const WAVES = 3;
const WORKERS = 3;

export function shown(events: readonly Event[]): readonly Shown[] {
  const log = new Log(events);
  return [
    { id: "plan", gate: "plan review", promise: "a plan returned once and approved at revision 2", happened: plan(log) },
    {
      id: "tasks",
      gate: "waves",
      promise: `${FEWEST_TASKS} tasks or more, merged in ${WAVES} waves by ${WORKERS} workers`,
      happened: tasks(log),
    },
    { id: "scope", gate: "scope", promise: "a submission refused for a file outside its task", happened: scope(log) },
    {
      id: "tests",
      gate: "tests",
      promise: "a submission that failed its tests, repaired by the next attempt",
      happened: check(log, "commands"),
    },
    { id: "secret", gate: "secrets", promise: "a submission stopped for a secret", happened: check(log, "secrets") },
    { id: "review", gate: "review", promise: "changes requested in a review, made by the next attempt", happened: review(log) },
    { id: "conflict", gate: "merge", promise: "a conflict with merged work, resolved by the next attempt", happened: conflict(log) },
    { id: "killed", gate: "session", promise: "a worker killed with SIGKILL, its task finished by another attempt", happened: killed(log) },
    { id: "human", gate: "human", promise: "a gate answered by a person or the demo's operator", happened: human(log) },
    { id: "landed", gate: "land", promise: "the work landed on the user's branch", happened: landed(log) },
  ];
}

class Log {
  readonly #events: readonly Event[];
  constructor(events: readonly Event[]) {
    this.#events = events;
  }
  of<T extends EventType>(type: T): readonly EventOf<T>[] {
    return this.#events.filter((event): event is EventOf<T> => event.type === type);
  }
  /** The attempt that was merged. */
  merged(task: string): number | null {
    return this.of("attempt_ended").find((event) => event.task === task && event.result === "merged")?.attempt ?? null;
  }
  /** Attempts that ended so and were followed by one that was merged. */
  overcome(result: AttemptResult): readonly (EventOf<"attempt_ended"> & { readonly by: number })[] {
    return this.of("attempt_ended").flatMap((event) => {
      const by = this.merged(event.task);
      return event.result === result && by !== null && by > event.attempt ? [{ ...event, by }] : [];
    });
  }
}

function plan(log: Log): string | null {
  const reviews = log.of("plan_reviewed");
  const returned = reviews.filter(({ approved }) => !approved);
  const approved = reviews.find((review) => review.approved && review.revision === 2);
  if (!approved || returned.length !== 1 || returned[0]?.revision !== 1) return null;
  return `revision 1 was returned with ${returned[0].findingsCount} findings, revision 2 approved`;
}

function tasks(log: Log): string | null {
  const planned = log.of("plan_submitted").at(-1)?.plan.tasks ?? [];
  const order = waves(planned);
  const seats = new Set(log.of("task_claimed").map(({ seat }) => seat));
  const merged = log.of("task_merged");
  const enough = planned.length >= FEWEST_TASKS && order.length >= WAVES && seats.size >= WORKERS && merged.length === planned.length;
  if (!enough) return null;
  return `${merged.length} tasks in ${order.length} waves (${order.map((wave) => wave.map(({ id }) => id).join(" ")).join(" | ")}) by ${[...seats].sort().join(", ")}`;
}

function scope(log: Log): string | null {
  const refused = log.of("submission_refused").find((event) => event.why === "out_of_scope" && log.merged(event.task) !== null);
  return refused
    ? `${refused.task} changed ${listed(
        refused.paths.map((path) => inline(path, 80)),
        3,
      )}, which is not its file`
    : null;
}

function check(log: Log, name: string): string | null {
  const failed = new Set(log.of("check_recorded").flatMap((event) => (event.check === name && !event.passed ? [event.task] : [])));
  const ended = log.overcome("checks_failed").find(({ task }) => failed.has(task));
  return ended ? `${ended.task} was stopped in attempt ${ended.attempt}, merged from attempt ${ended.by}` : null;
}

function review(log: Log): string | null {
  const [ended] = log.overcome("changes_requested");
  return ended ? `${ended.task} was returned in attempt ${ended.attempt}, merged from attempt ${ended.by}` : null;
}

function conflict(log: Log): string | null {
  const [ended] = log.overcome("conflict");
  if (!ended) return null;
  return `${ended.task} conflicted in ${listed(
    ended.conflict.map((path) => inline(path, 80)),
    3,
  )}, resolved in attempt ${ended.by}`;
}

function killed(log: Log): string | null {
  const deaths = log.of("session_ended").filter(({ lapsed, why }) => lapsed && /\bSIGKILL\b/.test(why));
  const [ended] = deaths.length > 0 ? log.overcome("lapsed") : [];
  return ended ? `${ended.task} lost its worker in attempt ${ended.attempt}, merged from attempt ${ended.by}` : null;
}

function human(log: Log): string | null {
  const answered = log.of("gate_answered").find(({ by }) => by === "operator");
  const gate = log.of("gate_opened").find((event) => event.gate.id === answered?.gate)?.gate;
  return answered && gate ? `${gate.id} "${inline(gate.title, 80)}" was answered ${JSON.stringify(inline(answered.answer, 80))}` : null;
}

function landed(log: Log): string | null {
  const [event] = log.of("swarm_landed");
  return event ? `the branch stands at ${event.sha.slice(0, 12)}` : null;
}
