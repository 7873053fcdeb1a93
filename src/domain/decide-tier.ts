/** Gates of a swarm that asks more often: at a plan its review approves, and at each task before it merges. */
import type { SeatId } from "../base/ids.ts";
import type { Command } from "./commands.ts";
import { reopen } from "./decide-task.ts";
import { already, type Decision, no, yes } from "./decision.ts";
import type { Event } from "./events.ts";
import { failTask, givenUpMeans } from "./failure.ts";
import { inline, listed } from "./foreign.ts";
import { openGate } from "./gate.ts";
import type { Gate, PlanRevision, Prose, State, Task, TaskSpec } from "./model.ts";
import { asksAtMerge, isCleared } from "./tier.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** The reviewer has nothing against it. Nothing of it begins before a person says so. */
export function endorse(state: State, plan: PlanRevision, by: SeatId, findings: Prose, now: number): readonly Event[] {
  const gate = openGate(state, now, "plan", {
    title: `plan revision ${plan.revision} is approved by its review and waits for you`,
    question: `${plan.partial ? "Add this task to the plan" : "Let this plan begin"}?`,
    context: [
      `${plan.partial ? "One task is added to the plan" : `Plan revision ${plan.revision} by ${plan.by}: ${inline(plan.goal, 400)}`}`,
      ...plan.tasks.map(taskLine),
      ...(plan.cancels.length > 0 ? [`It cancels ${listed([...plan.cancels], 8)}.`] : []),
      `${by} has reviewed and approved it.`,
    ].join("\n"),
    options: ["approve", "return", "stop"],
  });
  return [{ type: "plan_endorsed", revision: plan.revision, by, findings }, gate];
}

/** A pipeline's plan is nobody's to review and nobody's to return: it begins with a person's word, or the swarm ends. */
export function endorseByRule(state: State, plan: PlanRevision, now: number): readonly Event[] {
  const name = inline(plan.pipeline ?? "", 40);
  const gate = openGate(state, now, "plan", {
    title: `the plan of the pipeline ${name} waits for you`,
    question: `Let the plan of the pipeline ${name} begin?`,
    context: [inline(plan.goal, 400), ...plan.tasks.map(taskLine), "No plan of a pipeline is reviewed."].join("\n"),
    options: ["approve", "stop"],
  });
  return [{ type: "plan_endorsed", revision: plan.revision, by: "engine", findings: null }, gate];
}

function taskLine({ id, role, title, files, human }: TaskSpec): string {
  const named = [...files].map((file) => inline(file, 80));
  return `${id} (${human ? "a person" : inline(role, 40)}) ${inline(title, 100)}${named.length === 0 ? "" : `: ${listed(named, 3)}`}`;
}

const waits = (state: Readonly<State>, task: Readonly<Task>): boolean => task.status === "approved" && !isCleared(state, task);

/** Approved tasks a person has not been asked about. */
export function unaskedMerges(state: Readonly<State>): readonly Task[] {
  if (!asksAtMerge(state)) return [];
  return [...state.byStatus.approved].flatMap((id) => state.tasks.get(id) ?? []).filter((task) => waits(state, task) && task.gate === null);
}

export function askMerge(state: State, command: Of<"ask_merge">, now: number): Decision {
  const task = state.tasks.get(command.task);
  if (!task || !waits(state, task) || task.gate !== null) return already();
  const { id, title, attempt, base, sha, files } = task;
  const gate = openGate(state, now, "merge", {
    title: `${id} is approved by its review and waits for you`,
    question: `Let ${id} merge into ${state.branch}?${givenUpMeans(state, task)}`,
    context: [
      `${id} ${inline(title, 120)}: attempt ${attempt} by ${task.authors.at(-1) ?? "nobody"} passed its checks and its review.`,
      `Its files: ${listed(
        [...files].map((file) => inline(file, 80)),
        8,
      )}`,
      `To look at it: git diff ${base?.slice(0, 12)} ${sha?.slice(0, 12)}`,
    ].join("\n"),
    options: ["merge", "return", "give_up"],
    task: id,
    effect: sha,
  });
  return yes(gate);
}

/** Gates about a commit that does not wait any more: cancelled by an amendment, or made anew. */
export function gone(state: Readonly<State>): readonly Gate[] {
  if (!asksAtMerge(state)) return [];
  return [...state.openGates].flatMap((id) => {
    const gate = state.gates.get(id);
    const task = gate?.kind === "merge" && gate.task !== null ? state.tasks.get(gate.task) : undefined;
    return gate && task && !(waits(state, task) && task.sha === gate.effect) ? [gate] : [];
  });
}

export function dropGate(state: State, { gate: id }: Of<"drop_gate">, now: number): Decision {
  if (!gone(state).some((gate) => gate.id === id)) return already();
  return yes({ type: "gate_answered", gate: id, answer: "gone", by: "engine", at: now });
}

/** What the answer makes of the task. One that has moved on meanwhile is left as it is. */
export function mergeAnswer(state: State, gate: Gate, option: string, words: string, now: number): readonly Event[] {
  const task = gate.task === null ? undefined : state.tasks.get(gate.task);
  if (!task || !waits(state, task) || task.sha !== gate.effect) return [];
  if (option === "merge") return [{ type: "merge_cleared", task: task.id, sha: task.sha ?? "" }];
  if (option === "give_up") return failTask(state, task, `given up at gate ${gate.id}`);
  const { findings, findingsCount } = asFindings(words);
  return reopen(state, task, now, { result: "changes_requested", why: `returned at gate ${gate.id}`, findings, findingsCount, keep: true });
}

const MOST_FINDINGS = 10;

/** A person's words as findings, one for each line: what comes back to the author reads like any review. */
export function asFindings(words: string): { readonly findings: Prose | null; readonly findingsCount: number } {
  const lines = words
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .slice(0, MOST_FINDINGS);
  if (lines.length === 0) return { findings: null, findingsCount: 0 };
  const findings = lines.map((problem) => ({ id: "operator", problem, blocking: true }));
  return { findings: JSON.stringify({ findings }), findingsCount: lines.length };
}

/** Begins a merge: not without the word this swarm asks for. */
export const uncleared = (state: State, task: Task): Decision | null =>
  isCleared(state, task) ? null : no("WAITING_HUMAN", `${task.id} waits for a person's word before it merges`, "gate_answer");
