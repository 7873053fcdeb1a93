/**
 * Who resolves a conflict with merged work, and what they are told. First the one who made it; the role `resolver` when that
 * one is gone, or when the task conflicted twice in a row.
 */
import type { TaskId } from "../base/ids.ts";
import { framed } from "./foreign.ts";
import type { Prose, State, Task } from "./model.ts";
import { mayOverlap } from "./overlap.ts";
import { reachable } from "./plan-problems.ts";

const RESOLVER = "resolver";
/** Sides that are quoted; a conflict with more is rare, and the newest say most. */
const MOST_SIDES = 3;

export interface Wanted {
  readonly role: string;
  /** Why it is not the role the plan names. */
  readonly because: string | null;
}

/** The role an open task waits for. */
export function wantedRole(state: Readonly<State>, task: Readonly<Task>): Wanted {
  const because = needsResolver(state, task);
  const there = because !== null && [...state.seats.values()].some(isResolver);
  return there ? { role: RESOLVER, because } : { role: task.role, because: null };
}

const isResolver = ({ role, duty, status }: { role: string; duty: string; status: string }): boolean =>
  role === RESOLVER && duty === "worker" && status === "active";

function needsResolver(state: Readonly<State>, { history, role }: Readonly<Task>): string | null {
  const last = history.at(-1);
  if (!last || role === RESOLVER) return null;
  const maker = state.seats.get(last.seat);
  if (last.result === "conflict") {
    if (history.at(-2)?.result === "conflict") return "it conflicted with merged work twice in a row";
    return maker?.status === "active" ? null : `it conflicts with merged work and ${last.seat}, who made it, is gone`;
  }
  const begun = maker?.role === RESOLVER && last.result !== "released";
  return begun ? `${last.seat} began to resolve its conflict` : null;
}

/** A merged task that may have made the other side of a conflict. */
export interface Side {
  readonly task: TaskId;
  readonly title: string;
  /** JSON of TaskText. */
  readonly text: Prose;
}

/** Merged tasks that may change what is in conflict, newest first; those this one was built upon are not the other side. */
export function otherSides(state: Readonly<State>, task: Readonly<Task>): readonly Side[] {
  if (task.conflict.length === 0) return [];
  const below = reachable(state, task.after);
  return [...state.byStatus.merged]
    .reverse()
    .flatMap((id) => state.tasks.get(id) ?? [])
    .filter((other) => !below.has(other.id) && other.files.some((file) => task.conflict.some((path) => mayOverlap(file, path))))
    .slice(0, MOST_SIDES)
    .map(({ id, title, text }) => ({ task: id, title, text }));
}

/** A line one side had added and the result lacks. */
export interface LostLine {
  readonly path: string;
  readonly side: "task" | "merged";
  readonly text: string;
}

/** For the reviewer of a resolution. Never a verdict: a line may be gone because another says it better. */
export function lostSection(lost: { readonly lines: readonly LostLine[]; readonly total: number }, room: number): readonly string[] {
  if (lost.total === 0) return ["A conflict with merged work was resolved in this commit; no line that either side had added is missing."];
  const shown = lost.lines.slice(0, room);
  const rows = (["task", "merged"] as const).flatMap((side) => {
    const own = shown.filter((line) => line.side === side);
    if (own.length === 0) return [];
    const text = own.map(({ path, text: line }) => `${path}: ${line}`).join("\n");
    return [side === "task" ? "Of this task:" : "Of the merged work:", framed(text)];
  });
  return [
    "A conflict was resolved in this commit. Lines that one side had added and the result lacks, to look at; some may be gone for a good reason:",
    ...rows,
    ...(lost.total > shown.length ? [`[${lost.total - shown.length} more]`] : []),
  ];
}
