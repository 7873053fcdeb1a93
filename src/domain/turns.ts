/** Messages to a session that already runs: a digest for the queen, a reminder, an answer, a word after a host's restart. */
import type { SessionId } from "../base/ids.ts";
import { inline, listed } from "./foreign.ts";
import { jobWords } from "./job-kind.ts";
import type { Job, OwedTurn, Prose, Session, State, WakeReason } from "./model.ts";
import { nextStep } from "./next.ts";
import { pointLine, pointsIn } from "./points.ts";
import type { Texts } from "./prose.ts";
import { sessionOf } from "./state.ts";

export interface TurnFacts {
  readonly kind: OwedTurn["kind"] | "resume" | "returned" | "stalled" | "probe";
  readonly swarm: string;
  readonly seat: string;
  readonly job: string;
  readonly reasons: readonly ReasonFacts[];
  /** What was found wrong with the session. */
  readonly trouble: string;
  /** What would have been progress, where nothing was. */
  readonly missing: string;
  /** `next` of whoami at this moment. */
  readonly next: string;
}

/** A wake reason with what there is to know about it. */
interface ReasonFacts {
  readonly what: WakeReason["what"];
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly prose: Prose | null;
}

/** null: the session is gone. For a digest, `reasons` are those of `state.wake` that are told. */
export function turnFacts(
  state: Readonly<State>,
  id: SessionId,
  kind: TurnFacts["kind"],
  reasons: readonly WakeReason[] = [],
): TurnFacts | null {
  const session = state.sessions.get(id);
  if (!session) return null;
  return {
    kind,
    swarm: state.id,
    seat: session.seat,
    job: jobName(session),
    reasons: reasons.map((reason) => reasonFacts(state, reason)),
    trouble: session.watch.why,
    missing: MISSING[session.job.kind],
    next: kind === "probe" ? noteFirst(session) : nextStep(state, session).text,
  };
}

const MISSING: Readonly<Record<Job["kind"], string>> = {
  plan: "no plan or revision was submitted, and no proposal or task decided",
  plan_review: "plan_review_submit was not called",
  task: "no file of your worktree changed, nothing new was noted by task_progress, and nothing was submitted",
  review: "no new page of the diff was read, and task_review_submit was not called",
  verify: "finding_verify was not called",
  collab: "collab_contribute was not called",
};

function noteFirst({ job }: Readonly<Session>): string {
  return job.kind === "task"
    ? `Call task_progress with task ${job.task}, attempt ${job.attempt}, what is done, what comes next and what you learned; then end your turn.`
    : "Say in a few lines how far you are; then end your turn.";
}

/** `t1, attempt 2`, or the job in words. */
export const jobOf = ({ job }: Readonly<Session>): string => (job.kind === "task" ? `${job.task}, attempt ${job.attempt}` : jobWords(job));
const jobName = (session: Readonly<Session>): string => (session.job.kind === "task" ? `${jobOf(session)},` : jobOf(session));

function stalledNow(state: Readonly<State>, seat: string): string {
  const session = sessionOf(state, seat);
  if (!session) return "was stuck; its session is over";
  const { why, silence, loop, turns } = session.watch;
  return silence > 0 || loop || (turns?.told ?? null) !== null
    ? `is stuck in ${jobName(session)} ${why}; skep ends it if that goes on`
    : "was stuck and works again";
}

function reasonFacts(state: Readonly<State>, { what, id }: WakeReason): ReasonFacts {
  const task = state.tasks.get(id as never);
  const gate = state.gates.get(id as never);
  const none = { what, id, title: "", detail: "", prose: null };
  switch (what) {
    case "plan_findings":
      return { ...none, title: `revision ${state.plan.revision}`, detail: `${state.plan.findingsCount}`, prose: state.plan.findings };
    case "proposal":
      return {
        ...none,
        title: task?.title ?? "",
        detail: `${task?.proposedBy ?? "a worker"}; files ${listed(task?.files ?? [], 5)}`,
        prose: null,
      };
    case "merged":
      return { ...none, title: task?.title ?? "" };
    case "returned":
    case "release":
    case "failed_task":
      return { ...none, title: task?.title ?? "", detail: task?.history.at(-1)?.why ?? "", prose: null };
    case "gate_answered":
      return {
        ...none,
        title: gate?.title ?? "",
        detail: gate?.answeredBy === "deadline" ? "by the fallback, nobody answered in time" : "by a person",
        prose: gate?.answer ?? "",
      };
    case "all_ended": {
      const { merged, failed, cancelled } = state.byStatus;
      return { ...none, detail: `${merged.size} merged, ${failed.size} failed, ${cancelled.size} cancelled` };
    }
    case "mail":
      return { ...none, title: id };
    case "stalled":
      return { ...none, detail: stalledNow(state, id) };
    default: {
      const never: never = what;
      throw new Error(`unhandled ${String(never)}`);
    }
  }
}

