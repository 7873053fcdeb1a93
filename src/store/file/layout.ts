/** Every path of the store, once. Nothing that is not an id is ever joined to one. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { quote, SkepError } from "../../base/errors.ts";
import { isId, type SwarmId } from "../../base/ids.ts";

/** Folders of an inbox: being written · stored · handed to a session · seen · by idempotency key. */
export const INBOX_FOLDERS = ["tmp", "new", "offered", "cur", "key"] as const;
export type InboxFolder = (typeof INBOX_FOLDERS)[number];

export interface StoreLayout {
  readonly root: string;
  readonly swarms: string;
  /** Beside the swarms and outside their list: where a new swarm is put together. */
  readonly staging: string;
  /** Ended swarms, packed. */
  readonly archive: string;
  swarm(id: SwarmId): SwarmLayout;
}

export interface SwarmLayout {
  readonly dir: string;
  readonly log: string;
  readonly beat: string;
  readonly mail: string;
  /** Touched with every letter that is stored: one file to watch, however many letters lie about. */
  readonly bell: string;
  readonly artifacts: string;
  /** What its person was told of. */
  readonly told: string;
}

export function storeLayout(root: string): StoreLayout {
  const swarms = path.join(root, "swarms");
  const [staging, archive] = [path.join(root, "staging"), path.join(root, "archive")];
  return { root, swarms, staging, archive, swarm: (id) => swarmLayout(path.join(swarms, checked(id))) };
}

export function swarmLayout(dir: string): SwarmLayout {
  return {
    dir,
    log: path.join(dir, "events.jsonl"),
    beat: path.join(dir, "beat"),
    mail: path.join(dir, "mail"),
    bell: path.join(dir, "bell"),
    artifacts: path.join(dir, "artifacts"),
    told: path.join(dir, "told.json"),
  };
}

export const inboxDir = (mail: string, inbox: string): string => path.join(mail, checked(inbox));

/** Whose inboxes there are. */
export const inboxNames = (mail: string): readonly string[] => readdirSync(mail).filter(isId).sort();

export const inboxFolders = (dir: string): Record<InboxFolder, string> => ({
  tmp: path.join(dir, "tmp"),
  new: path.join(dir, "new"),
  offered: path.join(dir, "offered"),
  cur: path.join(dir, "cur"),
  key: path.join(dir, "key"),
});

function checked(id: string): string {
  if (isId(id)) return id;
  throw new SkepError("BAD_ID", `${quote(id)} is no valid id`, "use an id as the listing shows it");
}
