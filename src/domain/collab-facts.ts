/** What a participant is told of a task that several do together: its own part, and what its mode shows it. Nothing else. */
import type { SessionId, TaskId } from "../base/ids.ts";
import { isMyTurn, runningOf, turnOf } from "./collab.ts";
import type { Prose, State, Task } from "./model.ts";
import { MODES } from "./modes/index.ts";
import type { Cursor, DoneBy, Part } from "./modes/mode.ts";
import { resultOf, type Shown, type Sight, sightOf } from "./modes/sees.ts";

export interface CollabFacts {
  readonly kind: "collab";
  readonly swarm: string;
  readonly goal: Prose;
  readonly task: TaskId;
  readonly title: string;
  readonly attempt: number;
  /** How its mode is called. */
  readonly mode: string;
  readonly place: string;
  readonly step: number;
  readonly cursor: Cursor;
  readonly rounds: number;
  readonly asks: string;
  readonly writes: boolean;
  readonly makes: readonly Part[];
  readonly votes: boolean;
  /** JSON of TaskText. */
  readonly text: Prose;
  readonly files: readonly string[];
  readonly worktree: string | null;
  /** The commit the mode began at, and the one the worktree stands at. */
  readonly start: string;
  readonly stands: string;
  readonly shown: readonly Shown[];
  readonly missing: Sight["missing"];
  readonly minutes: number;
}

export function collabFacts(state: Readonly<State>, id: SessionId): CollabFacts | null {
  const session = state.sessions.get(id);
  if (session?.job.kind !== "collab" || !isMyTurn(state, session)) return null;
  const { place, step } = session.job;
  const run = runningOf(state.tasks.get(session.job.task));
  const turn = run && turnOf(run.collab, place);
  const sight = run && sightOf(run.mode, run.collab, place);
  if (!run || !turn || !sight) return null;
  const { task, collab, mode } = run;
  const { title, attempt, text, files } = task;
  return {
    kind: "collab",
    ...{ swarm: state.id, goal: state.goal, task: task.id, title, attempt, mode: mode.title, place, step },
    ...{ cursor: { ...collab.cursor }, rounds: collab.rounds, asks: sight.row.asks },
    ...{ writes: turn.writes, makes: [...turn.makes], votes: turn.votes, text, files: [...files], worktree: session.worktree },
    ...{ start: collab.start, stands: sight.stands, shown: sight.shown, missing: sight.missing },
    minutes: Math.max(1, Math.round((turn.until - state.changedAt) / 60_000)),
  };
}

/** What the one who makes the result is shown of it. */
export interface ResultFacts {
  readonly mode: string;
  readonly by: DoneBy;
  readonly round: number;
  readonly start: string;
  readonly shown: readonly Shown[];
  readonly lost: readonly { readonly place: string; readonly why: string }[];
}

export function resultFacts({ mode: spec, collab }: Readonly<Task>): ResultFacts | null {
  if (!spec || collab?.stage !== "done" || collab.done === null) return null;
  const mode = MODES[spec.kind];
  return {
    ...{ mode: mode.title, by: collab.done, round: collab.cursor.round, start: collab.start },
    shown: resultOf(mode, collab)?.shown ?? [],
    lost: collab.places.flatMap(({ place, lost }) => (lost === null ? [] : [{ place, why: lost }])),
  };
}
