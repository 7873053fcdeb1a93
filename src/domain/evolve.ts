import { queenChecksIn } from "./check-in.ts";
import type { Event, EventOf } from "./events.ts";
import { sessionHanded, sessionParked, sessionReturned } from "./evolve-attach.ts";
import {
  collabBegun,
  collabResumed,
  contributed,
  contributionSaved,
  placeLost,
  stepBegun,
  stepEnded,
  timeBeginsAgain,
  timeWasAPersons,
} from "./evolve-collab.ts";
import {
  batchDropped,
  batchFormed,
  batchHalved,
  mergeVerified,
  taskMerged,
  taskUndone,
  tipAdopted,
  undoRefused,
  undoWanted,
} from "./evolve-merge.ts";
import { planEndorsed, planReviewed, planSubmitted } from "./evolve-plan.ts";
import { findingVerified, reviewDowngraded, reviewRecorded, reviewWanted, riskRaised, riskReviewed } from "./evolve-review.ts";
import {
  diffRead,
  jobChanged,
  sessionEnded,
  sessionEnding,
  sessionNamed,
  sessionReset,
  sessionRetrying,
  sessionSeen,
  sessionStarted,
  sessionWanted,
  tokenMinted,
  tokenRevoked,
  toolDenied,
  turnEnded,
  turnOwed,
  turnStarted,
  worktreeOpened,
} from "./evolve-session.ts";
import { budgetRaised, budgetWarned, clockGoes, providerLimited, providerRecovered, seatRouted, spentElsewhere } from "./evolve-spend.ts";
import { answeredByTool, sessionLooping, sessionStalled, showsWork } from "./evolve-supervision.ts";
import {
  attemptEnded,
  checkRecorded,
  submissionCommitted,
  submissionRefused,
  taskCancelled,
  taskClaimed,
  taskExtended,
  taskProposed,
  taskSubmitted,
  workSaved,
} from "./evolve-task.ts";
import { gateOfSeat, gateOfTask } from "./gate.ts";
import { noteProgress } from "./idle-turns.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import type { Gate, State } from "./model.ts";
import { operatorWritten } from "./operator-letter.ts";
import { recoveryOpened } from "./recovery.ts";
import { moveTask, newSeat, wakeQueen } from "./state.ts";

type Apply = { readonly [T in Event["type"]]: (state: State, event: EventOf<T>, at: number) => void };

