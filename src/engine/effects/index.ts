/** Every effect, one file and one line each. The type fails to compile until both exist. */
import type { EffectKind } from "../../domain/effects.ts";
import { closeSwarm } from "./close-swarm.ts";
import { commitSubmission } from "./commit-submission.ts";
import type { EffectHandler } from "./effect.ts";
import { lookAtSession } from "./look-at-session.ts";
import { mergeTask } from "./merge-task.ts";
import { openSwarm } from "./open-swarm.ts";
import { openWorktree } from "./open-worktree.ts";
import { probeSession } from "./probe-session.ts";
import { runChecks } from "./run-checks.ts";
import { saveContribution } from "./save-contribution.ts";
import { saveWork } from "./save-work.ts";
import { startSession } from "./start-session.ts";
import { startTurn } from "./start-turn.ts";
import { stopSession } from "./stop-session.ts";
import { undoTask } from "./undo-task.ts";
import { verifyMerge } from "./verify-merge.ts";
import { writeOperator } from "./write-operator.ts";

export const EFFECTS: { readonly [K in EffectKind]: EffectHandler<K> } = {
  open_swarm: openSwarm,
  open_worktree: openWorktree,
  start_session: startSession,
  start_turn: startTurn,
  stop_session: stopSession,
  look_at_session: lookAtSession,
  probe_session: probeSession,
  commit_submission: commitSubmission,
  save_contribution: saveContribution,
  save_work: saveWork,
  run_checks: runChecks,
  verify_merge: verifyMerge,
  merge_task: mergeTask,
  undo_task: undoTask,
  write_operator: writeOperator,
  close_swarm: closeSwarm,
};
