import { z } from "zod";
import { SkepError } from "../base/errors.ts";
import type { TaskId } from "../base/ids.ts";
import type { Event } from "../domain/events.ts";
import { fileName, listed } from "../domain/foreign.ts";
import { swarmTool } from "./define-tool.ts";
import { line, next, repeated, taskId } from "./fields.ts";
import { programKey } from "./keys.ts";
import type { SwarmCall } from "./swarm-call.ts";

const UNDO_MS = 45_000;
/** A host that was just ending for want of work may not have seen the wish: it is asked for again. */
const ASK_MS = 5_000;

export const taskUndo = swarmTool({
  name: "task_undo",
  title: "Undo a merged task",
  description:
    "Take a merged task back out of the integration branch, with the merged work that came after it. A live swarm does them again; with drop they are cancelled. Refused, changing nothing, when later work stands on the same files or the work is landed.",
  audience: ["operator"],
  kind: "destroy",
  input: z.strictObject({
    task: taskId(),
    why: line(400).optional().describe("What was wrong; the next attempt reads it"),
    drop: z.boolean().optional().describe("Cancel it instead of doing it again"),
  }),
  output: z.object({
    task: z.string(),
    status: z.string(),
    undone: z.array(z.string()),
    tip: z.string(),
    repeated: repeated(),
    next: next(),
  }),
  async handle({ task, why = "", drop = false }, call) {
    const findings = await call.swarm.keep(JSON.stringify([findingOf(why)]));
    const answer = await call.submit({ type: "undo_task", task, why, findings, drop }, programKey(call));
    const state = await done(task, call);
    const again = answer.repeated ? { repeated: true } : {};
    if (!state) return { task, status: "merged", undone: [], tip: await tipOf(call), ...again, next: await waiting(call, task) };
    const { status, tip, live } = state;
    if (!live) await call.services.renewReport(call.swarm);
    const undone = answer.repeated ? [] : outcome(task, await eventsAfter(call, answer.seq));
    const next = live ? "swarm_wait" : "swarm_land, or nothing more";
    return { task, status, undone, tip, ...again, next };
  },
});

const findingOf = (why: string) => ({
  check: "undo",
  message: why === "" ? "It was merged, and a person took it back out" : why,
  fix: "Make it right this time; what was merged before is in your worktree.",
  blocks: true,
});

type Look = Parameters<Parameters<SwarmCall["swarm"]["look"]>[0]>[0];

const standing = (state: Look, task: TaskId) => ({
  status: state.tasks.get(task)?.status ?? "cancelled",
  tip: state.tip,
  live: state.endedAt === null,
});

async function done(task: TaskId, { swarm, project, signal }: SwarmCall) {
  for (let left = UNDO_MS; left > 0; left -= ASK_MS) {
    const state = await swarm.until((now) => (now.merges.undo?.task === task ? null : standing(now, task)), { timeoutMs: ASK_MS, signal });
    if (state || signal.aborted) return state;
    await project.wantHost(ASK_MS);
  }
  return null;
}

const tipOf = ({ swarm }: SwarmCall): Promise<string> => swarm.look(({ tip }) => tip);

async function waiting({ swarm }: SwarmCall, task: TaskId): Promise<string> {
  const failing = await swarm.look((state) => [...state.failures].find(([key]) => key.startsWith(`undo_task:${task}-`))?.[1].error ?? null);
  if (failing !== null) throw new SkepError("UNDO_FAILED", `${task} is not undone yet: ${failing}`, "swarm_status", { retryable: true });
  return "swarm_wait: it is being undone";
}

async function eventsAfter({ swarm }: SwarmCall, seq: number): Promise<readonly Event[]> {
  return (await swarm.events(seq - 1)).flatMap(({ events }) => events);
}

/** What was taken out, newest first. Throws why nothing was. */
function outcome(task: TaskId, events: readonly Event[]): string[] {
  for (const event of events) if (event.type === "undo_refused" && event.task === task) throw refusal(event);
  return events.flatMap((event) => (event.type === "task_undone" ? [event.task as string] : []));
}

function refusal({ task, why, on, paths, later }: Extract<Event, { type: "undo_refused" }>): SkepError {
  if (paths.length === 0) return new SkepError("UNDO_REFUSED", `${task} is not undone: ${why}`, "swarm_status");
  const what = on === task ? task : `${on}, which came after ${task},`;
  const where = listed(paths.map(fileName), 8);
  const whose = later.length === 0 ? "" : ` (${later.join(", ")})`;
  const next =
    later.length === 0 ? "task_get, to see what stands there" : `task_undo for ${[...later].reverse().join(", then ")}, then again`;
  return new SkepError("UNDO_CONFLICT", `${what} cannot be taken out: ${why}: ${where}${whose}. Nothing was changed`, next);
}
