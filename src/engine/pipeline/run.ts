/** One run of a pipeline: its file at the base commit, what a person gave, and the plan that comes of both. */
import { SkepError } from "../../base/errors.ts";
import { type SwarmId, sha256 } from "../../base/ids.ts";
import { type Compiled, type CompiledTask, type CompileGround, compile } from "../../catalog/pipeline-compile.ts";
import { sessionsOf } from "../../catalog/pipeline-delegation.ts";
import { type Flaw, pipelineError } from "../../catalog/pipeline-flaws.ts";
import { GOAL } from "../../catalog/pipeline-variables.ts";
import { type Draft, fillPipeline, type Pipeline } from "../../catalog/pipelines.ts";
import type { RulePlan } from "../../domain/commands.ts";
import { atBirth } from "../../domain/decide-swarm.ts";
import { taskQuestion } from "../../domain/human-task.ts";
import type { Limits } from "../../domain/limits.ts";
import type { SeatSpec } from "../../domain/model.ts";
import type { ModeSpec } from "../../domain/modes/mode.ts";
import { planProblems } from "../../domain/plan-problems.ts";
import type { SwarmHandle } from "../api.ts";
import { baseCatalog, type CatalogOrder } from "../base-catalog.ts";
import type { PinnedPipeline, Settings } from "../settings.ts";
import { isHers } from "./drafted.ts";
import type { PipelineOrder } from "./order.ts";
import { readPipeline } from "./read.ts";

export interface Filled {
  readonly pipeline: Pipeline;
  readonly draft: Draft;
  readonly goal: string;
  readonly pinned: PinnedPipeline;
}

/** Throws NO_PIPELINE, or PIPELINE_INVALID with everything that is wrong with the file or with what was given. */
export async function fillRun({ name, vars, set }: PipelineOrder, order: CatalogOrder): Promise<Filled> {
  const catalog = await baseCatalog(order);
  const pipeline = await readPipeline(order.root, order.base, name, catalog);
  const { value: draft, flaws } = fillPipeline(pipeline, vars, set, catalog);
  if (draft === null) throw pipelineError(flaws);
  const { id, file, text } = pipeline;
  const goal = String(Object.hasOwn(vars, GOAL) ? vars[GOAL] : pipeline.variables[GOAL]?.default);
  return { pipeline, draft, goal, pinned: { id, file, text, vars, set } };
}

export interface RunGround {
  readonly settings: Settings;
  readonly seats: readonly SeatSpec[];
  /** Of the swarm whose plan it is to be; null: it is planned from, and the plan that comes of it is looked at then. */
  readonly limits: Limits | null;
}

/** Its own flaws; when it has none, what the rules of every plan have against it. */
export function compileRun(
  { draft, pipeline }: Filled,
  { settings, seats, limits }: RunGround,
  run: string,
): { plan: Compiled | null; flaws: readonly Flaw[] } {
  const { config, team, roles, checks } = settings;
  const workers = [...new Set(seats.filter(({ duty }) => duty === "worker").map(({ role }) => role))].flatMap((role) => roles[role] ?? []);
  const ground: CompileGround = {
    ...{ team: team.id, workers, run },
    commands: checks.map(({ name }) => name),
    metrics: config.checks.metrics.map(({ name }) => name),
    risky: config.review.risky,
  };
  const { plan, flaws } = compile(draft, ground);
  if (plan === null || limits === null) return { plan, flaws };
  const tasks = plan.tasks.map(({ spec }) => ({ ...spec, text: "" }));
  const problems = planProblems(atBirth({ limits, seats }), { conditions: plan.conditions, tasks });
  return { plan, flaws: problems.map((problem) => placed(problem, plan.tasks, pipeline.file)) };
}

/** What is said of a task begins with its id. */
function placed(problem: string, tasks: readonly CompiledTask[], file: string): Flaw {
  const about = tasks.find(({ spec }) => new RegExp(`^${spec.id}\\b(?!-)`).test(problem));
  const what = about ? problem.replace(about.spec.id, about.name) : problem;
  return { place: about?.place ?? file, what, fix: "change it there, or choose another team" };
}

