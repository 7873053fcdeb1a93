/** From a filled pipeline to the plan it stands for: tasks with edges, conditions, and why each task is done as it is. */
import { quote } from "../base/errors.ts";
import { asId, type TaskId } from "../base/ids.ts";
import { nearest } from "../base/nearest.ts";
import type { Caps } from "../domain/limits.ts";
import type { Policy, TaskSpec, TaskText } from "../domain/model.ts";
import type { ModeSpec } from "../domain/modes/mode.ts";
import { mayOverlap } from "../domain/overlap.ts";
import { PLAN_TASKS } from "../domain/plan-problems.ts";
import { ancestors } from "../domain/waves.ts";
import { delegate, provedBy, readAlong } from "./pipeline-delegation.ts";
import { choose, type Flaw, perhaps } from "./pipeline-flaws.ts";
import { taskEdges } from "./pipeline-order.ts";
import type { TaskDraft } from "./pipeline-schema.ts";
import type { Draft } from "./pipelines.ts";
import type { Role } from "./roles.ts";
import { fitRisk, fitRole } from "./task-fit.ts";

/** What a run meets: its team, and what the project has to prove work with. */
export interface CompileGround {
  readonly team: string;
  /** Roles of the team's workers, in the order of its seats. */
  readonly workers: readonly Role[];
  /** Names of the commands every submission has to pass, and of the metrics. */
  readonly commands: readonly string[];
  readonly metrics: readonly string[];
  readonly risky: readonly string[];
  /** Begins the id of every task: two runs share none. */
  readonly run: string;
}

export interface CompiledTask {
  /** As people call it: `implement.code`. */
  readonly name: string;
  readonly phase: string;
  readonly spec: Omit<TaskSpec, "text">;
  readonly text: TaskText;
  /** Commands that prove it beside the project's own, in words. */
  readonly proved: string | null;
  /** Where it stands in the file. */
  readonly place: string;
}
export interface Compiled {
  /** One for each phase: what is true when it is over. */
  readonly conditions: readonly string[];
  /** What a task that fails for good means for the rest. */
  readonly policy: Policy;
  readonly tasks: readonly CompiledTask[];
}

type At = readonly PropertyKey[];

export function compile(draft: Draft, ground: CompileGround): { readonly plan: Compiled | null; readonly flaws: readonly Flaw[] } {
  const edges = taskEdges(draft);
  const flaws: Flaw[] = [...draft.flaws, ...tooMany(draft)];
  const said = new Set(draft.flaws.map((flaw) => flaw.place));
  const tasks = draft.phases.flatMap((phase, p) =>
    phase.tasks.map((task, t): CompiledTask => {
      const at: At = ["phases", p, "tasks", t];
      flaws.push(...taskFlaws(task, ground, draft.place, at).filter((flaw) => !said.has(flaw.place)));
      return compileTask(task, { phase: phase.id, condition: p + 1, after: edges.get(task.id) ?? [], place: draft.place(at) }, ground);
    }),
  );
  if (flaws.length === 0) flaws.push(...sharedFiles(draft, tasks, ground.run));
  if (flaws.length > 0) return { plan: null, flaws };
  return { plan: { conditions: draft.phases.map(({ done, title }) => done ?? title), policy: draft.policy, tasks }, flaws };
}

const idIn = (run: string, task: string): TaskId => {
  const id = asId<TaskId>(`${run}-${task}`);
  if (id === null) throw new Error(`${run}-${task} is no id, though the schema bounds it`);
  return id;
};

