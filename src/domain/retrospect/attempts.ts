/** Which attempts something happened in, as a report names them. */
import type { TaskId } from "../../base/ids.ts";
import type { Attempt, Gathered } from "./gather.ts";

export const nameOf = ({ task, attempt }: Pick<Attempt, "task" | "attempt">): string => `${task} attempt ${attempt}`;

type Ended = Attempt & { readonly end: NonNullable<Attempt["end"]> };
export const endedAs = ({ attempts }: Gathered, result: Ended["end"]["result"]): readonly Ended[] =>
  attempts.flatMap((one) => (one.end?.result === result ? [{ ...one, end: one.end }] : []));

/** The one that was on when something happened to its task. */
export function attemptAt({ attempts }: Gathered, { task, at }: { readonly task: TaskId; readonly at: number }): string {
  const found = attempts.findLast((one) => one.task === task && one.startedAt <= at);
  return found ? nameOf(found) : task;
}

/** In the order in which each key was first seen; an item with several keys is in several groups. */
export function grouped<T>(
  all: Iterable<T>,
  keysOf: (one: T) => readonly string[],
): readonly (readonly [key: string, group: readonly T[]])[] {
  const groups = new Map<string, T[]>();
  for (const one of all)
    for (const key of new Set(keysOf(one))) {
      const group = groups.get(key);
      if (group) group.push(one);
      else groups.set(key, [one]);
    }
  return [...groups];
}

export const unique = (all: readonly string[]): readonly string[] => [...new Set(all)];
