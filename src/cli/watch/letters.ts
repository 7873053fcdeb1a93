/** The newest letters of a swarm, over all inboxes. Reads only: they stay unread. */
import { inline } from "../../domain/foreign.ts";
import type { SwarmHandle } from "../../engine/api.ts";
import type { Letter } from "../../store/ports.ts";

export interface MailRow {
  readonly id: string;
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly unread: boolean;
  /** It is to the person who watches. */
  readonly yours: boolean;
}

/**
 * For looking again and again: at most `most` letters, newest last. Only those are opened, and each once, since a letter
 * never changes; while nothing has changed the list is the very same one.
 */
export function newestMail(swarm: Pick<SwarmHandle, "mail" | "look">, most: number): () => Promise<readonly MailRow[]> {
  let known: ReadonlyMap<string, MailRow> = new Map();
  let shown: readonly MailRow[] = [];
  return async () => {
    const inboxes: readonly Letter["to"][] = ["operator", ...(await swarm.look((state) => [...state.seats.keys()]))];
    const kept = await Promise.all(inboxes.map((inbox) => listed(swarm, inbox)));
    // Ids sort by time.
    const newest = kept
      .flat()
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(-most);
    const rows = await Promise.all(newest.map(async (one) => [placeOf(one), asKnown(known, one) ?? (await opened(swarm, one))] as const));
    known = new Map(rows.flatMap(([place, row]) => (row ? [[place, row] as const] : [])));
    const all = [...known.values()];
    if (all.length !== shown.length || all.some((row, at) => row !== shown[at])) shown = all;
    return shown;
  };
}

interface Kept {
  readonly inbox: Letter["to"];
  readonly id: string;
  readonly unread: boolean;
}

const placeOf = ({ inbox, id }: Kept): string => `${inbox}/${id}`;

async function listed({ mail }: Pick<SwarmHandle, "mail">, inbox: Letter["to"]): Promise<readonly Kept[]> {
  const [unread, seen] = [await mail.list(inbox, ["stored", "offered"]), await mail.list(inbox, ["seen"])];
  return [...unread.map((id) => ({ inbox, id, unread: true })), ...seen.map((id) => ({ inbox, id, unread: false }))];
}

function asKnown(known: ReadonlyMap<string, MailRow>, one: Kept): MailRow | null {
  const row = known.get(placeOf(one));
  return row && row.unread !== one.unread ? { ...row, unread: one.unread } : (row ?? null);
}

/** null: its file cannot be read, and `skep dead-letters` names it. */
async function opened({ mail }: Pick<SwarmHandle, "mail">, { inbox, id, unread }: Kept): Promise<MailRow | null> {
  const [letter] = await mail.read(inbox, [id]);
  if (!letter) return null;
  const { at, from, to, subject } = letter;
  return {
    ...{ id, at, unread, yours: inbox === "operator" },
    ...{ from: inline(from, 40), to: to === "operator" ? "you" : inline(to, 40), subject: inline(subject, 200) },
  };
}
