/**
 * What a scripted agent does next. Pure: a playbook, the progress so far and what came back; no file, process or clock.
 * The scripted agent keeps the progress in a file; the scripted model server of the tests folds it from the conversation.
 */
import { quote } from "../base/errors.ts";
import { type AgentJob, readFacts } from "./facts.ts";
import type { Numbered, Playbook, Script, Step, Turn } from "./playbook.ts";
import { at, capture, fill, fillText, ScriptFault } from "./values.ts";

/** Plain JSON, so that it can be kept between two processes of one session. */
export interface Progress {
  readonly job: AgentJob | null;
  /** The turn that runs: which one of the script (null: none fits), and its next step. */
  readonly turn: { readonly index: number | null; readonly step: number; readonly fault: string | null } | null;
  /** A turn was begun and `whoami` not asked yet. */
  readonly asking: boolean;
  /** Turns of the script already run. */
  readonly used: readonly number[];
  readonly vars: Readonly<Record<string, unknown>>;
  /** Steps that crashed already: they crash once. */
  readonly crashed: readonly string[];
  readonly said: string;
}
export const START: Progress = { job: null, turn: null, asking: false, used: [], vars: {}, crashed: [], said: "" };

export type Action =
  | { readonly do: "rest" }
  | { readonly do: "call"; readonly tool: string; readonly args: Readonly<Record<string, unknown>> }
  | { readonly do: "edit"; readonly path: string; readonly change: Change }
  | { readonly do: "remove"; readonly path: string }
  | { readonly do: "run"; readonly argv: readonly string[] }
  | { readonly do: "say"; readonly text: string }
  | { readonly do: "sleep"; readonly ms: number }
  | { readonly do: "crash"; readonly key: string }
  /** The turn is over; `fault` says why it could not be run to its end. */
  | { readonly do: "end"; readonly text: string; readonly fault: string | null };
export type Change = { readonly content: string } | { readonly append: string } | { readonly find: string; readonly with: string };

export interface ToolAnswer {
  readonly isError: boolean;
  /** Code of the refusal, null when it was none. */
  readonly code: string | null;
  readonly text: string;
  readonly structured: unknown;
}
/** What came of an action. A program's result is ok or not; a tool has an answer. */
export type Outcome = { readonly answer: ToolAnswer } | { readonly ok: boolean; readonly detail: string };

/** A message reached the agent. In the middle of a turn (after a crash, an interrupt) the same step goes on. */
export function begin(progress: Progress, message: string): Progress {
  const vars = { ...progress.vars, message };
  if (progress.turn) return { ...progress, vars, turn: { ...progress.turn, fault: null } };
  return { ...progress, vars, asking: true, turn: { index: null, step: 0, fault: null }, said: "" };
}

export function next(playbook: Playbook, progress: Progress): Action {
  if (!progress.turn) return { do: "rest" };
  if (progress.turn.fault) return { do: "end", text: progress.said, fault: progress.turn.fault };
  if (progress.asking) return { do: "call", tool: "whoami", args: {} };
  const step = stepOf(playbook, progress);
  if (!step) return { do: "end", text: progress.said || "Nothing left to do here.", fault: null };
  try {
    return actionOf(step, progress);
  } catch (error) {
    if (error instanceof ScriptFault) return { do: "end", text: progress.said, fault: `${place(progress)}: ${error.message}` };
    throw error;
  }
}

/** The action was done (or the turn ended). A step that came out otherwise than expected ends the turn at that step. */
export function settle(playbook: Playbook, progress: Progress, action: Action, outcome: Outcome | null): Progress {
  if (!progress.turn || action.do === "rest") return progress;
  if (action.do === "end") {
    // A turn with a fault goes on at the same step when it is spoken to again.
    const fault = action.fault === null ? null : { ...progress.turn, fault: null };
    return { ...progress, turn: fault, said: "" };
  }
  if (progress.asking) return orient(playbook, progress, outcome);
  const moved = { ...progress, turn: { ...progress.turn, step: progress.turn.step + 1 } };
  switch (action.do) {
    case "say":
      return { ...moved, said: action.text };
    case "crash":
      return { ...moved, crashed: [...progress.crashed, action.key] };
    case "sleep":
      return moved;
    default:
      return judged(playbook, progress, moved, outcome);
  }
}

function orient(playbook: Playbook, progress: Progress, outcome: Outcome | null): Progress {
  if (!outcome || !("answer" in outcome) || outcome.answer.isError) return faulty(progress, `whoami failed: ${detail(outcome)}`);
  const facts = readFacts(outcome.answer.structured, String(progress.vars.message ?? ""));
  // A session that is kept gets another job: its script begins at the top.
  const used = progress.job !== null && JSON.stringify(progress.job) !== JSON.stringify(facts.job) ? [] : progress.used;
  const asked: Progress = { ...progress, used, job: facts.job, vars: { ...progress.vars, ...facts.vars }, asking: false };
  const script = scriptFor(playbook, facts.job);
  if (!script) return faulty({ ...asked, asking: true }, `the playbook has no script for ${JSON.stringify(facts.job)}`);
  const index = script.findIndex((turn, n) => !asked.used.includes(n) && matches(turn, asked.vars));
  if (index < 0) return { ...asked, turn: { index: null, step: 0, fault: null } };
  return { ...asked, turn: { index, step: 0, fault: null }, used: [...asked.used, index] };
}

