/** Letters an agent has not read, as one line beside the answer of another tool. No letter is opened for it. */
import type { ToolContext } from "./define-tool.ts";

/** A letter is announced to a session once, and again when this long has passed without its being read. */
const AGAIN_MS = 10 * 60_000;
const SESSIONS = 1_000;

/** What this process has told which session. Another process may tell it again; that costs a line. */
export class Announcements {
  readonly #told = new Map<string, { readonly ids: ReadonlySet<string>; readonly at: number }>();

  /** Whether there is something to tell; remembers that it was told. */
  due(session: string, ids: readonly string[], now: number): boolean {
    if (ids.length === 0) return false;
    const told = this.#told.get(session);
    if (told && now - told.at < AGAIN_MS && ids.every((id) => told.ids.has(id))) return false;
    this.#told.delete(session);
    this.#told.set(session, { ids: new Set(ids), at: now });
    for (const oldest of this.#told.keys()) {
      if (this.#told.size <= SESSIONS) break;
      this.#told.delete(oldest);
    }
    return true;
  }
}

const TOLD = new Announcements();

/** Unread are letters that are stored and due; what was handed to the session comes to it by itself. */
export async function unreadNote({ caller, ground, clock }: Pick<ToolContext, "caller" | "ground" | "clock">): Promise<string | null> {
  if (caller.kind !== "session" || !ground) return null;
  const { mail } = await ground.project.open(caller.swarm);
  const ids = await mail.list(caller.seat, ["stored"]);
  if (!TOLD.due(`${caller.swarm} ${caller.session} ${caller.run}`, ids, clock.now())) return null;
  return `${ids.length} unread ${ids.length === 1 ? "letter" : "letters"}: inbox_read`;
}
