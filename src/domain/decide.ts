import { AUTHORITY } from "./authority.ts";
import { checkIn } from "./check-in.ts";
import type { Actor, Command } from "./commands.ts";
import { handBack, handOver } from "./decide-attach.ts";
import { beginCollab, beginStep, endStep, losePlaces, recordContribution } from "./decide-collab.ts";
import { contribute } from "./decide-contribute.ts";
import { extendTask } from "./decide-extend.ts";
import { answerGate, askHuman, expireGate } from "./decide-gate.ts";
import { beginMerge, beginVerify, recordMerge, recordVerify } from "./decide-merge.ts";
import { cancelTask, createTask, expirePlanReview, proposeTask, reviewPlan, submitPlan } from "./decide-plan.ts";
import { askForReviewer, readDiff, reviewTask, verifyFinding } from "./decide-review.ts";
import { reapSeat, scaleUp, spawnSeat, stopSeat } from "./decide-seats.ts";
import {
  failSetup,
  lapseSession,
  mintToken,
  nameSession,
  recordDenied,
  recordSession,
  recordSessionEnd,
  recordWorktree,
  startJob,
} from "./decide-session.ts";
import { recordLook, recordLoop, recordProbe } from "./decide-supervision.ts";
import {
  completeSwarm,
  createSwarm,
  finishSolo,
  pauseSwarm,
  recordClosed,
  recordLanded,
  recordOpened,
  resumeSwarm,
  stopSwarm,
  takeLease,
} from "./decide-swarm.ts";
import { claimTask, releaseTask, reportProgress, submitTask } from "./decide-task.ts";
import { askMerge, dropGate } from "./decide-tier.ts";
import {
  enforceBudget,
  nudgeSession,
  recordAlive,
  recordElsewhere,
  recordRetrying,
  recordTurnEnded,
  recordTurnStarted,
  stopRetrying,
} from "./decide-turn.ts";
import { recordUndo, undoTask } from "./decide-undo.ts";
import { failEffect, recordChecks, recordCommit, recordSaved } from "./decide-work.ts";
import { already, type Decision, no, yes } from "./decision.ts";
import { refuseFlood } from "./flood.ts";
import { askForTask } from "./human-task.ts";
import { pauseItself, rouse, roused } from "./idle.ts";
import { OVER, type Seat, type Session, type State } from "./model.ts";
import { recordWritten } from "./operator-letter.ts";

/** What still has to be said of a swarm that is over: its sessions end, its worktrees are put away, its branch is landed, or a task taken out of it. */
const AFTER_THE_END: ReadonlySet<Command["type"]> = new Set([
  "create_swarm",
  "stop_swarm",
  "answer_gate",
  "record_landed",
  "take_lease",
  "record_session",
  "record_turn_started",
  "record_turn_ended",
  "record_session_end",
  "record_saved",
  "record_merge",
  "undo_task",
  "record_undo",
  "record_closed",
  "fail_effect",
]);

interface Sender {
  readonly seat: Seat;
  readonly session: Session;
}

/**
 * A command on a state: the events it causes, or a refusal that says why. Pure; `now` and the command are all it
 * takes, so that replay is folding the log.
 */
export function decide(state: State, command: Command, actor: Actor, now: number): Decision {
  if (state.status === "none" && command.type !== "create_swarm") return no("NO_SWARM", "this swarm does not exist", "swarm_list");
  const sender = authenticate(state, command, actor);
  if (sender && "ok" in sender) return sender;
  if (OVER.has(state.status) && !AFTER_THE_END.has(command.type)) return no("SWARM_OVER", `the swarm is ${state.status}`, "end your turn");
  const flood = sender ? refuseFlood(state, command, sender) : null;
  return flood ?? roused(state, command, route(state, command, sender, now));
}

/** Refuses a command that does not befit its sender; answers who speaks, null for operator and engine. */
function authenticate(state: State, command: Command, actor: Actor): Sender | Decision | null {
  const allowed = AUTHORITY[command.type];
  if (actor.kind === "operator") return allowed.includes("operator") ? null : refuse(command, "the operator");
  if (actor.kind === "engine") {
    if (!allowed.includes("engine")) return refuse(command, "the engine");
    if (command.type === "take_lease" || actor.epoch === state.epoch) return null;
    return no("LEASE_LOST", `epoch ${actor.epoch} is over; the lease is at ${state.epoch}`, "stop: another host works on this swarm");
  }
  const session = state.sessions.get(actor.session);
  const seat = state.seats.get(actor.seat);
  if (!session || !seat || session.seat !== seat.seat)
    return no("SESSION_ENDED", "your session is over; your work is kept", "end your turn");
  if (session.tokenRun !== actor.run || session.status === "ending")
    return no("SESSION_ENDED", "your session was ended or replaced; your work is kept", "end your turn");
  return allowed.includes(seat.duty) ? { seat, session } : refuse(command, `a ${seat.duty}`);
}

const refuse = (command: Command, who: string): Decision =>
  no("NOT_ALLOWED", `${command.type} is not for ${who}`, "whoami, to see what is yours to do");

