/**
 * What ended swarms keep on disk that only people read: transcripts that are old or too many, whole swarms to pack away, and
 * archives for which there is no room.
 */
import { readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import type { SwarmId } from "../base/ids.ts";
import { type Archive, archiveOf, archiveSwarm, archives } from "../store/file/archive.ts";
import { storeLayout } from "../store/file/layout.ts";
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
  /** To pack away. */
  readonly archive: readonly RetentionItem[];
  /** Packed ones that go for good. */
  readonly discard: readonly Archive[];
  /** Of all swarms and archives, now. */
  readonly bytes: number;
}

/** What a swarm is taken to need once it is packed; text needs less. */
const PACKED_SHARE = 1 / 4;
const NO_ROOM = "what is kept of all swarms is over its room";

/** Reads only. What is old goes; then, as far as the room asks, transcripts, logs of landed swarms, archives, the oldest first. */
export function planRetention(
  home: string,
  kept: readonly Kept[],
  { now, olderThanMs, archiveAfterMs, diskBytes }: RetentionOrder,
): Retention {
  const bytes = keptBytes(home);
  const oldest = [...kept].sort((a, b) => a.endedAt - b.endedAt);
  let over = bytes - diskBytes;
  const transcripts: RetentionItem[] = [];
  const archive: RetentionItem[] = [];
  const pack = ({ swarm, endedAt }: Kept, why: string): void => {
    const cut = transcripts.find((one) => one.swarm === swarm)?.bytes ?? 0;
    const size = sizeOf(path.join(storeLayout(home).swarms, swarm)) - cut;
    archive.push({ swarm, endedAt, bytes: size, why });
    over -= size * (1 - PACKED_SHARE);
  };
  const isLong = ({ endedAt, landed }: Kept): boolean => landed && now - endedAt >= archiveAfterMs;
  for (const one of oldest.filter(isLong)) pack(one, "ended long ago, and nothing of it is left to land");
  // An archived swarm's transcripts are in its archive.
  for (const { swarm, endedAt } of oldest.filter((one) => !isLong(one))) {
    const size = sizeOf(transcriptFolder(home, swarm));
    const old = now - endedAt >= olderThanMs;
    if (size === 0 || (!old && over <= 0)) continue;
    over -= size;
    transcripts.push({ swarm, endedAt, bytes: size, why: old ? "old" : NO_ROOM });
  }
  for (const one of oldest.filter((each) => each.landed && !isLong(each))) if (over > 0) pack(one, NO_ROOM);
  const discard: Archive[] = [];
  for (const one of archives(home)) {
    if (over <= 0) break;
    over -= one.bytes;
    discard.push(one);
  }
  return { transcripts, archive, discard, bytes };
}

/** Transcripts are for people and decide nothing; a swarm is packed whole before its folder goes. */
export async function applyRetention(home: string, { transcripts, archive, discard }: Omit<Retention, "bytes">): Promise<void> {
  for (const { swarm } of discard) rmSync(archiveOf(home, swarm), { force: true });
  for (const { swarm } of transcripts) rmSync(transcriptFolder(home, swarm), { recursive: true, force: true });
  for (const { swarm } of archive) await archiveSwarm(home, swarm);
}

/** Of all swarms and archives of a project. Worktrees are no part of it: they go with their swarm. */
export function keptBytes(home: string): number {
  const { swarms, archive } = storeLayout(home);
  return sizeOf(swarms) + sizeOf(archive);
}

/**
 * Bytes of all files below. What goes while it is looked at counts nothing, nor what may not be looked into: a lock's folder comes
 * and goes with every commit, and tests of agents leave folders they have closed.
 */
export function sizeOf(folder: string): number {
  return (seen(() => readdirSync(folder, { withFileTypes: true })) ?? []).reduce((all, entry) => {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) return all + sizeOf(full);
    return entry.isFile() ? all + (seen(() => statSync(full).size) ?? 0) : all;
  }, 0);
}

function seen<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (["ENOENT", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) return null;
    throw error;
  }
}
