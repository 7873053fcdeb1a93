/** How a writer uses the log: read, decide on what was read, append, and decide again when another line won. */
import type { Commit, Log } from "../../../src/store/ports.ts";

export interface Known {
  seq: number;
  readonly byKey: Map<string, Commit>;
  readonly commits: Commit[];
}

export const nothingKnown = (): Known => ({ seq: 0, byKey: new Map(), commits: [] });

export async function catchUp(log: Log, known: Known): Promise<void> {
  for (const commit of await log.read(known.seq)) take(known, commit);
}

function take(known: Known, commit: Commit): void {
  known.seq = commit.seq;
  known.commits.push(commit);
  if (commit.key !== undefined) known.byKey.set(commit.key, commit);
}

/** `decide` sees everything before its own commit; null refuses. The answer is durable. */
export async function submit(
  log: Log,
  known: Known,
  key: string | undefined,
  decide: (known: Known) => readonly unknown[] | null,
  by = "writer",
): Promise<Commit | null> {
  const commit = await log.turn(async () => {
    for (;;) {
      await catchUp(log, known);
      const first = key === undefined ? undefined : known.byKey.get(key);
      if (first) return first;
      const events = decide(known);
      if (events === null) return null;
      const answer = await log.append(known.seq, { at: 1, by, command: "work", events, ...(key === undefined ? {} : { key }) });
      if (answer.outcome === "lost") continue;
      take(known, answer.commit);
      return answer.commit;
    }
  });
  await log.sync();
  return commit;
}
