/** A session that shows no sign of work, or does the same again and again: what is said to it, and when it ends. */
import type { Command } from "./commands.ts";
import { runningSession } from "./decide-session.ts";
import { already, type Decision, yes } from "./decision.ts";
import { dueTier, troubleOf } from "./due-tier.ts";
import type { Event } from "./events.ts";
import { lookedAtTurns } from "./idle-turns.ts";
import type { Session, State } from "./model.ts";
import { isNews } from "./operator-letter.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** What was seen decides: work after all, or the tier. Only a session that was seen to do nothing is ended. */
export function recordLook(state: State, command: Of<"record_look">, now: number): Decision {
  const session = runningSession(state, command.session, command.run);
  if ("ok" in session) return session;
  const { because, tier, active, readable, reachable } = command;
  if (because === "turns") return lookedAtTurns(state, session, command, now);
  const due = dueTier(state, session, (time) => time <= now);
  if (due?.because !== because || due.tier !== tier) return already();
  const activeAt = Math.min(active?.at ?? 0, now);
  if (because === "silence" && activeAt > session.seenAt)
    return yes({ type: "session_seen", session: session.id, activeAt, by: active?.by ?? "events" });
  const { tiers, stallMs } = state.limits.supervision;
  const wanted = tiers[tier]?.do ?? "warn";
  // A loop goes on with calls; only changing files show that something comes of them.
  const files = because === "loop" && active?.by === "files" && now - activeAt < stallMs;
  const evidence = files ? "files" : readable ? "silent" : "unknown";
  const does = wanted === "end" && evidence !== "silent" ? "warn" : wanted;
  const why = troubleOf(because, session, now);
  const unreached = does !== "warn" && !reachable;
  const letter = does === "warn" && isNews(session, because, tier, state.limits.supervision);
  return yes({
    ...{ type: "session_stalled", session: session.id, because, tier, does, why, evidence },
    ...(unreached ? { unreached } : {}),
    ...(letter ? { letter } : {}),
  });
}

/** It is over either way: a session that answered leaves its job to a fresh one of the same attempt, with its note. */
export function recordProbe(state: State, command: Of<"record_probe">): Decision {
  const session = runningSession(state, command.session, command.run);
  if ("ok" in session) return session;
  const { probe } = session.watch;
  if (session.status !== "live" || !probe) return already();
  const why = `${session.watch.why}; asked, it ${command.answered ? "left a note" : "did not answer"}`;
  const fresh = command.answered && session.restarts < state.limits.restarts;
  return yes(...noted(session, command), {
    type: "session_ending",
    session: session.id,
    why,
    ...(fresh ? { restart: "fresh" as const } : {}),
  });
}

/** Its own words, unless it noted its progress by the tool for that. */
function noted({ job, watch }: Session, { note }: Of<"record_probe">): readonly Event[] {
  if (note === null || note === "" || job.kind !== "task" || watch.probe?.noted) return [];
  return [{ type: "progress_noted", task: job.task, progress: note }];
}

export function recordLoop(state: State, { session: id, run, tool, times }: Of<"record_loop">): Decision {
  const session = runningSession(state, id, run);
  if ("ok" in session) return session;
  const known = session.watch.loop;
  if (times <= 1 ? known === null : known?.tool === tool && known.times >= times) return already();
  return yes({ type: "session_looping", session: session.id, tool, times });
}
