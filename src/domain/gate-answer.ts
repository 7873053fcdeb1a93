/** What an answer to a gate may be, and what each option does: one table for every place that shows or takes an answer. */
import type { Gate, GateKind } from "./model.ts";

/** Per kind: what happens after each answer. An agent's own question has only what the agent says. */
const MEANING: Readonly<Record<GateKind, Readonly<Record<string, string>>>> = {
  ask: {},
  attempts: { retry: "it gets two more attempts", give_up: "the task fails" },
  rounds: { retry: "it gets two more reviews", give_up: "the task fails" },
  reviewer: { retry: "a reviewer is looked for again", give_up: "the task fails" },
  plan: { approve: "its tasks begin", return: "the queen plans anew; your words after a colon are her findings", stop: "the swarm ends" },
  plan_review: {
    wait: "the review gets the same time again",
    approve: "its tasks begin, unreviewed",
    return: "the queen plans anew; your words after a colon are her findings",
    another: "the queen hands in another revision",
    stop: "the swarm ends",
  },
  merge: {
    merge: "this commit merges",
    return: "it goes back to its author; your words after a colon are the findings",
    give_up: "the task fails",
  },
  task: { done: "it counts as merged, and what comes after it opens", failed: "it fails, and what follows from that" },
  mode: { go_on: "the next step begins", another_round: "all of them work one more round", give_up: "the task fails" },
  effect: { retry: "it is tried again", stop: "the swarm ends" },
  setup: { retry: "the worktree is prepared again", stop: "the swarm ends" },
  signing: { retry: "the commit is signed again", unsigned: "this swarm goes on without signatures", stop: "the swarm ends" },
  hook: { retry: "the hook is asked again", skip_hooks: "this swarm goes on without hooks", stop: "the swarm ends" },
  foreign_commit: {
    adopt: "all further merges build on it",
    put_aside: "it goes to a backup ref, and merging goes on from skep's own tip",
  },
  budget: { raise: "as much again may be spent", give_up: "the task fails", stop: "the swarm ends" },
  seat: { retry: "it gets a fresh session", stop: "the swarm ends" },
  provider: { retry: "its agents start again", stop: "the swarm ends" },
  person: { back: "the agent goes on in its session" },
};

/** null: nothing more than the option itself says. */
export const meaningOf = (kind: GateKind, option: string): string | null =>
  Object.hasOwn(MEANING[kind], option) ? (MEANING[kind][option] ?? null) : null;

/** Answers that say more with words behind them: `return: the migration is missing`. */
const WORDED: Readonly<Partial<Record<GateKind, string>>> = { plan: "return", plan_review: "return", merge: "return" };

export const wordedOption = ({ kind, options }: Pick<Gate, "kind" | "options">): string | null => {
  const option = WORDED[kind];
  return option !== undefined && options.includes(option) ? option : null;
};

/** The option an answer is, with the words behind it; null: none this gate takes. An agent's question takes any words. */
export function optionIn(gate: Pick<Gate, "kind" | "options">, answer: string): { readonly option: string; readonly words: string } | null {
  if (gate.kind === "ask" || gate.options.includes(answer)) return { option: answer, words: "" };
  const worded = wordedOption(gate);
  if (worded === null || !answer.startsWith(`${worded}:`)) return null;
  return { option: worded, words: answer.slice(worded.length + 1).trim() };
}
