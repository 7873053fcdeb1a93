/** The first messages about plans: the goal for the queen, one revision for its reviewer. */
import { checks, joined, numbered, PROOFS, projectPart, type Surroundings, section, taskText } from "./briefing.ts";
import { count, fileName, framed, inline, listed } from "./foreign.ts";
import type { PlanFacts, PlannedTask, PlanReviewFacts, StandingTask } from "./plan-facts.ts";
import { text as plain, pointLine, pointsIn, records } from "./points.ts";
import { parsed, type Texts } from "./prose.ts";

export interface PlanSurroundings extends Surroundings {
  /** What is known of the repository: languages, test command, number of files. One line each. */
  readonly repository?: readonly string[];
  /** What each role is for, in a few words. */
  readonly titles?: Readonly<Record<string, string>>;
}

export function renderPlanRequest(facts: PlanFacts, texts: Texts, around: PlanSurroundings = {}): string {
  const text = joined([
    `# Plan for swarm ${facts.swarm}`,
    section("The user's goal", [framed(texts(facts.goal))]),
    section("The swarm before this one", facts.before === null ? [] : [texts(facts.before)]),
    section("The pipeline to plan from", facts.draft === undefined ? [] : [texts(facts.draft)]),
    section("Team", team(facts, around)),
    section("Repository", repository(facts, around)),
    section("The plan so far", soFar(facts)),
    section("Findings of the last review", points(facts.earlier, texts)),
    section(
      "Decided by a person",
      facts.answers.slice(-5).map(({ title, answer }) => `- "${inline(title, 160)}" ${inline(answer, 300)}`),
    ),
    section("Limits", limits(facts)),
    section("Next", [planNext(facts)]),
  ]);
  return `${text}\n${projectPart(around.project ?? [])}`.trimEnd().concat("\n");
}

function team({ workers, team: name }: PlanFacts, { titles = {} }: PlanSurroundings): readonly string[] {
  const what = (role: string): string => (titles[role] === undefined ? "" : ` (${inline(titles[role], 80)})`);
  return [
    `Team ${name}. Workers by the role a task can ask for; without one a task goes where its files belong:`,
    ...workers.map(({ role, seats }) => `- ${role}${what(role)}: ${listed(seats, 8)}`),
  ];
}

function repository(facts: PlanFacts, around: PlanSurroundings): readonly string[] {
  const { base, target, worktree, unseen } = facts;
  return [
    `Base commit ${base.slice(0, 12)}${target === null ? "" : ` of ${fileName(target)}`}${worktree === null ? "" : `, checked out in ${fileName(worktree)}`}.`,
    ...(around.repository ?? []).slice(0, 12).map((line) => `- ${inline(line, 200)}`),
    ...checks(around.checks ?? []).map((line) => line.replace(/^- /, "- every task must pass ")),
    ...(unseen.length === 0 ? [] : [`The user has uncommitted changes that no worktree holds: ${listed(unseen.map(fileName), 10)}.`]),
  ];
}

/** A queen whose session was replaced finds here where things stand. */
function soFar(facts: PlanFacts): readonly string[] {
  if (facts.revision === 0) return [];
  return [
    `Revision ${facts.revision}; the plan is ${facts.status}. Conditions:`,
    numbered(facts.conditions),
    ...facts.tasks.map(standingLine),
    ...facts.proposals.map((task) => `${standingLine(task)} (task_create with from ${task.id}, or task_cancel)`),
  ];
}

export const standingLine = ({ id, title, status, files, why }: StandingTask): string =>
  `- ${id} ${status}: ${inline(title, 120)} [${listed(files.map(fileName), 5)}]${why === null || status === "merged" ? "" : `; last attempt: ${inline(why, 120)}`}`;

function limits({ limits: { workers, attempts, rounds, usd, usdSpent } }: PlanFacts): readonly string[] {
  const money = usd === null ? "" : ` $${usd.toFixed(2)} for the whole swarm, $${usdSpent.toFixed(2)} spent.`;
  return [`At most ${count(workers, "worker")} at once, ${attempts} attempts and ${rounds} review rounds per task.${money}`];
}

const planNext = ({ status, revision }: PlanFacts): string =>
  status === "none"
    ? "Read the code the goal touches, then call plan_submit."
    : status === "returned"
      ? `Answer the findings in a new plan_submit; it becomes revision ${revision + 1}.`
      : "Call whoami; its `next` says what is yours to do.";

/** Everything the reviewer needs: there is no other place to read a plan that is not in force. Never cut. */
export function renderPlanReviewRequest(facts: PlanReviewFacts, texts: Texts, around: PlanSurroundings = {}): string {
  const [plan] = records([parsed(texts(facts.text))]);
  const assumptions = Array.isArray(plan?.assumptions) ? plan.assumptions.map(plain) : [];
  const cancels = facts.cancels.length === 0 ? "" : `It cancels ${listed(facts.cancels, 20)}.`;
  const text = joined([
    `# Review of plan revision ${facts.revision}\nSwarm ${facts.swarm}, base ${facts.base.slice(0, 12)}${facts.worktree === null ? "" : `, checked out in ${fileName(facts.worktree)}`}.`,
    section("The user's goal", [framed(texts(facts.goal)), `As the planner restates it: "${inline(facts.restated, 400)}"`]),
    section("Conditions", [numbered(facts.conditions)]),
    section("Approach", [framed(plain(plan?.approach))]),
    section("Assumptions", assumptions.length === 0 && !facts.partial ? ["none stated"] : [numbered(assumptions)]),
    section("Plan in force", facts.standing.map(standingLine)),
    facts.partial ? "## What this revision does\nIt adds the one task below; the rest of the plan stays." : cancels,
    ...facts.waves.map((wave, index) =>
      section(
        facts.partial ? "The added task" : `Wave ${index + 1}${wave.length > 1 ? " (these may run together)" : ""}`,
        wave.map((task) => planned(task, texts)),
      ),
    ),
    section("Findings of the revision before", points(facts.earlier, texts)),
    section("Next", [reviewNext(facts)]),
  ]);
  return `${text}\n${projectPart(around.project ?? [])}`.trimEnd().concat("\n");
}

/** Which condition a task says it meets is left out: the reviewer's own map is compared with it. */
export function planned(task: PlannedTask, texts: Texts): string {
  const { brief, criteria, contract } = taskText(texts(task.text));
  const order = task.after.length === 0 ? "" : `, after ${listed(task.after, 8)}`;
  const risk = task.risk === "normal" ? "" : `, risk ${task.risk}`;
  return [
    `### ${task.id}: ${inline(task.title, 120)}`,
    `Role ${task.role}${order}${risk}. Files: ${listed(task.files.map(fileName), 20)}. Proof ${PROOFS[task.proof]}.`,
    ...(task.because ?? []).map((reason) => `skep chose: ${task.id} ${inline(reason, 200)}.`),
    framed(brief),
    numbered(criteria),
    ...(contract === null ? [] : ["Contract:", framed(contract)]),
  ].join("\n");
}

function reviewNext({ revision, hash, conditions, partial }: PlanReviewFacts): string {
  const map = partial ? "" : ` one coverage entry per condition (1 to ${conditions.length}),`;
  return `Call plan_review_submit with revision ${revision}, plan_hash ${hash},${map} and what would make the plan fail when carried out as written.`;
}

export function points(json: PlanFacts["earlier"], texts: Texts): readonly string[] {
  return json === null ? [] : pointsIn(texts(json)).map((point) => `- ${point.blocks ? "" : "note: "}${pointLine(point)}`);
}
