/** What a participant of something done together may give, for random moves. */
import { runningOf, turnOf } from "../../src/domain/collab.ts";
import type { AgentCommand } from "../../src/domain/commands.ts";
import type { Session, State } from "../../src/domain/model.ts";
import { shownFindings, sightOf } from "../../src/domain/modes/sees.ts";

const VOTES = ["converged", "converged", "continue", "blocked", null] as const;

/** Mostly what is asked for, with any vote or none; sometimes of another step, incomplete, or with a finding judged that is none. */
export function contribution(state: Readonly<State>, { job }: Session, b: number): AgentCommand | null {
  if (job.kind !== "collab") return null;
  const run = runningOf(state.tasks.get(job.task));
  const turn = run && turnOf(run.collab, job.place);
  const sight = run && sightOf(run.mode, run.collab, job.place);
  const parts = (["notes", ...(turn?.makes ?? [])] as const).map((what) => ({ what, text: `${what} of ${job.place}` }));
  const vote = turn?.votes ? (VOTES[b % VOTES.length] ?? null) : null;
  const judged = (sight ? shownFindings(sight) : []).map((finding) => ({ finding, verdict: "ACCEPT" as const }));
  return {
    type: "contribute",
    ...{ task: job.task, attempt: job.attempt, step: b % 13 === 0 ? job.step - 1 : job.step },
    ...{ vote, confidence: 0.5, findings: turn?.makes.includes("findings") ? b % 3 : 0 },
    parts: b % 19 === 0 ? parts.slice(1) : parts,
    judged: b % 23 === 0 ? [{ finding: "nobody-1-1", verdict: "REJECT" }] : judged,
  };
}