function compileTask(
  task: TaskDraft,
  { phase, condition, after, place }: { phase: string; condition: number; after: readonly string[]; place: string },
  { workers, commands, risky, run }: CompileGround,
): CompiledTask {
  const { brief, acceptance, contract = null, proof, scope } = task;
  const ownChecks = task.checks.flatMap(({ argv, expect, minutes = CHECK_MINUTES }) => (argv ? [{ argv, expect, minutes }] : []));
  const roles = workers.map(({ id }) => id);
  const fit = task.role === undefined && task.delegation !== "human" ? fitRole(scope, workers) : null;
  const why = task.risk === "high" ? null : fitRisk(scope, risky);
  const proved = provedBy(task, commands);
  // Nobody gets a session for what a person does; a plan names a role all the same.
  const role = task.role ?? fit?.value ?? workers[0]?.id ?? "developer";
  const auto = task.delegation === "auto";
  const danger = why ?? (task.risk === "high" ? "the pipeline says so" : null);
  const dear = auto && danger !== null && proved === null && !task.report;
  const together = dear ? readAlong(role, roles) : modeOf(task, role);
  const because = [
    ...(fit?.because ? [`has the role ${fit.value}: ${fit.because}`] : []),
    ...(why === null ? [] : [`has a high risk: ${why}`]),
    ...(auto ? [delegate(task, proved, danger, together)] : []),
  ];
  return {
    name: `${phase}.${task.id}`,
    ...{ phase, proved, place },
    text: { brief, criteria: acceptance, contract },
    spec: {
      id: idIn(run, task.id),
      title: task.title,
      role,
      files: scope,
      after: after.map((id) => idIn(run, id)),
      criteria: acceptance.length,
      proof: proof ?? (proved === null ? "review_only" : "check_only"),
      meets: [condition],
      risk: why === null ? task.risk : "high",
      ...(because.length > 0 ? { because } : {}),
      // Its proof is a review, whoever does it: no rule of the project may skip that.
      ...(proved === null && task.delegation !== "human" ? { mustReview: true as const } : {}),
      ...(together ? { mode: together } : {}),
      ...(task.delegation === "human" ? { human: true as const } : {}),
      ...(task.report ? { report: true as const } : {}),
      ...(ownChecks.length > 0 ? { ownChecks } : {}),
      ...(task.critical ? { critical: true as const } : {}),
      ...(task.budget === undefined ? {} : { caps: capsOf(task.budget) }),
      ...(task.escalate === undefined ? {} : { escalate: task.escalate }),
    },
  };
}

/** A seat without a role has that of the task. */
function modeOf({ delegation }: TaskDraft, own: string): ModeSpec | null {
  if (typeof delegation !== "object") return null;
  const { mode: kind, seats, step_minutes: stepMinutes, ...more } = delegation;
  const places = seats.map(({ place, role = own, provider }) => ({ place, role, ...(provider === undefined ? {} : { provider }) }));
  const given = Object.entries({ ...more, stepMinutes }).filter(([, value]) => value !== undefined);
  return { kind, seats: places, ...Object.fromEntries(given) };
}

const CHECK_MINUTES = 10;

const capsOf = (budget: NonNullable<TaskDraft["budget"]>): Partial<Caps> =>
  Object.fromEntries(Object.entries(budget).filter(([, most]) => most !== undefined));

/** A plan is one line of the log, and its file lists stand in it. */
const MOST_BYTES = 24 * 1024;

function tooMany({ phases, place }: Draft): Flaw[] {
  const tasks = phases.flatMap((phase) => phase.tasks);
  const bytes = Buffer.byteLength(JSON.stringify(tasks.map(({ scope, title }) => [scope, title])));
  const at = place(["phases"]);
  return [
    ...(tasks.length <= PLAN_TASKS
      ? []
      : [{ place: at, what: `has ${tasks.length} tasks; at most ${PLAN_TASKS} fit one plan`, fix: "make it two pipelines" }]),
    ...(bytes <= MOST_BYTES
      ? []
      : [
          {
            place: at,
            what: `has file lists of ${bytes} bytes; at most ${MOST_BYTES} fit one plan`,
            fix: "write globs instead of single files",
          },
        ]),
  ];
}

