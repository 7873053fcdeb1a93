/** A task as text, one for each reader: its holder, its reviewer, everybody else. */
import { SkepError } from "../base/errors.ts";
import type { SeatId, TaskId } from "../base/ids.ts";
import { renderBriefing } from "../domain/briefing.ts";
import { type TaskFacts, taskFacts } from "../domain/briefing-facts.ts";
import { inline } from "../domain/foreign.ts";
import { readTexts } from "../domain/prose.ts";
import type { AgentCall, SwarmCall } from "./swarm-call.ts";

/** What the caller's session began with: the briefing of the task it holds, the request of its review. */
export async function ownText({ services, swarm, me }: AgentCall): Promise<string> {
  const text = await services.firstMessage(swarm, me.session);
  if (text !== null) return text;
  throw new SkepError("NOT_YOURS", "your job moved on; your work is kept", "whoami");
}

/** For those who neither hold nor review it: what it asks, and where it stands. Words of its author are left to its author. */
export async function neighbourText(call: SwarmCall, task: TaskId, blind: boolean): Promise<string> {
  const { together: _, ...stated } = await factsOf(call, task);
  const facts: TaskFacts = {
    ...stated,
    progress: null,
    findings: null,
    findingsCount: 0,
    prior: null,
    conflict: [],
    sides: [],
  };
  const shown = { ...facts, history: blind ? [] : facts.history.map((past) => ({ ...past, approach: null })) };
  const texts = await readTexts(shown, (prose) => call.swarm.read(prose));
  const now = await call.swarm.look((state) => standing(state.tasks.get(task), blind));
  return `${renderBriefing(shown, texts, { mine: false })}\n${now}\n`;
}

interface Standing {
  readonly id: string;
  readonly status: string;
  readonly attempt: number;
  readonly seat: SeatId | null;
  readonly sha: string | null;
  readonly mergedSha: string | null;
  readonly gate: string | null;
  readonly because?: readonly string[];
}

function standing(task: Standing | undefined, blind: boolean): string {
  if (!task) return "";
  const parts = [
    `${task.id} is ${task.status}`,
    ...(task.attempt > 0 ? [`attempt ${task.attempt}`] : []),
    ...(task.seat && !blind ? [`held by ${task.seat}`] : []),
    ...(task.because ?? []).map((reason) => inline(reason, 200)),
    ...(task.gate ? [`gate ${task.gate} is open about it`] : []),
    ...(task.mergedSha ? [`merged as ${task.mergedSha.slice(0, 12)}`] : task.sha ? [`commit ${task.sha.slice(0, 12)}`] : []),
  ];
  return `## Now\n${parts.join(", ")}.`;
}

async function factsOf({ swarm }: SwarmCall, task: TaskId): Promise<TaskFacts> {
  const facts = await swarm.look((state) => taskFacts(state, task));
  if (facts) return facts;
  throw new SkepError("NOT_FOUND", `there is no task ${task}`, "task_list");
}
