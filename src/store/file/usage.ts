/** How full a swarm's log and inboxes are, read beside everything that works on them; for a person who looks. */
import { closeSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { asId, type SwarmId } from "../../base/ids.ts";
import { parseCommit } from "../commit.ts";
import { isMissing } from "./faults.ts";
import { inboxDir, inboxFolders, inboxNames, storeLayout } from "./layout.ts";
import { isLetterName, senderOf } from "./letter-name.ts";

export interface Usage {
  readonly swarm: SwarmId;
  readonly commits: number;
  readonly logBytes: number;
  /** Most unread letters of one sender in one inbox. */
  readonly unread: number;
}

/** Two of the longest lines hold a whole one, wherever they are cut. */
const TAIL_BYTES = 128 * 1024;

export function storeUsage(root: string): readonly Usage[] {
  const layout = storeLayout(root);
  return names(layout.swarms).flatMap((name) => {
    const swarm = asId<SwarmId>(name);
    if (swarm === null) return [];
    const { log, mail } = layout.swarm(swarm);
    const size = logSize(log);
    return size === null ? [] : [{ swarm, ...size, unread: mostUnread(mail) }];
  });
}

function logSize(file: string): Pick<Usage, "commits" | "logBytes"> | null {
  let fd: number;
  try {
    fd = openSync(file, "r");
  } catch {
    return null; // removed meanwhile, or not ours to read: it counts for nothing here
  }
  try {
    const { size } = fstatSync(fd);
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readSync(fd, tail, 0, tail.length, size - tail.length);
    const seqs = tail.toString("utf8").split("\n").map(parseCommit);
    return { logBytes: size, commits: Math.max(0, ...seqs.flatMap((line) => (typeof line === "string" ? [] : [line.seq]))) };
  } finally {
    closeSync(fd);
  }
}

function mostUnread(mail: string): number {
  let most = 0;
  for (const inbox of names(mail).length > 0 ? inboxNames(mail) : []) {
    const counts = new Map<string, number>();
    for (const name of names(inboxFolders(inboxDir(mail, inbox)).new).filter(isLetterName)) {
      const count = (counts.get(senderOf(name)) ?? 0) + 1;
      counts.set(senderOf(name), count);
      most = Math.max(most, count);
    }
  }
  return most;
}

function names(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
