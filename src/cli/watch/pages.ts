/** What can be opened from the view, as lines of text: an agent's transcript as it grows, a task's diff. */
import { SkepError } from "../../base/errors.ts";
import type { SeatId, SessionId } from "../../base/ids.ts";
import type { LiveSwarm } from "../../engine/host/context.ts";
import { readTranscript } from "../../engine/transcript/reader.ts";
import { sessionsOf } from "../../engine/transcript/sessions.ts";
import { transcriptFolder } from "../../engine/transcript/writer.ts";
import { transcriptText } from "../follow/transcript-text.ts";
import type { Desk } from "../shell/desk.ts";
import type { Opened } from "./ui.ts";

export interface OpenPage {
  readonly what: Opened;
  /** What is new since the last call. */
  more(): Promise<string>;
}

/** Throws NO_TRANSCRIPT, NO_DIFF with why there is nothing to read. */
export function openPage(desk: Desk, swarm: LiveSwarm, what: Opened): Promise<OpenPage> {
  return what.of === "diff" ? openDiff(desk, swarm, what) : openTranscript(desk, swarm, what);
}

/** The newest session of the agent, and those that come. */
async function openTranscript({ project }: Desk, swarm: LiveSwarm, what: Extract<Opened, { of: "transcript" }>): Promise<OpenPage> {
  const seat = what.seat as SeatId;
  const folder = transcriptFolder(project.home, swarm.id);
  const sessions = (await sessionsOf(swarm, seat)).slice(-1);
  if (sessions.length === 0) throw new SkepError("NO_TRANSCRIPT", `${seat} had no session yet`, "wait until it has work");
  const places = new Map<SessionId, number>(sessions.map((session) => [session, 0]));
  let seen = swarm.state.seq;
  return {
    what,
    async more() {
      const { seq } = swarm.state;
      if (seq > seen) for (const session of await sessionsOf(swarm, seat, seen)) places.set(session, places.get(session) ?? 0);
      seen = seq;
      const told: string[] = [];
      for (const [session, from] of places) {
        const { lines, next } = await readTranscript(folder, session, from);
        places.set(session, next);
        told.push(...lines.map((line) => transcriptText({ session, line }, { paint: (_, text) => text })));
      }
      return told.map((text) => `${text}\n`).join("");
    },
  };
}

/** Enough for a person; the whole of a larger one is read with git. */
const MOST_PAGES = 20;

async function openDiff({ services }: Desk, swarm: LiveSwarm, what: Extract<Opened, { of: "diff" }>): Promise<OpenPage> {
  const { task } = what;
  const commit = await swarm.look((state) => {
    const { base, sha } = state.tasks.get(task as never) ?? {};
    return base && sha ? { base, sha } : null;
  });
  if (!commit) throw new SkepError("NO_DIFF", `${task} has no submitted work yet`, "wait until it is handed in");
  let text = "";
  let cursor: string | null = null;
  for (let n = 0; n < MOST_PAGES; n += 1) {
    const page = await services.diff.page(commit.base, commit.sha, cursor);
    text += `${page.text.trimEnd()}\n`;
    cursor = page.next;
    if (cursor === null) break;
  }
  if (cursor !== null) text += `\nMore: git diff ${commit.base.slice(0, 12)} ${commit.sha.slice(0, 12)}\n`;
  return {
    what,
    async more() {
      const all = text;
      text = "";
      return all;
    },
  };
}