/** Before anything is made for the swarm. Throws PIPELINE_INVALID. */
export function compiledFor(swarm: SwarmId, filled: Filled, ground: RunGround): Compiled {
  const { plan, flaws } = compileRun(filled, ground, runName(swarm));
  if (plan === null || flaws.length > 0) throw pipelineError(flaws);
  return plan;
}

export async function planOfRun({ pipeline: { id, about } }: Filled, plan: Compiled, handle: SwarmHandle): Promise<RulePlan> {
  const tasks = await Promise.all(
    plan.tasks.map(async ({ spec, text }) => ({
      ...spec,
      text: await handle.keep(JSON.stringify(text)),
      ...(spec.human ? { asks: await handle.keep(taskQuestion(spec.title, text)) } : {}),
    })),
  );
  const approach = `The pipeline ${id}: ${about}`;
  return {
    hash: sha256(JSON.stringify([id, plan])).slice(0, 16),
    conditions: plan.conditions,
    text: await handle.keep(JSON.stringify({ approach, assumptions: [] })),
    tasks,
    pipeline: id,
    policy: plan.policy,
  };
}

/** For the queen: the tasks as plan_submit takes them, to be changed as the goal needs it. Throws NO_QUEEN. */
export function draftOfRun({ pipeline }: Filled, plan: Compiled, { team }: Settings): string {
  if (team.solo)
    throw new SkepError(
      "NO_QUEEN",
      `the team ${team.id} has no queen who could plan from it`,
      "the same call with another team, or without draft",
    );
  const noted = (specs: readonly CompiledTask["spec"][]): readonly string[] =>
    specs.flatMap((spec) => {
      const notes = taskNotes(spec);
      return notes.length === 0 ? [] : [`- ${spec.id}: ${notes.join("; ")}`];
    });
  const specs = plan.tasks.map(({ spec }) => spec);
  const [kept, lost] = [noted(specs.filter(isHers)), noted(specs.filter((spec) => !isHers(spec)))];
  const tasks = plan.tasks.map(({ spec: { id, title, role, files, after, proof, meets, risk }, text: { brief, criteria, contract } }) => ({
    ...{ id, title, role, brief, files, criteria, proof, meets, risk },
    ...(after.length === 0 ? {} : { after }),
    ...(contract === null ? {} : { contract }),
  }));
  return [
    `The project has the pipeline ${pipeline.id} for goals like this: ${pipeline.about}`,
    "Below are its conditions and tasks as plan_submit takes them. Keep its phases unless the goal or the code speaks against one;",
    "split, narrow or drop tasks as the code needs it, and say in `approach` what you changed and why.",
    "```json",
    JSON.stringify({ conditions: plan.conditions, tasks }, null, 1),
    "```",
    ...(kept.length === 0
      ? []
      : ["What the pipeline says beside these stays with a task as long as it keeps its id and its role:", ...kept]),
    ...(lost.length === 0 ? [] : ["A plan of yours cannot say of a task what the pipeline says here; see to it in another way:", ...lost]),
  ].join("\n");
}

/** What a task is beside its files, criteria and proof: `critical`, `at most 2 usd`, `escalates to architect`. */
export const taskNotes = (spec: CompiledTask["spec"]): readonly string[] => [
  ...(spec.human ? ["done by a person"] : []),
  ...(spec.mode ? [together(spec.mode)] : []),
  ...(spec.report ? ["a report: it changes nothing"] : []),
  ...(spec.ownChecks ?? []).map(({ argv, expect }) => `${argv.join(" ")} has to ${expect}`),
  ...(spec.critical ? ["critical"] : []),
  ...Object.entries(spec.caps ?? {}).map(([what, most]) => `at most ${most} ${what}`),
  ...(spec.escalate === undefined ? [] : [`escalates to ${spec.escalate}`]),
];

const together = (mode: ModeSpec): string =>
  `together, ${mode.kind}: ${mode.seats.map(({ place, role }) => `${place} ${role}`).join(", ")}; at most ${sessionsOf(mode)} sessions before its review`;

/** Begins the ids of a run's tasks: the swarm's own letters, which no other swarm of the project has. */
const runName = (swarm: SwarmId): string => swarm.replace(/^s-/, "r");
