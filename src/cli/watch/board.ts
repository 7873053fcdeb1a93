/** The tasks of a swarm as a board, and its plan as waves of marks. Pure. */
import { inline } from "../../domain/foreign.ts";
import { ENDED, type State, type Task, type TaskStatus } from "../../domain/model.ts";
import { findCycle, waves } from "../../domain/waves.ts";
import type { Reason } from "../../domain/why.ts";

export const COLUMNS = ["to do", "at work", "in review", "done"] as const;
export type Column = (typeof COLUMNS)[number];
export type Mark = "waits" | "works" | "proves" | "merged" | "failed" | "dropped";

export interface Board {
  readonly merged: number;
  /** Tasks that count: what was cancelled does not. */
  readonly total: number;
  /** One list of marks per wave of the plan, in its order. */
  readonly waves: readonly (readonly Mark[])[];
  readonly columns: Readonly<Record<Column, readonly Card[]>>;
}
export interface Card {
  readonly task: string;
  readonly title: string;
  readonly status: TaskStatus;
  readonly mark: Mark;
  readonly attempt: number;
  readonly seat: string | null;
  /** Why it does not move; null: it does, or it has ended. */
  readonly why: string | null;
  /** It has a submitted commit to look at. */
  readonly diff: boolean;
}

const PLACE: Readonly<Record<TaskStatus, readonly [Column, Mark]>> = {
  proposed: ["to do", "waits"],
  blocked: ["to do", "waits"],
  open: ["to do", "waits"],
  claimed: ["at work", "works"],
  submitted: ["in review", "proves"],
  checking: ["in review", "proves"],
  reviewing: ["in review", "proves"],
  approved: ["in review", "proves"],
  merging: ["in review", "proves"],
  merged: ["done", "merged"],
  reviewed: ["done", "merged"],
  failed: ["done", "failed"],
  cancelled: ["done", "dropped"],
};

export function boardOf(state: Readonly<State>, why: readonly Reason[]): Board {
  const tasks = [...state.tasks.values()];
  const held = new Map(why.flatMap(({ of, id, code, text }) => (of === "task" && code !== "moving" ? [[id, text] as const] : [])));
  const cards = tasks.map((task) => cardOf(task, held.get(task.id) ?? null));
  const inColumn = (column: Column): readonly Card[] => cards.filter(({ status }) => PLACE[status][0] === column);
  const changed = (task: string): number => state.tasks.get(task as never)?.changedAt ?? 0;
  return {
    merged: cards.filter(({ mark }) => mark === "merged").length,
    total: cards.filter(({ mark }) => mark !== "dropped").length,
    waves: wavesOf(tasks),
    columns: {
      "to do": inColumn("to do"),
      "at work": inColumn("at work"),
      "in review": inColumn("in review"),
      // What was done last stands on top.
      done: [...inColumn("done")].sort((a, b) => changed(b.task) - changed(a.task)),
    },
  };
}

/** Every card, column after column. */
export const cardsOf = ({ columns }: Board): readonly Card[] => COLUMNS.flatMap((column) => columns[column]);

const cardOf = ({ id, title, status, attempt, seat, base, sha }: Task, why: string | null): Card => ({
  ...{ task: id, title: inline(title, 200), status, attempt, seat },
  mark: PLACE[status][1],
  why: why === null || ENDED.has(status) ? null : inline(why, 200),
  diff: base !== null && sha !== null,
});

/** A plan in force has no cycle; one that is only proposed may have, and shows as a single wave. */
function wavesOf(tasks: readonly Task[]): readonly (readonly Mark[])[] {
  const order = findCycle(tasks) ? [tasks] : waves(tasks);
  return order.map((wave) => wave.map(({ status }) => PLACE[status][1]));
}
