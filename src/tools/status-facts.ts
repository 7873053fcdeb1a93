/** The facts of a swarm as `swarm_status` and `swarm_wait` give them to a model: the shared view, cut to what can be read. */
import { z } from "zod";
import { count, inline, listed } from "../domain/foreign.ts";
import { previewLines, previewOf } from "../domain/plan-preview.ts";
import { type SwarmView, swarmView } from "../domain/view.ts";
import { nextStep, type Reason, reasons, waiting } from "../domain/why.ts";
import { stepCall } from "../domain/why-step.ts";
import { unreadLetters } from "../engine/own-letters.ts";
import type { SwarmCall } from "./swarm-call.ts";

const SHOWN = 20;

export const statusFields = {
  swarm: z.string(),
  title: z.string(),
  status: z.string(),
  plan: z.string(),
  preview: z.array(z.string()).optional(),
  tasks: z.record(z.string(), z.int()),
  moving: z.array(z.string()).optional(),
  agents: z.array(z.string()),
  gates: z.array(z.looseObject({ gate: z.string(), question: z.string() })).optional(),
  failing: z.array(z.string()).optional(),
  spent: z.string().optional(),
  budgets: z.array(z.string()).optional(),
  waiting: z.array(z.string()).optional(),
  branch: z.string(),
  landed: z.string().optional(),
  pull_request: z.string().optional(),
  unread: z.string().optional(),
  next: z.string(),
};
type StatusFacts = z.input<z.ZodObject<typeof statusFields>>;

export async function statusFacts({
  swarm,
  project,
  clock,
}: Pick<SwarmCall, "swarm" | "project" | "clock">): Promise<StatusFacts & { cursor: number }> {
  const host = await project.hostFacts();
  const { view, why, preview } = await swarm.look((state) => ({
    ...{ view: swarmView(state), why: reasons(state, clock.now(), host) },
    preview: state.byStatus.merged.size > 0 ? null : previewOf(state),
  }));
  const gates = await Promise.all(
    view.gates.map(async (gate) =>
      gateFacts(gate, await swarm.read(gate.question), gate.context === null ? null : await swarm.read(gate.context)),
    ),
  );
  const unread = (await unreadLetters(swarm)).length;
  const moving = view.moving.slice(0, SHOWN).map(movingLine);
  if (view.moving.length > SHOWN) moving.push(`and ${view.moving.length - SHOWN} more: task_list`);
  const still = [...waitingLines(why, view.swarm), ...providerLines(view)];
  const { swarm: id, title, status, cursor, plan, tasks, branch, landed, pullRequest } = view;
  return {
    ...{ swarm: id, title, status, cursor, branch, tasks },
    plan: plan.revision === 0 ? plan.status : `revision ${plan.revision} ${plan.status}`,
    ...(preview === null
      ? {}
      : { preview: [...previewLines(preview, "swarm_stop, then swarm_create with team solo, if the user wants that.")] }),
    agents: view.agents.map(({ agent, doing }) => `${agent}: ${doing}`),
    ...(moving.length > 0 ? { moving } : {}),
    ...(gates.length > 0 ? { gates } : {}),
    ...(view.failing.length > 0
      ? { failing: view.failing.map(({ what, times, error }) => `${what} failed ${times} times: ${inline(error, 160)}`) }
      : {}),
    ...(view.spent.tokens > 0 ? { spent: `$${view.spent.usd.toFixed(2)}, ${view.spent.tokens} tokens` } : {}),
    ...(view.budgets.length > 0 ? { budgets: [...view.budgets] } : {}),
    ...(still.length > 0 ? { waiting: still } : {}),
    ...(landed === null ? {} : { landed: landed.slice(0, 12) }),
    ...(pullRequest === null ? {} : { pull_request: pullRequest }),
    ...(unread === 0 ? {} : { unread: `${count(unread, "letter")} to you: inbox_read` }),
    next: stepCall(nextStep(why), id),
  };
}

/** What does not move, why, and what helps: the whole swarm first. */
function waitingLines(all: readonly Reason[], swarm: string): string[] {
  const still = waiting(all).map(({ who, text, next, until }) => {
    const when = until === undefined ? "" : ` until ${new Date(until).toISOString()}`;
    return `${listed(who, 8)}: ${text}${when}. Next: ${stepCall(next, swarm)}`;
  });
  return still.length > SHOWN ? [...still.slice(0, SHOWN), `and ${still.length - SHOWN} more: task_list`] : still;
}

function providerLines({ providers, routed }: SwarmView): string[] {
  const rests = providers.map(
    ({ provider, kind, why, pausedUntil, gate }) =>
      `${provider}: ${kind}${gate ? `, gate ${gate}` : pausedUntil > 0 ? ` until ${new Date(pausedUntil).toISOString()}` : ""}: ${inline(why, 160)}`,
  );
  return [...rests, ...routed.map(({ agent, from, to }) => `${agent} works on ${to} instead of ${from}`)];
}

function movingLine({ task, title, status, attempt, agent, returned }: SwarmView["moving"][number]): string {
  const who = agent === null ? "" : ` by ${agent}`;
  const why = returned ? `; returned: ${inline(returned, 120)}` : "";
  return `${task} ${status}${attempt > 0 ? ` attempt ${attempt}` : ""}${who}: ${inline(title, 80)}${why}`;
}

function gateFacts(
  { gate, options, means, fallback, deadlineAt, task, agent }: SwarmView["gates"][number],
  question: string,
  context: string | null,
) {
  return {
    gate,
    question: inline(question, 2_000),
    ...(context === null ? {} : { context: inline(context, 2_000) }),
    ...(options.length > 0 ? { options: [...options] } : {}),
    ...(Object.keys(means).length > 0 ? { means } : {}),
    ...(fallback === null ? {} : { fallback }),
    ...(deadlineAt === null ? {} : { until: new Date(deadlineAt).toISOString() }),
    ...(task === null ? {} : { task }),
    ...(agent === null ? {} : { asked_by: agent }),
  };
}
