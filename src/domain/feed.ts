/** Events as one line each, for people and for `swarm_wait`. Heartbeats, turns and leases are no news: they give null. */
import { amount, scopeName } from "./budget.ts";
import { criterionOf } from "./doubt.ts";
import type { Event, EventOf } from "./events.ts";
import { fileName, inline, listed } from "./foreign.ts";
import { type Job, jobWords } from "./job-kind.ts";
import type { Cursor } from "./modes/mode.ts";
import { selfPauseText } from "./self-pause.ts";

export function eventLine(event: Event): string | null {
  switch (event.type) {
    case "swarm_created":
      return `swarm created: ${inline(event.title, 120)}`;
    case "rules_raised":
      return `a newer skep took over: rules ${event.from} became ${event.to}`;
    case "swarm_opened":
      return `${event.tip.slice(0, 12)} is the base of the integration branch`;
    case "swarm_paused":
      if (event.itself) return `swarm ${selfPauseText(event.itself)}; your next message or answer resumes it`;
      return event.why === "operator" ? "swarm paused" : `swarm paused: ${inline(event.why, 80)}`;
    case "swarm_resumed":
      return "swarm resumed";
    case "swarm_ended":
      return `swarm ${event.status}${typeof event.ending === "string" && event.ending !== "" ? `: ${inline(event.ending, 160)}` : ""}`;
    case "swarm_landed":
      return event.url === undefined ? `landed at ${event.sha.slice(0, 12)}` : `pull request ${inline(event.url, 200)}`;
    case "seat_added":
      return `${event.seat.seat} joined as ${event.seat.role}${event.scaled ? `: ${event.scaled.task ?? "the plan"} waits and nobody is free` : ""}`;
    case "seat_stopping":
      return event.idle ? `${event.seat} leaves: nothing to do for a while` : `${event.seat} was told to stop`;
    case "session_wanted":
      return `${event.seat} takes up ${jobName(event.job)}`;
    case "worktree_opened":
      return event.discarded.length === 0
        ? null
        : `put aside what ${event.session} found uncommitted: ${listed(
            event.discarded.map((one) => inline(one, 80)),
            3,
          )}`;
    case "turn_ended":
      return event.ok ? null : `a turn of ${event.session} failed: ${inline(event.error ?? "no reason given", 160)}`;
    case "session_ended":
      return event.lapsed ? `${event.session} ended without its job done: ${inline(event.why, 160)}` : null;
    case "session_reset":
      if (event.asleep) return null;
      return `${event.session} ${event.as === "same" ? "was stopped and goes on" : "begins anew"}: ${inline(event.why, 160)}`;
    case "session_retrying":
      return `${event.session} gets no answer from its model: ${inline(event.problem.message, 120)}`;
    case "session_stalled":
      return stalledLine(event);
    case "session_looping":
      return event.times <= 1
        ? null
        : `${event.session} called ${inline(event.tool, 60)} with the same arguments ${event.times} times in a row`;
    case "provider_limited":
      return `${event.provider} does not serve (${event.kind.replaceAll("_", " ")})${event.pausedUntil > 0 ? `, rests until ${new Date(event.pausedUntil).toISOString()}` : ""}: ${inline(event.why, 160)}`;
    case "provider_recovered":
      return `${event.provider} serves again`;
    case "seat_routed":
      return `${event.seat} ${event.downgrade ? `turns to ${event.harness}, a downgrade` : `is back on ${event.harness}`}: ${inline(event.why, 160)}`;
    case "budget_warned":
      return `budget: ${scopeName(event.scope)} used ${amount(event.what, event.used)} of ${amount(event.what, event.cap)}`;
    case "budget_raised":
      return event.to === null ? null : `budget of ${scopeName(event.scope)} raised to ${amount(event.what, event.to)}`;
    case "session_parked":
      return event.gate === null ? null : `${event.session} is in a person's hands`;
    case "session_returned":
      return `${event.session} is given back`;
    case "tool_denied":
      return `${event.session} was denied ${inline(event.tool, 60)}: ${inline(event.why, 160)}`;
    case "plan_submitted":
      return `plan revision ${event.plan.revision} by ${event.plan.by}: ${event.plan.tasks.length} ${event.plan.tasks.length === 1 ? "task" : "tasks"}`;
    case "plan_endorsed":
      return `plan revision ${event.revision} ${event.by === "engine" ? "needs no review" : `approved by ${event.by}`}, and waits for a person`;
    case "merge_cleared":
      return null; // the answer of its gate says it
    case "plan_reviewed":
      return event.approved
        ? `plan revision ${event.revision} approved by ${event.by}`
        : `plan revision ${event.revision} returned by ${event.by}: ${event.findingsCount} findings`;
    case "task_proposed":
      return `${event.spec.id} proposed by ${event.by}: ${inline(event.spec.title, 120)}`;
    case "task_claimed":
      return `${event.task} attempt ${event.attempt} claimed by ${event.seat}${event.because === undefined ? "" : `: ${event.because}`}`;
    case "task_extended":
      return `${event.task} may also change ${listed(event.files.map(fileName), 3)}: ${inline(event.why, 120)}`;
    case "task_submitted":
      return `${event.task} submitted`;
    case "submission_committed":
      return `${event.task} committed as ${event.sha.slice(0, 12)}`;
    case "submission_refused":
      return `${event.task} refused: ${refusal(event.why)}${listed(
        event.paths.map((path) => inline(path, 80)),
        3,
      )}`;
    case "check_recorded":
      return event.passed ? measuredLine(event) : `${event.task} failed the check ${event.check}`;
    case "checks_passed":
      return `${event.task} passed its checks`;
    case "review_recorded":
      if (event.doubts)
        return `${event.task} read by ${event.by}; ${listed(event.doubts.map(pointName), 5)} ${event.doubts.length === 1 ? "is" : "are"} looked into first`;
      return `${event.task} ${event.approved ? "approved" : "returned"} by ${event.by}`;
    case "risk_reviewed":
      return `${event.task} has no risk that ${event.by} would stop it for`;
    case "finding_verified":
      return `${pointName(event.finding)} of the review of ${event.task}: ${event.answer.replace("_", " ")}, says ${event.by}`;
    case "review_skipped":
      return `${event.task} approved without a review: ${inline(event.because, 200)}`;
    case "review_downgraded":
      return `the review of ${event.task} by ${event.seat} is less than it should be: ${inline(event.why, 200)}`;
    case "risk_raised":
      return `the risk of ${event.task} is high: it touches ${inline(event.path, 120)} (${inline(event.pattern, 80)})`;
    case "attempt_ended":
      return event.result === "merged"
        ? null
        : `${event.task} attempt ${event.attempt} ended: ${event.result.replaceAll("_", " ")}${event.why === "" ? "" : `, ${inline(event.why, 160)}`}${event.keep === false ? "; its work is discarded" : ""}`;
    case "collab_begun":
      return `${event.task} is done together by ${listed(
        event.places.map(({ place, seat }) => `${seat} as ${place}`),
        6,
      )}`;
    case "step_begun":
      return `${event.task} step ${event.step}, ${cursorWords(event.cursor)}: ${listed(
        event.turns.map(({ place }) => place),
        6,
      )}`;
    case "contributed":
      return `${event.task} step ${event.step}: ${event.place} gave its part${event.vote === null ? "" : `, votes ${event.vote}`}`;
    case "place_lost":
      return `${event.task} goes on without ${event.place} (${event.seat}): ${inline(event.why, 160)}`;
    case "step_ended":
      return "done" in event.to ? `${event.task} is done together (${event.to.done}); its lead makes the result` : null;
    case "batch_formed":
      return `${listed(
        event.tasks.map(({ task }) => task),
        6,
      )} ${event.tasks.length === 1 ? "is" : "are"} verified on the merge result`;
    case "merge_verified":
      return `${listed(event.tasks, 6)} passed the checks on the merge result`;
    case "merge_red":
      return `${listed(event.tasks, 6)} failed the checks on the merge result`;
    case "batch_dropped":
      return `to be verified again: ${inline(event.why, 160)}`;
    case "task_merged":
      return `${event.task} merged as ${event.sha.slice(0, 12)}`;
    case "undo_wanted":
      return `${event.task} is taken back out${event.why === "" ? "" : `: ${inline(event.why, 160)}`}`;
    case "task_undone":
      return `${event.task} undone as ${event.sha.slice(0, 12)}${event.to === "cancelled" ? ", cancelled" : ", to be done again"}`;
    case "undo_refused":
      return `${event.task} is not undone: ${inline(event.why, 200)}`;
    case "task_cancelled":
      return `${event.task} ${event.to}: ${inline(event.why, 120)}`;
    case "recovery_opened":
      return `${event.task} is taken up as ${event.spec.id}: its failure escalates to the role ${inline(event.spec.role, 60)}`;
    case "dependants_lost":
      return `${listed(event.lost, 8)} cannot begin: ${event.task} failed`;
    case "gate_opened":
      return `gate ${event.gate.id} opened: ${inline(event.gate.title, 160)}`;
    case "gate_answered":
      return `gate ${event.gate} answered by ${event.by}${event.via ? ` through ${event.via}` : ""}: ${inline(event.answer, 120)}`;
    case "effect_failed":
      return `${event.key} failed (${event.count}): ${inline(event.error, 160)}`;
    default:
      return null;
  }
}

