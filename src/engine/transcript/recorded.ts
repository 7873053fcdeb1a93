/** Between a session and everybody who hears of it: secrets are taken out first, then what it does is written down. */
import { type Redact, redactDeep } from "../../base/redact.ts";
import type { HarnessEvent } from "../../harness/harness.ts";
import type { Exit, LiveSession } from "../../harness/session.ts";
import { entryOf, exitEntry, messageEntry } from "./line.ts";
import type { WriteEntry } from "./writer.ts";

export interface Recording {
  /** For the session's wiring; hands each event on without its secrets. */
  onEvent(event: HarnessEvent): void;
  /** The same session: messages to it and its end are written down, its last words are clean. */
  session(live: LiveSession): LiveSession;
}

export function recording(write: WriteEntry, redact: Redact, hear: (event: HarnessEvent) => void): Recording {
  let unreadable = 0;
  const clean = (exit: Exit): Exit => ({ ...exit, stderr: redact(exit.stderr) });
  return {
    onEvent(event) {
      // What is written back to the program is between the two of them.
      const told = event.type === "reply" ? event : (redactDeep(event, redact) as HarnessEvent);
      if (told.type === "noise") unreadable += 1;
      const entry = entryOf(told);
      if (entry) write(entry);
      hear(told);
    },
    session(live) {
      const exited = live.exited.then(clean);
      void exited.then((exit) => write(exitEntry(exit, unreadable)));
      return {
        ...live,
        exited,
        stop: (graceMs) => live.stop(graceMs).then(clean),
        deliver(text, receipt, urgency) {
          write(messageEntry(redact(text), urgency));
          return live.deliver(text, receipt, urgency);
        },
      };
    },
  };
}
