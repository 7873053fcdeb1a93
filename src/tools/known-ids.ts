/** Ids a person may mean, for lists and completions: swarms, tasks and agents there are, likeliest first. */
import { asId, type SwarmId } from "../base/ids.ts";
import { inline } from "../domain/foreign.ts";
import type { Project, SwarmHandle } from "../engine/api.ts";
import type { Ground } from "./define-tool.ts";
import { isLive } from "./swarm-call.ts";

interface KnownSwarm {
  readonly id: SwarmId;
  readonly title: string;
  readonly status: string;
  readonly live: boolean;
  readonly at: number;
}

/** Live ones before ended ones, newest first. One that cannot be read says so when it is asked for; it hides no other. */
export async function newestSwarms(project: Project): Promise<readonly KnownSwarm[]> {
  const rows: KnownSwarm[] = [];
  for (const id of await project.swarms()) {
    const handle = await project.open(id).catch(() => null);
    const row = await handle?.look((state) => {
      const { title, status, createdAt: at } = state;
      return status === "none" ? null : { id, title: inline(title, 80), status, live: isLive(state), at };
    });
    if (row) rows.push(row);
  }
  return rows.sort((a, b) => Number(b.live) - Number(a.live) || b.at - a.at || (a.id < b.id ? -1 : 1));
}

export interface Completed {
  readonly values: readonly string[];
  readonly total: number;
}
/** The protocol allows no more in one answer. */
const MOST_VALUES = 100;

export type IdKind = "swarm" | "task" | "agent";

/** Ids of a kind that begin with what was typed. Tasks and agents are those of the named swarm, else of the first one. */
export async function completeId(kind: IdKind, typed: string, swarm: string | undefined, ground: Ground | null): Promise<Completed> {
  if (!ground) return completed([], typed);
  const { project } = ground;
  if (kind === "swarm")
    return completed(
      (await newestSwarms(project)).map(({ id }) => id),
      typed,
    );
  const id = swarm ? asId<SwarmId>(swarm) : ((await newestSwarms(project))[0]?.id ?? null);
  const handle: SwarmHandle | null = id ? await project.open(id).catch(() => null) : null;
  const ids = await handle?.look((state): readonly string[] => (kind === "task" ? [...state.tasks.keys()] : [...state.seats.keys()]));
  return completed(ids ?? [], typed);
}

export function completed(all: readonly string[], typed: string): Completed {
  const fitting = all.filter((one) => one.startsWith(typed.trim()));
  return { values: fitting.slice(0, MOST_VALUES), total: fitting.length };
}
