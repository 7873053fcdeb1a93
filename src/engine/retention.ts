/** What ended swarms keep on disk that only people read: transcripts that are old or too many, and whole swarms to pack away. */
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import type { SwarmId } from "../base/ids.ts";
import { archiveSwarm } from "../store/file/archive.ts";
import { transcriptFolder } from "./transcript/writer.ts";

/** A closed swarm as far as its keeping goes. */
export interface Kept {
  readonly swarm: SwarmId;
  readonly endedAt: number;
  /** Its merged work is on a branch of the user's, or there is none. */
  readonly landed: boolean;
}
export interface RetentionOrder {
  readonly now: number;
  readonly olderThanMs: number;
  readonly archiveAfterMs: number;
  readonly diskBytes: number;
}
export interface RetentionItem {
  readonly swarm: SwarmId;
  readonly bytes: number;
  readonly endedAt: number;
  readonly why: string;
}
export interface Retention {
  readonly transcripts: readonly RetentionItem[];
  readonly archive: readonly RetentionItem[];
  /** Of all swarms, now. */
  readonly bytes: number;
}

/** Reads only. An archived swarm's transcripts are in its archive. */
export function planRetention(home: string, kept: readonly Kept[], order: RetentionOrder): Retention {
  const { now, olderThanMs, archiveAfterMs, diskBytes } = order;
  const bytes = sizeOf(path.join(home, "swarms"));
  const oldest = [...kept].sort((a, b) => a.endedAt - b.endedAt);
  const archive = oldest
    .filter(({ endedAt, landed }) => landed && now - endedAt >= archiveAfterMs)
    .map((one) => ({
      ...item(one),
      bytes: sizeOf(path.join(home, "swarms", one.swarm)),
      why: "ended long ago, and nothing of it is left to land",
    }));
  const packed = new Set(archive.map(({ swarm }) => swarm));
  let over = bytes - sum(archive) - diskBytes;
  const transcripts: RetentionItem[] = [];
  for (const one of oldest) {
    const size = packed.has(one.swarm) ? 0 : sizeOf(transcriptFolder(home, one.swarm));
    const old = now - one.endedAt >= olderThanMs;
    if (size === 0 || (!old && over <= 0)) continue;
    over -= size;
    transcripts.push({ ...item(one), bytes: size, why: old ? "old" : "the state of all swarms is over its room" });
  }
  return { transcripts, archive, bytes };
}

const item = ({ swarm, endedAt }: Kept) => ({ swarm, endedAt });
const sum = (items: readonly RetentionItem[]): number => items.reduce((all, { bytes }) => all + bytes, 0);

/** Transcripts are for people and decide nothing; a swarm is packed whole before its folder goes. */
export async function applyRetention(home: string, { transcripts, archive }: Retention): Promise<void> {
  for (const { swarm } of transcripts) rmSync(transcriptFolder(home, swarm), { recursive: true, force: true });
  for (const { swarm } of archive) await archiveSwarm(home, swarm);
}

/** Bytes of all files below. */
export function sizeOf(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((all, { parentPath, name }) => all + (statSync(path.join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}
