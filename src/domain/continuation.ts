/**
 * What a new swarm is told of the one it goes on from: what was asked, what got done, what did not and why. Written once,
 * when the new swarm is made, so that it does not depend on the old one being there later.
 */
import type { TaskId } from "../base/ids.ts";
import { taskText } from "./briefing.ts";
import { count, cutBytes, fileName, framed, inline, listed } from "./foreign.ts";
import type { Prose, State, Task, TaskStatus } from "./model.ts";
import { text as plain, pointLine, pointsIn, records } from "./points.ts";
import { parsed, type Texts } from "./prose.ts";

export interface ContinuationFacts {
  readonly swarm: string;
  readonly status: State["status"];
  readonly goal: Prose;
  readonly ending: Prose | null;
  /** JSON {approach, assumptions} of its plan. */
  readonly plan: Prose;
  readonly conditions: readonly string[];
  /** Conditions no merged task meets, by number. */
  readonly unmet: readonly number[];
  readonly branch: string;
  readonly tip: string;
  readonly merged: readonly { readonly id: TaskId; readonly title: string; readonly sha: string | null; readonly text: Prose }[];
  readonly unfinished: readonly Unfinished[];
  /** What people decided. */
  readonly answers: readonly { readonly title: string; readonly answer: string }[];
  /** What was still asked when it ended. */
  readonly open: readonly string[];
}
interface Unfinished {
  readonly id: TaskId;
  readonly title: string;
  readonly status: TaskStatus;
  readonly files: readonly string[];
  readonly attempts: number;
  readonly why: string | null;
  readonly findings: Prose | null;
  /** JSON {done, next, learned}. */
  readonly progress: Prose | null;
}

export function continuationFacts(state: Readonly<State>): ContinuationFacts {
  const { id, status, goal, ending, plan, branch, tip, tasks, byStatus, gates } = state;
  const conditions = plan.approved?.conditions ?? plan.pending?.conditions ?? [];
  const merged = [...byStatus.merged].flatMap((task) => tasks.get(task) ?? []);
  const met = new Set(merged.flatMap(({ meets }) => meets));
  const asked = [...gates.values()];
  return {
    ...{ swarm: id, status, goal, ending, branch, tip },
    plan: (plan.approved ?? plan.pending)?.text ?? "",
    conditions: [...conditions],
    unmet: [...conditions.keys()].map((index) => index + 1).filter((n) => !met.has(n)),
    merged: merged.map(({ id: task, title, mergedSha, text }) => ({ id: task, title, sha: mergedSha, text })),
    unfinished: [...tasks.values()].filter((task) => task.status !== "merged" && task.status !== "cancelled").map(unfinished),
    answers: asked.flatMap(({ kind, title, answer }) => (kind === "ask" && answer !== null ? [{ title, answer }] : [])),
    open: asked.flatMap(({ title, answer }) => (answer === null ? [title] : [])),
  };
}

function unfinished({ id, title, status, files, attempt, history, findings, findingsCount, progress }: Readonly<Task>): Unfinished {
  return {
    ...{ id, title, status, attempts: attempt, progress },
    files: [...files],
    why: history.at(-1)?.why || null,
    findings: findingsCount > 0 ? findings : null,
  };
}

/** A queen's first message is to stay readable: what does not fit is looked up with `skep logs`. */
const MOST_BYTES = 12_000;
const MOST_TASKS = 40;

interface Around {
  /** Whether the new base holds the merged work. */
  readonly here: boolean;
  /** The branch an attempt's work is on. */
  readonly branchOf: (task: TaskId, attempt: number) => string;
}

/** Plain text, foreign words framed; whoever shows it adds no frame of its own. */
export function renderContinuation(facts: ContinuationFacts, texts: Texts, around: Around): string {
  const lines = [
    `Swarm ${facts.swarm} worked on this before you and ${facts.status === "completed" ? "completed" : `ended: ${facts.status}`}. Its goal:`,
    framed(texts(facts.goal), 2_000),
    ...(facts.ending === null ? [] : framedUnder("It ended with these words:", texts(facts.ending), 1_200)),
    mergedHead(facts, around.here),
    ...facts.merged.slice(-MOST_TASKS).map(({ id, title, sha, text }) => {
      const { contract } = taskText(texts(text));
      return `- ${id} ${inline(title, 120)}${sha === null ? "" : ` (${sha.slice(0, 12)})`}${contract === null ? "" : `; contract: "${inline(contract, 240)}"`}`;
    }),
    ...(facts.unmet.length === 0 ? [] : ["Conditions of that goal that no merged task meets:"]),
    ...facts.unmet.map((n) => `- ${inline(facts.conditions[n - 1] ?? "", 300)}`),
    ...(facts.unfinished.length === 0 ? [] : ["Tasks it did not finish:"]),
    ...facts.unfinished.slice(0, MOST_TASKS).flatMap((task) => unfinishedLines(task, texts, around)),
    ...decided(facts),
    ...assumptions(texts(facts.plan)),
  ];
  const text = lines.filter((line) => line !== "").join("\n");
  const cut = cutBytes(text, MOST_BYTES);
  if (cut.length === text.length) return text;
  return `${cut.slice(0, cut.lastIndexOf("\n"))}\n[cut here: the rest stands in the log of ${facts.swarm}]`;
}

const framedUnder = (head: string, body: string, max: number): readonly string[] => (body.trim() === "" ? [] : [head, framed(body, max)]);

function mergedHead({ merged, branch, tip }: ContinuationFacts, here: boolean): string {
  if (merged.length === 0) return "It merged nothing.";
  const where = here ? "your base commit holds them" : `they are on ${branch} at ${tip.slice(0, 12)} and NOT in your base commit`;
  return `${count(merged.length, "task")} merged; ${where}:`;
}

function unfinishedLines(
  { id, title, status, files, attempts, why, findings, progress }: Unfinished,
  texts: Texts,
  { branchOf }: Around,
): readonly string[] {
  const tried = attempts === 0 ? "not begun" : `${count(attempts, "attempt")}${why === null ? "" : `, the last: ${inline(why, 200)}`}`;
  const kept = attempts === 0 ? "" : `; its work is on ${branchOf(id, attempts)}`;
  const [note] = records([progress === null ? null : parsed(texts(progress))]);
  const told = (["done", "next", "learned"] as const).flatMap((field) => {
    const words = plain(note?.[field]);
    return words === "" ? [] : [`  ${field}: "${inline(words, 240)}"`];
  });
  const points = findings === null ? [] : pointsIn(texts(findings)).slice(0, 4);
  return [
    `- ${id} ${status}: ${inline(title, 120)} [${listed(files.map(fileName), 5)}]; ${tried}${kept}`,
    ...told,
    ...points.map((point) => `  finding ${pointLine(point, 240)}`),
  ];
}

function decided({ answers, open }: ContinuationFacts): readonly string[] {
  return [
    ...(answers.length === 0 ? [] : ["Decided by a person then:"]),
    ...answers.slice(-8).map(({ title, answer }) => `- "${inline(title, 160)}" ${inline(answer, 300)}`),
    ...(open.length === 0 ? [] : ["Asked and never answered:"]),
    ...open.slice(-5).map((title) => `- "${inline(title, 200)}"`),
  ];
}

function assumptions(plan: string): readonly string[] {
  const [told] = records([parsed(plan)]);
  const all = Array.isArray(told?.assumptions) ? told.assumptions.map(plain).filter((one) => one !== "") : [];
  return all.length === 0 ? [] : ["It assumed:", ...all.slice(0, 8).map((one) => `- "${inline(one, 200)}"`)];
}
