/** The plan of a swarm as a person or their client reads it: the revision under review, else the one in force. */
import type { TaskId } from "../base/ids.ts";
import { joined, numbered, section } from "./briefing.ts";
import { framed, inline, listed } from "./foreign.ts";
import type { Prose, State } from "./model.ts";
import { inPlan, type PlannedTask, planned, type StandingTask } from "./plan-facts.ts";
import { planned as plannedText, points, standingLine } from "./plan-request.ts";
import { text as plain, records } from "./points.ts";
import { parsed, type Texts } from "./prose.ts";
import { waves } from "./waves.ts";

export interface PlanTextFacts {
  readonly swarm: string;
  readonly status: State["plan"]["status"];
  readonly revision: number;
  readonly goal: Prose;
  readonly restated: string;
  readonly conditions: readonly string[];
  /** JSON {approach, assumptions}. */
  readonly text: Prose;
  /** Of a revision that is not in force yet. */
  readonly waves: readonly (readonly PlannedTask[])[];
  readonly partial: boolean;
  readonly cancels: readonly TaskId[];
  readonly standing: readonly StandingTask[];
  readonly findings: Prose | null;
  readonly gate: string | null;
}

/** null: there is no plan yet. */
export function planTextFacts(state: Readonly<State>): PlanTextFacts | null {
  const { plan } = state;
  const shown = plan.pending ?? plan.approved;
  if (!shown) return null;
  const { pending } = plan;
  return {
    swarm: state.id,
    ...{ status: plan.status, revision: shown.revision, gate: plan.gate },
    goal: state.goal,
    ...{ restated: shown.goal, text: shown.text },
    conditions: [...shown.conditions],
    waves: pending ? waves(pending.tasks).map((wave) => wave.map(planned)) : [],
    partial: pending?.partial ?? false,
    cancels: [...(pending?.cancels ?? [])],
    standing: inPlan(state),
    findings: plan.findingsCount > 0 ? plan.findings : null,
  };
}

export function renderPlan(facts: PlanTextFacts, texts: Texts): string {
  const [plan] = records([parsed(texts(facts.text))]);
  const assumptions = Array.isArray(plan?.assumptions) ? plan.assumptions.map(plain) : [];
  const text = joined([
    `# Plan of swarm ${facts.swarm}\nRevision ${facts.revision}; the plan is ${facts.status}.${facts.gate === null ? "" : ` Gate ${facts.gate} asks you about it.`}`,
    section("The goal", [framed(texts(facts.goal)), `As the planner restates it: "${inline(facts.restated, 400)}"`]),
    section("Conditions", [numbered(facts.conditions)]),
    section("Approach", [framed(plain(plan?.approach))]),
    section("Assumptions", assumptions.length === 0 ? [] : [numbered(assumptions)]),
    section("Tasks in force", facts.standing.map(standingLine)),
    facts.cancels.length === 0 ? "" : `This revision cancels ${listed(facts.cancels, 20)}.`,
    ...facts.waves.map((wave, index) =>
      section(
        facts.partial ? "The task it adds" : `Wave ${index + 1}${wave.length > 1 ? " (these may run together)" : ""}`,
        wave.map((task) => plannedText(task, texts)),
      ),
    ),
    section("Findings of its last review", points(facts.findings, texts)),
  ]);
  return `${text.trimEnd()}\n`;
}