function judged(playbook: Playbook, before: Progress, moved: Progress, outcome: Outcome | null): Progress {
  const step = stepOf(playbook, before);
  if (!step || !outcome) return faulty(before, `${place(before)}: no outcome`);
  if (!("answer" in outcome)) {
    const expect = "run" in step || "edit" in step ? step.expect : "ok";
    const fits = expect === "any" || (expect === "ok") === outcome.ok;
    return fits ? moved : faulty(before, `${place(before)}: expected ${expect}: ${quote(outcome.detail, 300)}`);
  }
  if (!("call" in step)) return faulty(before, `${place(before)}: an answer to no call`);
  const { answer } = outcome;
  const came = answer.isError ? (answer.code ?? "ERROR") : "ok";
  if (step.expect !== "any" && step.expect !== came)
    return faulty(before, `${place(before)}: ${step.call} was to answer ${step.expect}: ${quote(answer.text, 300)}`);
  const last = answer.structured ?? { text: answer.text };
  const vars: Record<string, unknown> = { ...moved.vars, last };
  try {
    for (const [name, how] of Object.entries(step.capture)) vars[name] = capture(how, answer);
  } catch (error) {
    if (error instanceof ScriptFault) return faulty(before, `${place(before)}: ${error.message}`);
    throw error;
  }
  return { ...moved, vars };
}

function actionOf(step: Step, progress: Progress): Action {
  const { vars } = progress;
  if ("call" in step) return { do: "call", tool: step.call, args: fill(step.with, vars) as Record<string, unknown> };
  if ("edit" in step) return { do: "edit", path: fillText(step.edit, vars), change: changeOf(step, vars) };
  if ("remove" in step) return { do: "remove", path: fillText(step.remove, vars) };
  if ("run" in step) return { do: "run", argv: step.run.map((word) => fillText(word, vars)) };
  if ("say" in step) return { do: "say", text: fillText(step.say, vars) };
  if ("sleepMs" in step) return { do: "sleep", ms: step.sleepMs };
  const key = place(progress);
  return progress.crashed.includes(key) ? { do: "sleep", ms: 0 } : { do: "crash", key };
}

function changeOf(step: Extract<Step, { edit: string }>, vars: Progress["vars"]): Change {
  if (step.replace) return { find: fillText(step.replace.find, vars), with: fillText(step.replace.with, vars) };
  return step.append === undefined ? { content: fillText(step.content ?? "", vars) } : { append: fillText(step.append, vars) };
}

/** Which script a job has; null when the playbook says nothing about it. */
export function scriptFor(playbook: Playbook, job: AgentJob | null): Script | null {
  switch (job?.kind) {
    case "plan":
      return playbook.queen;
    case "plan_review":
      return numbered(playbook.planReview, job.revision);
    case "task":
      return numbered(named(playbook.tasks, job), job.attempt) ?? numbered(playbook.tasks.default, job.attempt);
    case "review": {
      const scripts = job.as === "risk" ? playbook.risk : playbook.reviews;
      return numbered(named(scripts, job), job.round) ?? numbered(scripts.default, job.round);
    }
    case "verify":
      return numbered(named(playbook.verify, job), job.finding) ?? numbered(playbook.verify.default, job.finding);
    case "collab":
      return parted(named(playbook.together, job), job) ?? parted(playbook.together.default, job);
    default:
      return null;
  }
}

/** A pipeline's task begins with its run in a swarm, `r4k2fm9-fix`, and is `fix` in a playbook as it is in the pipeline. */
const named = <T>(scripts: Readonly<Record<string, T>>, { task }: { readonly task: string }): T | undefined =>
  scripts[task] ?? scripts[task.replace(/^r[0-9a-z]{6}-/, "")];

/** `worker 3` is its part of step 3, `worker` of every other. */
const parted = (scripts: Numbered | undefined, { place, step }: { readonly place: string; readonly step: number }): Script | null =>
  scripts?.[`${place} ${step}`] ?? scripts?.[place] ?? scripts?.default ?? null;

const numbered = (scripts: Readonly<Record<string, Script>> | undefined, n: number | string): Script | null =>
  scripts?.[String(n)] ?? scripts?.default ?? null;

function matches({ when }: Turn, vars: Progress["vars"]): boolean {
  return Object.entries(when ?? {}).every(([path, wanted]) => {
    if (path === "message") return new RegExp(String(wanted), "i").test(String(vars.message ?? ""));
    return (at(vars.whoami, path) ?? at(vars, path) ?? null) === wanted;
  });
}

const stepOf = (playbook: Playbook, { job, turn }: Progress): Step | null =>
  turn?.index === null || !turn ? null : (scriptFor(playbook, job)?.[turn.index]?.steps[turn.step] ?? null);

const faulty = (progress: Progress, fault: string): Progress => ({
  ...progress,
  turn: { index: progress.turn?.index ?? null, step: progress.turn?.step ?? 0, fault },
});

function place({ job, turn }: Progress): string {
  const name = job ? [job.kind, ...("task" in job ? [job.task] : []), numberOf(job)].join(" ").trim() : "no job";
  return `${name}, turn ${(turn?.index ?? 0) + 1}, step ${(turn?.step ?? 0) + 1}`;
}

function numberOf(job: AgentJob): string {
  if (job.kind === "task") return String(job.attempt);
  if (job.kind === "review") return String(job.round);
  if (job.kind === "verify") return job.finding;
  if (job.kind === "collab") return `${job.place} ${job.step}`;
  return job.kind === "plan_review" ? String(job.revision) : "";
}

const detail = (outcome: Outcome | null): string =>
  outcome === null ? "no answer" : quote("answer" in outcome ? outcome.answer.text : outcome.detail, 200);
