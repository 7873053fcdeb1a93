import fc from "fast-check";
import { expect, test } from "vitest";
import type { Event } from "../../src/domain/events.ts";
import type { Session, State } from "../../src/domain/model.ts";
import { badMoves, broken, replays } from "./invariants.ts";
import { interpret, move } from "./moves.ts";
import { MINIMAL, seatSpec, World } from "./world.ts";

const LIMITS = { attempts: 3, rounds: 2, lapses: 2, refusals: 2, effectTries: 3, turns: 8, planRevisions: 4 };
/** Two reviewers, one of them of another provider with a kept session, and a seat for risk. */
const TEAM = [
  ...MINIMAL.map((seat) => (seat.duty === "reviewer" ? { ...seat, keeps: true as const } : seat)),
  seatSpec("reviewer-2", "reviewer", "p2"),
  { ...seatSpec("risk", "reviewer"), role: "risk" },
];
const RUNS = Number(process.env.SKEP_PROPERTY_RUNS ?? 200);

/** Commands that begin, give or settle a review; the state before another one is not looked at. */
const DECIDES = new Set<string>(["start_job", "review_task", "verify_finding"]);

interface Before {
  readonly state: State;
  readonly session: Session | undefined;
}

/** What an accepted event about a review breaks, seen from the state it was decided on. */
function* wrong(event: Event, { state, session }: Before): Iterable<string> {
  if (event.type === "session_wanted" || event.type === "job_changed") yield* wrongJob(event, state);
  if (event.type !== "review_recorded" && event.type !== "finding_verified") return;
  const task = state.tasks.get(event.task);
  if (!task || task.sha !== event.sha) return yield `${event.type} for a commit that is not there`;
  if (event.type === "finding_verified") {
    if (task.authors.includes(event.by)) yield `${event.by} verified its own work`;
    if (session?.id === task.openReview?.session) yield `${event.finding} was answered by the session that raised it`;
    return;
  }
  if (!event.approved) return;
  if (task.authors.includes(event.by)) yield `${event.by} approved its own work`;
  const open = (task.openReview?.doubts ?? []).filter(({ answer }) => answer === null);
  const last = session?.job.kind === "verify" ? session.job.doubt : null;
  if (open.some(({ id }) => id !== last)) yield `${task.id} was approved with ${open.length} doubts open`;
}

function* wrongJob(event: Extract<Event, { type: "session_wanted" | "job_changed" }>, state: State): Iterable<string> {
  const { job } = event;
  if (job.kind === "verify" && event.type === "job_changed") yield "a kept session verifies";
  if (job.kind !== "review") return;
  const task = state.tasks.get(job.task);
  const risk = [...state.seats.values()].some(
    ({ seat, role, status }) => role === "risk" && status === "active" && !task?.authors.includes(seat),
  );
  if (task?.risk === "high" && risk && job.as !== "risk" && task.screened !== job.sha)
    yield `the review of ${job.task} begins before its risk review`;
}

test("[review.property] no approval comes from an author, before every doubt is answered, or before the risk review of a risky task", () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 250, size: "max" }), (moves) => {
      const world = World.started(LIMITS, TEAM);
      for (const one of moves) {
        const sent = interpret(world, one);
        if (!sent) continue;
        const statuses = new Map([...world.state.tasks.values()].map((task) => [task.id as string, task.status]));
        const session = sent.actor.kind === "session" ? world.state.sessions.get(sent.actor.session) : undefined;
        const before: Before = { state: DECIDES.has(sent.command.type) ? structuredClone(world.state) : world.state, session };
        const length = world.history.length;
        world.send(sent.command, sent.actor);
        const entry = world.history.length > length ? world.history.at(-1) : undefined;
        const found = entry
          ? [...entry.events.flatMap((event) => [...wrong(event, before)]), ...badMoves(entry, statuses, world.state)]
          : [];
        if (found.length > 0) expect(found, JSON.stringify(world.history.map((past) => past.command.type))).toEqual([]);
        const state = [...broken(world)];
        if (state.length > 0) expect(state, JSON.stringify(world.history.map((past) => past.command.type))).toEqual([]);
      }
      expect(replays(world)).toBe(true);
    }),
    { numRuns: RUNS, interruptAfterTimeLimit: 200_000, markInterruptAsFailure: true, endOnFailure: true },
  );
});