/** What only this team and this project can tell. */
function taskFlaws(task: TaskDraft, { team, workers, metrics, commands }: CompileGround, place: Draft["place"], at: At): Flaw[] {
  const roles = workers.map(({ id }) => id);
  const named = (field: "role" | "escalate"): Flaw[] => {
    const name = task[field];
    if (name === undefined || roles.includes(name)) return [];
    return [
      {
        place: place([...at, field]),
        what: `wants the role ${name}, which no seat of the team ${team} has`,
        fix: "choose a team that has it",
      },
    ];
  };
  const unknown = (what: string, name: string | undefined, known: readonly string[], path: At): Flaw[] => {
    if (name === undefined || known.includes(name)) return [];
    const meant = nearest(name, known);
    return [{ place: place(path), what: `names the unknown ${what} ${quote(name)}${perhaps(meant)}`, fix: choose(meant, known) }];
  };
  const human = task.delegation === "human";
  const flaw = (field: string, what: string, fix: string): Flaw => ({ place: place([...at, field]), what, fix });
  // Where it is written out the file is refused already.
  const fit = task.role === undefined && !human ? fitRole(task.scope, workers)?.value : undefined;
  const odd = [
    ...(fit !== undefined && task.escalate === fit
      ? [flaw("escalate", `escalates to ${fit}, whose files these are: that is who does it first`, "name another role")]
      : []),
    ...(task.scope.length === 0 && !task.report && !(human && task.escalate === undefined)
      ? [flaw("scope", "owns no file", "name its files under scope, or say `report: true`")]
      : []),
    ...(task.report && task.scope.length > 0
      ? [flaw("report", "is a report, which changes nothing, and has a scope", "take one of the two out")]
      : []),
    ...(typeof task.delegation === "object" && task.delegation.convergence === "metric" && task.metric === undefined
      ? [flaw("delegation", "goes on until a metric is reached, and names none", "name it under metric, or choose another convergence")]
      : []),
    ...(human && (task.report || task.checks.length > 0)
      ? [flaw("delegation", "is a person's, and no program looks at what a person did", "take `report` and `checks` out")]
      : []),
    ...task.checks.flatMap(({ argv = [] }) => {
      if (!isCommandLine(argv)) return [];
      const list = JSON.stringify(argv[0]?.split(/\s+/));
      return [flaw("checks", `has a check of one word, ${quote(argv[0] ?? "", 60)}, and no shell takes that apart`, `write ${list}`)];
    }),
    ...task.checks.flatMap(({ use, expect }) =>
      use !== undefined && expect === "fail"
        ? [flaw("checks", `wants ${quote(use)} to fail, which every submission has to pass`, "give an argv of its own")]
        : [],
    ),
  ];
  return [
    ...named("role"),
    ...named("escalate"),
    ...unknown("metric", task.metric, metrics, [...at, "metric"]),
    ...task.checks.flatMap(({ use }, index) => unknown("check", use, commands, [...at, "checks", index, "use"])),
    ...odd,
  ];
}

/** `npm test` as one word: no program is called that. A path may have a space in it. */
const isCommandLine = ([program = "", ...more]: readonly string[]): boolean => more.length === 0 && /^[^\s/]+\s|\s-/.test(program);

/** Two tasks that may run at once and own one file: a plan is refused for it, so it is said here with its place. */
function sharedFiles({ phases, place }: Draft, tasks: readonly CompiledTask[], run: string): Flaw[] {
  const paths = phases.flatMap((phase, p) => phase.tasks.map((_, t): At => ["phases", p, "tasks", t, "scope"]));
  const nodes = tasks.map(({ spec }) => spec);
  const before = nodes.map(({ id }) => ancestors(nodes, id));
  return nodes.flatMap((a, one) =>
    nodes.slice(one + 1).flatMap((b, offset) => {
      const other = one + 1 + offset;
      if (before[one]?.has(b.id) || before[other]?.has(a.id)) return [];
      const file = a.files.find((mine) => b.files.some((theirs) => mayOverlap(mine, theirs)));
      if (file === undefined) return [];
      const [left, right] = [a.id, b.id].map((id) => id.slice(run.length + 1));
      const what = `lets ${left} and ${right} both change ${quote(file, 100)} at once`;
      return [{ place: place(paths[other] ?? []), what, fix: `give ${right} a depends_on, or other files` }];
    }),
  );
}