/** What each event makes of the state. Total: an event is never refused. */
const APPLY: Apply = {
  swarm_created(state, event, at) {
    const { type: _, swarm, seats, full: __, limits, ...facts } = event;
    // Earlier rules knew fewer limits.
    Object.assign(state, facts, { id: swarm, status: "opening", createdAt: at, limits: { ...DEFAULT_LIMITS, ...limits } });
    for (const spec of seats) state.seats.set(spec.seat, newSeat(spec));
  },
  rules_raised(state, event) {
    state.rules = event.to;
  },
  swarm_opened(state, event, at) {
    state.tip = event.tip;
    if (state.status === "opening") state.status = "running";
    clockGoes(state, state.status === "running", at);
  },
  swarm_paused(state, event, at) {
    state.status = "paused";
    state.pausedBy = event.why === "budget" || event.why === "itself" ? event.why : "operator";
    delete state.itself;
    if (event.itself) state.itself = event.itself;
    clockGoes(state, false, at);
  },
  swarm_resumed(state, _event, at) {
    state.status = state.tip === "" ? "opening" : "running";
    state.pausedBy = null;
    delete state.itself;
    clockGoes(state, state.status === "running", at);
    timeBeginsAgain(state, at);
  },
  swarm_roused() {
    // That it happened is what counts: the swarm has moved.
  },
  swarm_ended(state, event, at) {
    clockGoes(state, false, at);
    state.status = event.status;
    state.ending = event.ending;
    state.endedAt = at;
    state.openGates.clear();
    for (const session of state.sessions.values()) session.voidAt ??= at;
  },
  swarm_closed(state) {
    state.closed = true;
  },
  swarm_landed(state, event) {
    if (event.url === undefined) state.landed = event.sha;
    else state.pullRequest = event.url;
  },
  lease_taken(state, event) {
    state.epoch = event.epoch;
    state.lease = { holder: event.holder, address: event.address };
  },
  seat_added(state, event, at) {
    const seat = newSeat(event.seat);
    state.seats.set(seat.seat, event.scaled ? { ...seat, scaled: { at, freeAt: at } } : seat);
  },
  seat_stopping(state, event) {
    const seat = state.seats.get(event.seat);
    if (seat) seat.status = seat.session ? "stopping" : "stopped";
  },
  session_wanted: sessionWanted,
  worktree_opened: worktreeOpened,
  token_minted: tokenMinted,
  token_revoked: tokenRevoked,
  session_started: sessionStarted,
  turn_owed: turnOwed,
  turn_started: turnStarted,
  turn_ended: turnEnded,
  session_seen: sessionSeen,
  session_named: sessionNamed,
  session_retrying: sessionRetrying,
  queen_checks_in: queenChecksIn,
  session_stalled: sessionStalled,
  session_looping: sessionLooping,
  operator_written: operatorWritten,
  job_changed: jobChanged,
  provider_limited: providerLimited,
  provider_recovered: providerRecovered,
  seat_routed: seatRouted,
  budget_warned: budgetWarned,
  spent_elsewhere: spentElsewhere,
  session_ending: sessionEnding,
  session_ended: sessionEnded,
  session_reset: sessionReset,
  session_handed: sessionHanded,
  session_parked: sessionParked,
  session_returned: sessionReturned,
  tool_denied: toolDenied,
  diff_read: diffRead,
  queen_woken(state, event) {
    wakeQueen(state, event.reason);
  },
  plan_submitted: planSubmitted,
  plan_endorsed: planEndorsed,
  plan_reviewed: planReviewed,
  task_proposed: taskProposed,
  task_claimed: taskClaimed,
  progress_noted(state, event) {
    const task = state.tasks.get(event.task);
    if (!task) return;
    task.progress = event.progress;
    answeredByTool(state, task.session);
  },
  task_extended: taskExtended,
  task_submitted: taskSubmitted,
  submission_committed: submissionCommitted,
  submission_refused: submissionRefused,
  check_recorded: checkRecorded,
  checks_passed(state, event, at) {
    const task = state.tasks.get(event.task);
    if (!task) return;
    task.checks = event.results;
    moveTask(state, task, "reviewing", at);
  },
  review_wanted: reviewWanted,
  review_recorded: reviewRecorded,
  risk_reviewed: riskReviewed,
  finding_verified: findingVerified,
  risk_raised: riskRaised,
  review_downgraded: reviewDowngraded,
  review_skipped() {
    // Kept for the record; the approval beside it says the rest.
  },
  task_moved(state, event, at) {
    const task = state.tasks.get(event.task);
    if (task) moveTask(state, task, event.to, at);
  },
  attempt_ended: attemptEnded,
  work_saved: workSaved,
  collab_begun: collabBegun,
  step_begun: stepBegun,
  contributed,
  contribution_saved: contributionSaved,
  place_lost: placeLost,
  step_ended: stepEnded,
  collab_resumed: collabResumed,
  batch_formed: batchFormed,
  merge_verified: mergeVerified,
  merge_red() {
    // Kept for the record; what follows from it are events of their own.
  },
  batch_halved: batchHalved,
  batch_dropped: batchDropped,
  task_merged: taskMerged,
  undo_wanted: undoWanted,
  task_undone: taskUndone,
  undo_refused: undoRefused,
  task_cancelled: taskCancelled,
  recovery_opened: recoveryOpened,
  dependants_lost() {
    // Kept for the record: they are blocked by what failed, and by nothing else.
  },
  gate_opened(state, event) {
    const gate: Gate = { ...event.gate, status: "open", answer: null, answeredBy: null };
    state.gateCount += 1;
    state.gates.set(gate.id, gate);
    state.openGates.add(gate.id);
    holdFor(state, gate);
  },
  gate_answered(state, event, at) {
    const gate = state.gates.get(event.gate);
    if (!gate) return;
    gate.status = "answered";
    gate.answer = event.answer;
    gate.answeredBy = event.by;
    if (event.at !== undefined) gate.answeredAt = event.at;
    if (event.via !== undefined) gate.answeredVia = event.via;
    state.openGates.delete(gate.id);
    holdFor(state, gate);
    if (gate.kind === "seat") forgiveLapses(state, gate);
    timeWasAPersons(state, gate, at);
    // The time a person took is not the agent's silence.
    for (const session of state.sessions.values()) if (session.seat === gate.seat) showsWork(session, at);
  },
  merge_cleared(state, event) {
    const task = state.tasks.get(event.task);
    if (task) task.cleared = event.sha;
  },
  cap_raised(state, event) {
    const task = state.tasks.get(event.task);
    if (!task) return;
    if (event.what === "attempts") task.attemptsCap = event.to;
    else task.roundsCap = event.to;
  },
  revisions_raised(state, event) {
    state.limits = { ...state.limits, planRevisions: event.to };
  },
  budget_raised: budgetRaised,
  tip_adopted: tipAdopted,
  tip_put_aside(state, event) {
    state.putAside = event.tip;
  },
  effect_failed(state, event) {
    state.failures.set(event.key, { count: event.count, retryAt: event.retryAt, error: event.error });
  },
  effect_reset(state, event) {
    state.failures.delete(event.key);
  },
};

/** What a gate holds up: a task, the plan, a seat or a provider. A question of an agent holds up only the agent. */
function holdFor(state: State, gate: Gate): void {
  const id = gate.status === "open" ? gate.id : null;
  if (gate.kind === "plan_review" || gate.kind === "plan") state.plan.gate = id;
  const provider = gate.kind === "provider" && gate.effect ? state.providers.get(gate.effect) : undefined;
  if (provider) provider.gate = id;
  const seat = gate.seat && state.seats.get(gate.seat);
  if (seat) seat.gate = gateOfSeat(state, seat.seat);
  const task = gate.task && state.tasks.get(gate.task);
  if (task) task.gate = gateOfTask(state, task.id);
}

function forgiveLapses(state: State, gate: Gate): void {
  const seat = gate.seat && state.seats.get(gate.seat);
  if (seat) seat.lapses = 0;
}

/** Applies one event. Mutates: the state belongs to one folder of one log, and only copies leave it. */
export function evolve(state: State, event: Event, at: number): void {
  noteProgress(state, event);
  (APPLY[event.type] as (state: State, event: Event, at: number) => void)(state, event, at);
  state.changedAt = at;
}