const DONE = { nudge: "it is spoken to", warn: "the queen and you are told", end: "it is asked once more, then ended" } as const;

function stalledLine({ session, why, does, evidence, unreached }: EventOf<"session_stalled">): string {
  const seen = evidence === "unknown" ? "; what it does cannot be seen" : evidence === "files" ? "; its files change" : "";
  return `${session} ${inline(why, 160)}${seen}: ${unreached && does === "nudge" ? "its turn takes no word" : DONE[does]}`;
}

/** A number that was reached is news; one that was missed stands in why the attempt ended. */
function measuredLine({ task, measured = [] }: EventOf<"check_recorded">): string | null {
  const shown = measured.slice(0, 3).map(({ name, value, wanted }) => `${inline(name, 40)} ${value} (wanted ${inline(wanted, 80)})`);
  return shown.length === 0 ? null : `${task} measured ${shown.join(", ")}`;
}
/** `f2` and `c1`, as people say it. */
const pointName = (id: string): string => (criterionOf(id) === null ? `finding ${id}` : `criterion ${criterionOf(id)}`);

function refusal(why: EventOf<"submission_refused">["why"]): string {
  if (why === "empty") return "nothing was changed";
  return why === "conflict" ? "conflict markers left in " : "outside its files ";
}

const cursorWords = ({ round, phase }: Cursor): string => `round ${round} ${phase}`;

function jobName(job: Job): string {
  if (job.kind === "verify") return `${pointName(job.doubt)} of the review of ${job.task}`;
  const which = job.kind === "task" ? `, attempt ${job.attempt}` : job.kind === "review" ? `, round ${job.round}` : "";
  return `${jobWords(job)}${which}`;
}
