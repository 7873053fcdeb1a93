/** A commit for the integration branch could not be made, and trying again by itself would change nothing: a person decides. */
import type { Command } from "./commands.ts";
import type { Unmade } from "./commit-rules.ts";
import { already, type Decision, yes } from "./decision.ts";
import { effectKey } from "./effects.ts";
import type { Event } from "./events.ts";
import { openGate } from "./gate.ts";
import { OVER, type State } from "./model.ts";

type Failed = Extract<Command, { type: "fail_effect" }>;

const ASKS = {
  signing: {
    what: "could not be signed",
    mend: "Unlock the agent that holds the key, or mend what git commit -S complains about, and retry; or go on unsigned",
    next: "merge.sign: never",
    options: ["retry", "unsigned", "stop"],
  },
  hook: {
    what: "was refused by a hook",
    mend: "Mend what the hook complains about and retry; or go on without hooks",
    next: "merge.hooks: []",
    options: ["retry", "skip_hooks", "stop"],
  },
} as const satisfies Record<Unmade, { readonly options: readonly string[]; [text: string]: unknown }>;

/** Nothing was merged or undone; the same is tried again after the answer. Of a swarm that is over nobody is asked. */
export function commitUnmade(state: State, { key, error }: Failed, unmade: Unmade, now: number): Decision {
  const { undo } = state.merges;
  const [id] = state.byStatus.merging;
  const merging = id === undefined ? undefined : state.tasks.get(id);
  const merges = merging !== undefined && effectKey.merge_task(merging) === key ? merging.id : null;
  const undoes = undo !== null && effectKey.undo_task(undo) === key ? undo.task : null;
  const task = merges ?? undoes;
  if (task === null) return already();
  const { what, mend, next, options } = ASKS[unmade];
  if (OVER.has(state.status)) {
    if (merges !== null) return yes({ type: "task_moved", task, to: "approved" });
    return yes({ type: "undo_refused", task, why: `its commit ${what}: ${error}`, on: task, paths: [], later: [] });
  }
  const count = (state.failures.get(key)?.count ?? 0) + 1;
  const failed: Event = { type: "effect_failed", key, error, count, retryAt: now };
  const gate = openGate(state, now, unmade, {
    title: `The commit that ${merges === null ? "takes back" : "merges"} ${task} ${what}`,
    question: `${error}. ${mend} in this swarm (${next} in .skep/config.yaml says so for the next ones); or stop the swarm?`,
    options,
    effect: key,
    task,
  });
  return yes(failed, gate);
}
