import { z } from "zod";
import { renderFault, SkepError } from "../base/errors.ts";
import type { TaskId } from "../base/ids.ts";
import { agentTool } from "./define-tool.ts";
import { taskId } from "./fields.ts";
import { programKey } from "./keys.ts";
import type { AgentCall } from "./swarm-call.ts";
import { ownText } from "./task-text.ts";

/** Below what any client waits for a silent call. */
const WORKTREE_MS = 45_000;

export const taskClaim = agentTool({
  name: "task_claim",
  title: "Take a task",
  description:
    "Take one open task and get its briefing: worktree, attempt number, criteria. Call it when you hold no task, with an id or without for the next that suits you; when you hold one it returns that briefing again. The claim lasts while your session lives.",
  audience: ["worker"],
  kind: "write",
  input: z.strictObject({ task: taskId().optional().describe("Task id; omit for the next suitable one") }),
  output: null,
  async handle({ task = null }, call) {
    const held = await claim(call, task);
    if (typeof held !== "object") return held;
    const ready = await call.swarm.until(
      (state) => {
        const session = state.sessions.get(call.me.session);
        if (state.tasks.get(held.task)?.seat !== call.me.seat || !session) return "lost" as const;
        return session.opened ? ("ready" as const) : null;
      },
      { timeoutMs: WORKTREE_MS, signal: call.signal },
    );
    if (ready === "ready") return ownText(call);
    if (ready === "lost") throw new SkepError("NOT_YOURS", `${held.task} is not yours any more; its work is kept`, "whoami");
    return normalAnswer("PREPARING", `${held.task} is yours, its worktree is still being made`, "task_claim again");
  },
});

/** The task this seat holds now, or the text that says why there is none: nothing to do is a normal answer. */
async function claim(call: AgentCall, task: TaskId | null): Promise<{ readonly task: TaskId } | string> {
  try {
    await call.submit({ type: "claim_task", task }, programKey(call));
  } catch (error) {
    if (error instanceof SkepError && error.code === "NO_TASK") return normalAnswer(error.code, error.message, error.next);
    throw error;
  }
  const held = await call.swarm.look((state) => state.seats.get(call.me.seat)?.task ?? null);
  if (held) return { task: held };
  throw new SkepError("NOT_YOURS", "the task you claimed is not yours any more; its work is kept", "whoami");
}

const normalAnswer = (code: string, message: string, next: string): string => renderFault({ code, message, next, retryable: false });
