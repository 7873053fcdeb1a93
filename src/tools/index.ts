/** Every tool, one line each, in order of name. A test compares this list with the folder. */
import type { Duty, Job } from "../domain/model.ts";
import type { Caller } from "../engine/caller.ts";
import { collabContribute } from "./collab-contribute.ts";
import { audienceOf, type ToolSpec } from "./define-tool.ts";
import { diffGet } from "./diff-get.ts";
import { findingVerify } from "./finding-verify.ts";
import { gateAnswer } from "./gate-answer.ts";
import { humanAsk } from "./human-ask.ts";
import { inboxRead } from "./inbox-read.ts";
import { messageSend } from "./message-send.ts";
import { pipelineList } from "./pipeline-list.ts";
import { pipelinePreview } from "./pipeline-preview.ts";
import { pipelineStart } from "./pipeline-start.ts";
import { planReviewSubmit } from "./plan-review-submit.ts";
import { planSubmit } from "./plan-submit.ts";
import { spawnRole } from "./spawn-role.ts";
import { stopRole } from "./stop-role.ts";
import { swarmComplete } from "./swarm-complete.ts";
import { swarmCreate } from "./swarm-create.ts";
import { swarmLand } from "./swarm-land.ts";
import { swarmList } from "./swarm-list.ts";
import { swarmPause } from "./swarm-pause.ts";
import { swarmResume } from "./swarm-resume.ts";
import { swarmStatus } from "./swarm-status.ts";
import { swarmStop } from "./swarm-stop.ts";
import { swarmWait } from "./swarm-wait.ts";
import { taskCancel } from "./task-cancel.ts";
import { taskClaim } from "./task-claim.ts";
import { taskCreate } from "./task-create.ts";
import { taskExtend } from "./task-extend.ts";
import { taskGet } from "./task-get.ts";
import { taskList } from "./task-list.ts";
import { taskProgress } from "./task-progress.ts";
import { taskPropose } from "./task-propose.ts";
import { taskRelease } from "./task-release.ts";
import { taskReviewSubmit } from "./task-review-submit.ts";
import { taskSubmit } from "./task-submit.ts";
import { taskUndo } from "./task-undo.ts";
import { whoami } from "./whoami.ts";

export const TOOLS = [
  collabContribute,
  diffGet,
  findingVerify,
  gateAnswer,
  humanAsk,
  inboxRead,
  messageSend,
  pipelineList,
  pipelinePreview,
  pipelineStart,
  planReviewSubmit,
  planSubmit,
  spawnRole,
  stopRole,
  swarmComplete,
  swarmCreate,
  swarmLand,
  swarmList,
  swarmPause,
  swarmResume,
  swarmStatus,
  swarmStop,
  swarmWait,
  taskCancel,
  taskClaim,
  taskCreate,
  taskExtend,
  taskGet,
  taskList,
  taskProgress,
  taskPropose,
  taskRelease,
  taskReviewSubmit,
  taskSubmit,
  taskUndo,
  whoami,
] as readonly ToolSpec[];

/** Beside the tools of its own, all that a part in something done together needs. */
const PARTICIPANT = ["human_ask", "inbox_read", "task_get", "task_list", "whoami"];

/**
 * What a caller may see and call, in the one fixed order. `only`: the tools its role is cut down to. `job`: what its session
 * was started for; who has a part in something done together has the tools of that part, not those of its duty.
 */
export function toolsFor(caller: Caller, only: readonly string[] | null = null, job: Job["kind"] | null = null): readonly ToolSpec[] {
  const audience = audienceOf(caller);
  const mine = TOOLS.filter((tool) => tool.audience.includes(audience));
  if (job === "collab") return mine.filter((tool) => tool.job === job || PARTICIPANT.includes(tool.name));
  return mine.filter((tool) => tool.job === undefined && (only === null || only.includes(tool.name)));
}

/** Tool names by duty, for role files that name some. */
export const TOOLS_BY_DUTY: Readonly<Record<Duty, readonly string[]>> = {
  queen: namesFor("queen"),
  reviewer: namesFor("reviewer"),
  worker: namesFor("worker"),
};

function namesFor(duty: Duty): readonly string[] {
  return TOOLS.filter((tool) => tool.audience.includes(duty) && tool.job === undefined).map((tool) => tool.name);
}
