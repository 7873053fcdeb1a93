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

/** At most `most`, newest last; only those are opened. */
export async function newestMail(swarm: Pick<SwarmHandle, "mail" | "look">, most: number): Promise<readonly MailRow[]> {
  const inboxes: readonly Letter["to"][] = ["operator", ...(await swarm.look((state) => [...state.seats.keys()]))];
  const kept = await Promise.all(inboxes.map((inbox) => listed(swarm, inbox)));
  // Ids sort by time.
  const newest = kept
    .flat()
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .slice(-most);
  return (await Promise.all(newest.map((one) => opened(swarm, one)))).flat();
}

interface Kept {
  readonly inbox: Letter["to"];
  readonly id: string;
  readonly unread: boolean;
}

async function listed({ mail }: Pick<SwarmHandle, "mail">, inbox: Letter["to"]): Promise<readonly Kept[]> {
  const [unread, seen] = [await mail.list(inbox, ["stored", "offered"]), await mail.list(inbox, ["seen"])];
  return [...unread.map((id) => ({ inbox, id, unread: true })), ...seen.map((id) => ({ inbox, id, unread: false }))];
}

/** A letter whose file cannot be read is passed over: `skep dead-letters` names it. */
async function opened({ mail }: Pick<SwarmHandle, "mail">, { inbox, id, unread }: Kept): Promise<readonly MailRow[]> {
  return (await mail.read(inbox, [id])).map(({ at, from, to, subject }) => ({
    ...{ id, at, unread, yours: inbox === "operator" },
    ...{ from: inline(from, 40), to: to === "operator" ? "you" : inline(to, 40), subject: inline(subject, 200) },
  }));
}