function route(state: State, command: Command, sender: Sender | null, now: number): Decision {
  switch (command.type) {
    case "create_swarm":
      return createSwarm(state, command, now);
    case "pause_swarm":
      return pauseSwarm(state);
    case "resume_swarm":
      return resumeSwarm(state);
    case "rouse_swarm":
      return rouse(state, now);
    case "pause_itself":
      return pauseItself(state, now);
    case "stop_swarm":
      return stopSwarm(state, command.why);
    case "undo_task":
      return undoTask(state, command);
    case "record_undo":
      return recordUndo(state, command);
    case "record_landed":
      return recordLanded(state, command);
    case "answer_gate":
      return answerGate(state, command, now);
    case "hand_over":
      return handOver(state, command);
    case "hand_back":
      return handBack(state, command, now);
    case "spawn_seat":
      return spawnSeat(state, command);
    case "stop_seat":
      return stopSeat(state, command.seat);
    case "scale_up":
      return scaleUp(state, command, now);
    case "reap_seat":
      return reapSeat(state, command.seat, now);
    case "take_lease":
      return takeLease(state, command);
    case "record_opened":
      return recordOpened(state, command.tip);
    case "record_closed":
      return recordClosed(state);
    case "start_job":
      return startJob(state, command, now);
    case "record_worktree":
      return recordWorktree(state, command);
    case "fail_setup":
      return failSetup(state, command, now);
    case "mint_token":
      return mintToken(state, command, now);
    case "record_session":
      return recordSession(state, command);
    case "record_turn_started":
      return recordTurnStarted(state, command);
    case "record_turn_ended":
      return recordTurnEnded(state, command, now);
    case "name_session":
      return nameSession(state, command);
    case "record_retrying":
      return recordRetrying(state, command);
    case "check_in":
      return checkIn(state, now);
    case "record_look":
      return recordLook(state, command, now);
    case "record_written":
      return recordWritten(state, command);
    case "record_probe":
      return recordProbe(state, command);
    case "record_loop":
      return recordLoop(state, command);
    case "stop_retrying":
      return stopRetrying(state, command, now);
    case "enforce_budget":
      return enforceBudget(state, now);
    case "record_elsewhere":
      return recordElsewhere(state, command, now);
    case "record_alive":
      return recordAlive(state, command);
    case "record_denied":
      return recordDenied(state, command);
    case "nudge_session":
      return nudgeSession(state, command);
    case "lapse_session":
      return lapseSession(state, command);
    case "record_session_end":
      return recordSessionEnd(state, command, now);
    case "record_commit":
      return recordCommit(state, command, now);
    case "record_saved":
      return recordSaved(state, command);
    case "record_checks":
      return recordChecks(state, command, now);
    case "begin_verify":
      return beginVerify(state);
    case "record_verify":
      return recordVerify(state, command, now);
    case "ask_for_reviewer":
      return askForReviewer(state, command, now);
    case "ask_for_task":
      return askForTask(state, command.task, now);
    case "begin_merge":
      return beginMerge(state, command);
    case "record_merge":
      return recordMerge(state, command, now);
    case "begin_collab":
      return beginCollab(state, command, now);
    case "begin_step":
      return beginStep(state, command, now);
    case "lose_places":
      return losePlaces(state, command, now);
    case "end_step":
      return endStep(state, command, now);
    case "record_contribution":
      return recordContribution(state, command);
    case "wake_queen":
      return state.wake.some((reason) => reason.what === command.reason.what && reason.id === command.reason.id)
        ? already()
        : yes({ type: "queen_woken", reason: command.reason });
    case "expire_plan_review":
      return expirePlanReview(state, command, now);
    case "expire_gate":
      return expireGate(state, command, now);
    case "ask_merge":
      return askMerge(state, command, now);
    case "drop_gate":
      return dropGate(state, command, now);
    case "finish_solo":
      return finishSolo(state);
    case "fail_effect":
      return failEffect(state, command, now);
    default:
      return sender ? routeAgent(state, command, sender, now) : no("NOT_ALLOWED", `${command.type} is an agent's`, "whoami");
  }
}

type OfAgent = Exclude<Command, { type: "spawn_seat" | "stop_seat" }>;

function routeAgent(state: State, command: OfAgent, { seat, session }: Sender, now: number): Decision {
  switch (command.type) {
    case "submit_plan":
      return submitPlan(state, command, seat.seat, now);
    case "create_task":
      return createTask(state, command, seat.seat, now);
    case "cancel_task":
      return cancelTask(state, command);
    case "complete_swarm":
      return completeSwarm(state, command);
    case "review_plan":
      return reviewPlan(state, command, seat.seat, now);
    case "claim_task":
      return claimTask(state, command, seat, session, now);
    case "report_progress":
      return reportProgress(state, command, seat.seat);
    case "extend_task":
      return extendTask(state, command, seat.seat);
    case "submit_task":
      return submitTask(state, command, seat.seat);
    case "release_task":
      return releaseTask(state, command, seat.seat, now);
    case "propose_task":
      return proposeTask(state, command, seat.seat, seat.role);
    case "ask_human":
      return askHuman(state, command, seat, now);
    case "read_diff":
      return readDiff(state, command, session);
    case "review_task":
      return reviewTask(state, command, seat, session, now);
    case "verify_finding":
      return verifyFinding(state, command, seat, session, now);
    case "contribute":
      return contribute(state, command, session);
    default:
      return no("NOT_ALLOWED", `${command.type} is not an agent's`, "whoami");
  }
}
