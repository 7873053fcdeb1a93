/** One pass over a log: what the state forgets and a report wants to know. */
import type { TaskId } from "../../base/ids.ts";
import type { Event, EventOf } from "../events.ts";
import { evolve } from "../evolve.ts";
import { eventLine } from "../feed.ts";
import type { Job, Prose, Session, State } from "../model.ts";
import { NOTHING, plus, type Spend, turnSpend } from "../spend.ts";
import { emptyState } from "../state.ts";
import { PHASES, type Phase } from "./report.ts";

export interface Commit {
  readonly at: number;
  readonly events: readonly Event[];
}

export interface Attempt {
  readonly task: TaskId;
  readonly attempt: number;
  readonly seat: string;
  readonly startedAt: number;
  /** As in the history of its task: `undone` when its merge was taken back. */
  end: (EventOf<"attempt_ended"> & { readonly at: number }) | null;
}
type Of<T extends Event["type"]> = EventOf<T> & { readonly at: number };

export interface Gathered {
  /** As the log leaves it. */
  readonly state: State;
  readonly asOf: number;
  readonly phases: ReadonlyMap<Phase, Spend>;
  readonly attempts: readonly Attempt[];
  readonly timeline: readonly { readonly at: number; readonly what: string }[];
  /** The seat of each session. */
  readonly sessions: ReadonlyMap<string, string>;
  readonly lapses: readonly Of<"session_ended">[];
  readonly stalls: readonly Of<"session_stalled">[];
  readonly denials: readonly Of<"tool_denied">[];
  readonly checks: readonly Of<"check_recorded">[];
  readonly refusals: readonly Of<"submission_refused">[];
  /** Those with a verdict; one that waits for its doubts has none yet. */
  readonly reviews: readonly Of<"review_recorded">[];
  readonly riskReviews: readonly Of<"risk_reviewed">[];
  readonly answers: readonly Of<"gate_answered">[];
  readonly planReviews: readonly Of<"plan_reviewed">[];
  readonly seconds: readonly Of<"finding_verified">[];
  readonly undone: readonly Of<"task_undone">[];
  readonly landing: Of<"swarm_landed"> | null;
  readonly counts: Readonly<Partial<Record<Event["type"], number>>>;
}

/** Turning points; what happens at every attempt stands with its task. */
const TOLD: ReadonlySet<Event["type"]> = new Set([
  "swarm_created",
  "swarm_paused",
  "swarm_resumed",
  "swarm_ended",
  "swarm_landed",
  "seat_added",
  "plan_submitted",
  "plan_reviewed",
  "submission_refused",
  "attempt_ended",
  "merge_red",
  "task_merged",
  "task_undone",
  "undo_refused",
  "task_cancelled",
  "recovery_opened",
  "dependants_lost",
  "provider_limited",
  "seat_routed",
  "budget_warned",
  "gate_opened",
  "gate_answered",
]);

export function gather(commits: readonly Commit[]): Gathered {
  const state = emptyState();
  const all: { readonly at: number; readonly event: Event }[] = [];
  const phases = new Map<Phase, Spend>(PHASES.map((phase) => [phase, NOTHING]));
  const attempts: Attempt[] = [];
  const sessions = new Map<string, string>();
  const timeline: { at: number; what: string }[] = [];
  const open = new Map<string, Attempt>();
  const counts: Partial<Record<Event["type"], number>> = {};
  for (const { at, events } of commits)
    for (const event of events) {
      all.push({ at, event });
      counts[event.type] = (counts[event.type] ?? 0) + 1;
      if (event.type === "turn_ended") {
        const session = state.sessions.get(event.session);
        if (session) charge(phases, session, event, at);
      }
      if (event.type === "session_wanted") sessions.set(event.session, event.seat);
      if (event.type === "task_claimed") {
        const { task, attempt, seat } = event;
        const begun: Attempt = { task, attempt, seat, startedAt: at, end: null };
        open.set(`${task}/${attempt}`, begun);
        attempts.push(begun);
      }
      if (event.type === "attempt_ended") {
        const begun = open.get(`${event.task}/${event.attempt}`);
        if (begun) begun.end = { ...event, at };
      }
      if (event.type === "task_undone") {
        const last = attempts.findLast((one) => one.task === event.task && one.end?.result === "merged");
        if (last?.end) last.end = { ...last.end, result: "undone", why: event.why };
      }
      const what = TOLD.has(event.type) ? eventLine(event) : null;
      if (what !== null) timeline.push({ at, what });
      evolve(state, event, at);
    }
  const of = <T extends Event["type"]>(type: T): readonly Of<T>[] =>
    all.flatMap(({ at, event }) => (event.type === type ? [{ ...(event as EventOf<T>), at }] : []));
  return {
    ...{ state, phases, attempts, timeline, sessions, counts },
    asOf: commits.at(-1)?.at ?? 0,
    lapses: of("session_ended").filter(({ lapsed }) => lapsed),
    stalls: of("session_stalled"),
    denials: of("tool_denied"),
    checks: of("check_recorded"),
    refusals: of("submission_refused"),
    reviews: of("review_recorded").filter(({ doubts }) => doubts === undefined),
    riskReviews: of("risk_reviewed"),
    answers: of("gate_answered"),
    planReviews: of("plan_reviewed"),
    seconds: of("finding_verified"),
    undone: of("task_undone"),
    landing: of("swarm_landed").at(-1) ?? null,
  };
}

/** As the swarm itself charges a turn. */
function charge(phases: Map<Phase, Spend>, session: Session, { usage }: EventOf<"turn_ended">, at: number): void {
  const phase = phaseOf(session.job);
  phases.set(phase, plus(phases.get(phase) ?? NOTHING, turnSpend(usage, session.turnAt, at)));
}

function phaseOf({ kind }: Job): Phase {
  switch (kind) {
    case "plan":
    case "plan_review":
      return "planning";
    case "task":
    case "collab":
      return "work";
    case "review":
      return "review";
    case "verify":
      return "second look";
    default: {
      const never: never = kind;
      throw new Error(`unhandled ${String(never)}`);
    }
  }
}

/** The texts that a report quotes, to be read before it is made. */
export function quoted({ state, attempts }: Gathered): readonly Prose[] {
  return [state.goal, state.ending, ...attempts.map(({ end }) => end?.findings)].flatMap((prose) => prose ?? []);
}
