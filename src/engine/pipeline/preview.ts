/** The whole of a run before anything starts: waves, roles, seats, gates, checks and cost, and what stands against it. */
import type { TaskId } from "../../base/ids.ts";
import type { CompiledTask } from "../../catalog/pipeline-compile.ts";
import { flawText } from "../../catalog/pipeline-flaws.ts";
import { limitsOf } from "../../config/effective.ts";
import { atBirth } from "../../domain/decide-swarm.ts";
import { estimate, type Reckoning } from "../../domain/estimate.ts";
import { MEASURES } from "../../domain/limits.ts";
import { type Hands, handsOf, previewLines, previewPlan } from "../../domain/plan-preview.ts";
import { waves } from "../../domain/waves.ts";
import type { SwarmHandle } from "../api.ts";
import { reckonBy } from "../experience.ts";
import { growing, joiners } from "../joiners.ts";
import { type Harnesses, readBaseSettings, type Settings, type SettingsOrder, teamSeats } from "../settings.ts";
import type { Preview, PreviewOrder, PreviewTask } from "./order.ts";
import { compileRun, fillRun, taskNotes } from "./run.ts";

/** Stands for the run that is not there yet. */
const RUN = "r";

export interface PreviewGround extends Pick<SettingsOrder, "root" | "base" | "env" | "tools"> {
  readonly harnesses: Harnesses;
  readonly swarms: readonly SwarmHandle[];
}

/** Throws what stands in the way of even reading it: NO_PIPELINE, PIPELINE_INVALID, NO_TEAM and their kin. */
export async function previewRun(order: PreviewOrder, { harnesses, swarms, ...at }: PreviewGround): Promise<Preview> {
  const filled = await fillRun(order, at);
  const settings = await readBaseSettings({ ...at, team: order.team ?? filled.draft.team ?? null, flags: order.flags });
  const seats = teamSeats(settings, harnesses);
  const grows = await joiners({ settings, harnesses, team: seats, env: at.env });
  const limits = growing(limitsOf(settings.config), grows);
  const { plan, flaws } = compileRun(filled, { settings, seats, limits }, RUN);
  const tasks = plan?.tasks ?? [];
  const names = new Map(tasks.map(({ spec, name }) => [spec.id, name]));
  const reckoning = await reckonBy(swarms);
  const nodes = tasks.map((task) => ({ id: task.spec.id, after: task.spec.after, task }));
  return {
    ...{ name: filled.pipeline.id, title: filled.pipeline.title, goal: filled.goal, team: settings.team.id, policy: filled.draft.policy },
    seats: seats.map(({ seat, role, harness }) => `${seat} ${role} (${harness})`),
    gates: gates(settings, tasks),
    conditions: plan?.conditions ?? [],
    waves: waves(nodes).map((wave) => wave.map(({ task }) => shown(task, (id) => names.get(id) ?? id))),
    checks: settings.checks.map(({ name, argv }) => `${name}: ${argv.join(" ")}`),
    budget: budget(settings, reckoning, tasks),
    worth: settings.team.solo ? [] : worth(tasks, handsOf(atBirth({ limits, seats })), reckoning),
    problems: flaws.map(flawText),
  };
}

const shown = ({ name, spec, text, proved }: CompiledTask, nameOf: (id: CompiledTask["spec"]["id"]) => string): PreviewTask => ({
  ...{
    task: name,
    title: spec.title,
    role: spec.human ? "a person" : spec.role,
    files: spec.files,
    criteria: text.criteria,
    risk: spec.risk,
  },
  after: spec.after.map(nameOf),
  proof: spec.human ? "a person's word" : proved === null ? "a review" : `${proved}, and a review`,
  because: spec.because ?? [],
  notes: taskNotes(spec),
});

function gates({ team, config: { limits, automation } }: Settings, tasks: readonly CompiledTask[]): readonly string[] {
  const end = team.solo ? "it ends by itself when every task is settled" : "the queen looks at what failed or asks, and completes it";
  return [
    `the plan is the pipeline: not reviewed, ${automation >= 2 ? "it begins with your word" : "nobody is asked"}`,
    `a task is given up only by a person, after ${limits.attempts} attempts or ${limits.rounds} reviews that asked for changes`,
    ...tasks.flatMap(({ name, spec }) =>
      spec.escalate === undefined
        ? []
        : [`${name} goes to the role ${spec.escalate} when it fails: a person is asked when that failed, too`],
    ),
    ...tasks.flatMap(({ name, spec }) => (spec.mode ? [`${name} is done by several: a blocked vote of theirs asks a person`] : [])),
    ...tasks.flatMap(({ name, spec }) => (spec.human ? [`${name} is a person's: a gate asks for it when its time has come`] : [])),
    end,
  ];
}

function worth(tasks: readonly CompiledTask[], hands: Hands, reckoning: Reckoning | null): readonly string[] {
  if (tasks.length === 0) return [];
  const names = new Map(tasks.map(({ spec, name }) => [spec.id, name as TaskId]));
  const named = tasks.map(({ spec, name }) => ({ ...spec, id: name as TaskId, after: spec.after.map((id) => names.get(id) ?? id) }));
  return previewLines(
    previewPlan(named, hands, reckoning),
    'skep run --solo "…" has it done by one, with the same checks, review and merge.',
  );
}

function budget(settings: Settings, reckoning: Reckoning | null, all: readonly CompiledTask[]): string {
  const tasks = all.length;
  const sum = MEASURES.flatMap((what) => {
    const most = all.map(({ spec }) => spec.caps?.[what]);
    // One task without a cap, and the sum says nothing.
    return most.length > 0 && most.every((one) => typeof one === "number") ? [`${most.reduce((a, b) => a + (b ?? 0), 0)} ${what}`] : [];
  });
  const own = sum.length === 0 ? "" : `; its tasks together at most ${sum.join(", ")}`;
  const { swarm } = settings.config.budgets;
  const caps = [
    swarm.usd === null ? [] : `$${swarm.usd}`,
    swarm.tokens === null ? [] : `${swarm.tokens} tokens`,
    swarm.minutes === null ? [] : `${swarm.minutes} minutes`,
  ].flat();
  const cap = caps.length === 0 ? "no cap is set (budgets.swarm)" : `at most ${caps.join(", ")}`;
  const likely = reckoning === null ? null : estimate(reckoning, settings.team.solo && tasks === 1);
  return `${tasks} ${tasks === 1 ? "task" : "tasks"}; ${likely ?? "no earlier swarm to reckon by"}${own}; ${cap}`;
}