/** What a fresh session is told of the one before it in the same job; the briefing behind it holds the notes that were left. */
export const renderHandOff = (why: string): string =>
  [
    "You take over from an earlier session in this very attempt; it was ended:",
    `| ${inline(why, 300)}`,
    "The worktree holds what it did. Look at `git status` and `git diff` first, then go on from there.",
  ].join("\n");

export function renderTurn(facts: TurnFacts, texts: Texts): string {
  return `${[...opening(facts, texts), `Next: ${facts.next}`].join("\n")}\n`;
}

function opening(facts: TurnFacts, texts: Texts): readonly string[] {
  switch (facts.kind) {
    case "digest":
      return digest(facts, texts);
    case "answer":
      return facts.reasons.flatMap((reason) => reasonLines(reason, texts));
    case "retry":
      return ["The model behind your session did not answer, and it does again. Go on where you were."];
    case "job":
      return [`You have a new job: ${facts.job} now.`];
    case "nudge":
      return [
        `Your turn ended, and ${facts.job} is still open. Only a tool call ends it; without one your session is closed and the job goes to another.`,
      ];
    case "idle":
      return [
        `${facts.job} is still open, and ${facts.trouble}: ${facts.missing}. Words and mail do no part of it.`,
        "Make the next step now. If it cannot be done, or not by you, say so by the tool for that. After one more turn like these a fresh session takes over.",
      ];
    case "stalled":
      return [
        `Seen from outside you are stuck: ${inline(facts.trouble, 200)}, and nothing else. A command that hangs is ended by you, a call that`,
        "gives the same answer is not made again: go another way. If there is none, say so by your tools; a session that stays stuck is ended.",
      ];
    case "probe":
      return [
        `Your session is ended now: ${inline(facts.trouble, 200)}. Another one goes on with ${facts.job} from your worktree and your notes.`,
      ];
    case "resume":
      return [
        `Your session was stopped and goes on: ${facts.job} is still yours, the worktree is as you left it.`,
        "A skep call that failed or got no answer meanwhile can be made again; it counts once.",
      ];
    case "returned":
      return [
        `A person worked in this session and gave it back: ${facts.job} is still yours, and the worktree is as they left it. See \`git status\` first.`,
        "What they did stands, unless it does not fit your job: then ask.",
      ];
    default: {
      const never: never = facts.kind;
      throw new Error(`unhandled ${String(never)}`);
    }
  }
}

const SHOWN = 8;

function digest({ reasons, swarm }: TurnFacts, texts: Texts): readonly string[] {
  const lines = reasons.slice(0, SHOWN).flatMap((reason) => reasonLines(reason, texts));
  const more = reasons.length > SHOWN ? [`and ${reasons.length - SHOWN} more: whoami lists them`] : [];
  return [`Swarm ${swarm} needs you:`, ...lines, ...more];
}

function reasonLines({ what, id, title, detail, prose }: ReasonFacts, texts: Texts): readonly string[] {
  const named = title === "" ? id : `${id} "${inline(title, 120)}"`;
  switch (what) {
    case "plan_findings":
      return [`- The review returned ${title} with these findings:`, ...(prose === null ? [] : planPoints(texts(prose)))];
    case "proposal":
      return [`- ${named} is proposed by ${inline(detail, 200)}.`];
    case "release":
      return [`- ${named} was given back: ${inline(detail, 200)}`];
    case "merged":
      return [`- ${named} is merged.`];
    case "returned":
      return [`- An attempt of ${named} ended, and the task is open again: ${inline(detail, 200)}`];
    case "failed_task":
      return [`- ${named} failed: ${inline(detail, 200)}`];
    case "gate_answered":
      return [`- Gate ${named} was answered ${detail}:`, `| ${inline(prose === null ? "" : texts(prose), 400)}`];
    case "all_ended":
      return [`- All tasks have ended: ${detail}.`];
    case "mail":
      return ["- You have mail: inbox_read."];
    case "stalled":
      return [`- ${id} ${inline(detail, 300)}`];
    default: {
      const never: never = what;
      throw new Error(`unhandled ${String(never)}`);
    }
  }
}

const planPoints = (json: string): readonly string[] =>
  pointsIn(json)
    .slice(0, 10)
    .map((point) => `| ${point.blocks ? "" : "note: "}${pointLine(point, 300)}`);
