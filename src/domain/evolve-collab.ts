/** What happens while several do one task together. */
import { openTurns, runningOf, togetherTasks } from "./collab.ts";
import { isAbout } from "./collab-losses.ts";
import type { EventOf } from "./events.ts";
import type { Gate, Session, State, Task } from "./model.ts";
import { alive, type Collab, DEFAULTS, type Turn } from "./modes/mode.ts";

type Of = { readonly task: Task["id"]; readonly attempt: number };

function at(state: State, { task, attempt }: Of): { task: Task; collab: Collab } | null {
  const found = state.tasks.get(task);
  return found?.collab?.attempt === attempt ? { task: found, collab: found.collab } : null;
}

export function collabBegun(state: State, event: EventOf<"collab_begun">): void {
  const task = state.tasks.get(event.task);
  if (!task) return;
  const before = event.goesOn ? task.collab : undefined;
  task.collab = {
    ...{ attempt: event.attempt, start: event.start, cursor: event.cursor, rounds: event.rounds },
    places: event.places.map((one) => ({ ...one, lost: null })),
    step: before?.step ?? 0,
    given: before?.given ?? [],
    ...{ stage: "ready", turns: [], asked: null, done: null },
  };
  hold(state, task, task.collab);
}

export function stepBegun(state: State, event: EventOf<"step_begun">): void {
  const found = at(state, event);
  if (!found) return;
  const { task, collab } = found;
  collab.step = event.step;
  collab.cursor = event.cursor;
  collab.stage = "working";
  collab.turns = event.turns.map((turn) => ({ ...turn }));
  hold(state, task, collab);
}

export function contributed(state: State, event: EventOf<"contributed">, now: number): void {
  const found = at(state, event);
  if (!found) return;
  const { step, place, vote, confidence, parts, findings, writes } = event;
  const { cursor } = found.collab;
  found.collab.given.push({ step, cursor, place, vote, confidence, parts, findings, sha: null, saved: !writes });
  const seat = state.seats.get(event.seat);
  if (!seat) return;
  seat.lapses = 0;
  endJob(state, seat.session, now);
}

/** Whoever leaves work in the task's range is one of its authors; the lead stays last, to whom it goes back. */
export function contributionSaved(state: State, event: EventOf<"contribution_saved">): void {
  const found = at(state, event);
  const one = found?.collab.given.find(({ step, place }) => step === event.step && place === event.place);
  if (!found || !one) return;
  one.saved = true;
  one.sha = event.sha;
  if (event.sha === null) return;
  const { task, collab } = found;
  const seat = collab.places.find(({ place }) => place === event.place)?.seat;
  if (seat !== undefined && !task.authors.includes(seat)) task.authors = [seat, ...task.authors];
  const [lead] = collab.places;
  // Side by side each has a line of its own: the lead's is where the result begins.
  if (lead?.place === event.place || task.mode?.kind !== "parallel") task.prior = { sha: event.sha, attempt: event.attempt };
}

export function placeLost(state: State, event: EventOf<"place_lost">, now: number): void {
  const found = at(state, event);
  const place = found?.collab.places.find((one) => one.place === event.place);
  if (!found || !place) return;
  place.lost = event.why;
  found.collab.turns = found.collab.turns.filter((turn) => turn.place !== event.place);
  const seat = state.seats.get(place.seat);
  if (seat?.collab !== found.task.id) return;
  delete seat.collab;
  endJob(state, seat.session, now);
}

export function stepEnded(state: State, { to, ...event }: EventOf<"step_ended">): void {
  const found = at(state, event);
  if (!found) return;
  const { task, collab } = found;
  collab.turns = [];
  if ("go" in to) {
    collab.cursor = to.go;
    collab.stage = "ready";
    return;
  }
  // While a person is asked, or the lead alone goes on, the others may do what else there is.
  release(state, task);
  if ("done" in to) finish(collab, to.done);
  else {
    collab.stage = "gate";
    collab.asked = to;
  }
}

export function collabResumed(state: State, { to, ...event }: EventOf<"collab_resumed">): void {
  const collab = at(state, event)?.collab;
  if (!collab) return;
  collab.asked = null;
  if (to === null) finish(collab, "person");
  else {
    collab.cursor = to;
    collab.rounds = Math.max(collab.rounds, to.round);
    collab.stage = "ready";
  }
}

function finish(collab: Collab, by: NonNullable<Collab["done"]>): void {
  collab.stage = "done";
  collab.done = by;
}

function hold(state: State, task: Task, collab: Collab): void {
  for (const { seat: id } of alive(collab)) {
    const seat = state.seats.get(id);
    if (seat) seat.collab = task.id;
  }
}

/** The task leaves the hands of those who did it together, or rests. */
function release(state: State, task: Task): void {
  for (const { seat: id } of task.collab?.places ?? []) {
    const seat = state.seats.get(id);
    if (seat?.collab === task.id) delete seat.collab;
  }
}

/** Likewise when the task itself ends or is returned: what their sessions were started for is gone. */
export function dissolve(state: State, task: Task, now: number): void {
  if (!task.collab) return;
  for (const session of state.sessions.values()) if (session.job.kind === "collab" && session.job.task === task.id) session.voidAt ??= now;
  release(state, task);
}

function endJob(state: State, id: Session["id"] | null, now: number): void {
  const session = id === null ? undefined : state.sessions.get(id);
  if (session?.job.kind === "collab") session.voidAt ??= now;
}

/** A session of a turn ended without a contribution. */
export function turnLapsed(state: State, { job, seat }: Readonly<Session>): void {
  const turn = turnIn(state, job, seat);
  if (turn) turn.lapses += 1;
}

function turnIn(state: Readonly<State>, job: Session["job"], seat: Session["seat"]): Turn | undefined {
  if (job.kind !== "collab") return undefined;
  const run = runningOf(state.tasks.get(job.task));
  if (run?.collab.step !== job.step || run.collab.attempt !== job.attempt) return undefined;
  const mine = run.collab.places.find(({ place }) => place === job.place)?.seat === seat;
  return mine ? run.collab.turns.find(({ place }) => place === job.place) : undefined;
}

/** Time in which no process worked for a session is not the time of its place. */
export function timeStoodStill(state: State, { job, seat }: Readonly<Session>, ms: number): void {
  const turn = turnIn(state, job, seat);
  if (turn) turn.until += ms;
}

/** Neither is the time a person took. */
export function timeWasAPersons(state: State, gate: Readonly<Gate>, now: number): void {
  for (const task of togetherTasks(state)) {
    const run = runningOf(task);
    for (const turn of run ? openTurns(run.collab) : []) {
      const place = run?.collab.places.find((one) => one.place === turn.place);
      const seat = place && state.seats.get(place.seat);
      if (seat && isAbout(gate, task.id, seat)) turn.until += now - gate.openedAt;
    }
  }
}

/** A swarm that goes on gives each place its whole time again. */
export function timeBeginsAgain(state: State, now: number): void {
  for (const task of togetherTasks(state)) {
    const run = runningOf(task);
    const whole = now + (run?.spec.stepMinutes ?? DEFAULTS.stepMinutes) * 60_000;
    for (const turn of run ? openTurns(run.collab) : []) turn.until = Math.max(turn.until, whole);
  }
}
