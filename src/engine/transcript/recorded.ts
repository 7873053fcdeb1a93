/** Between a session and everybody who hears of it: secrets are taken out, money is reckoned, what it does is written down. */
import { type Redact, redactDeep } from "../../base/redact.ts";
import { type Price, priceOf } from "../../domain/price.ts";
import type { HarnessEvent, Usage } from "../../harness/harness.ts";
import type { Exit, LiveSession } from "../../harness/session.ts";
import { entryOf, exitEntry, messageEntry } from "./line.ts";
import type { WriteEntry } from "./writer.ts";

export interface Recording {
  /** For the session's wiring; hands each event on without its secrets. */
  onEvent(event: HarnessEvent): void;
  /** The same session: messages to it and its end are written down, its last words are clean. */
  session(live: LiveSession): LiveSession;
}

export interface RecordingParts {
  readonly write: WriteEntry;
  readonly redact: Redact;
  readonly hear: (event: HarnessEvent) => void;
  readonly prices: readonly Price[];
  /** What the session was started with, for CLIs that do not name the model that answered. */
  readonly model: string | null;
}

export function recording({ write, redact, hear, prices, model }: RecordingParts): Recording {
  let unreadable = 0;
  const clean = (exit: Exit): Exit => ({ ...exit, stderr: redact(exit.stderr) });
  return {
    onEvent(event) {
      // What is written back to the program is between the two of them.
      const clear = event.type === "reply" ? event : (redactDeep(event, redact) as HarnessEvent);
      const told = clear.type === "turn_ended" ? { ...clear, usage: reckoned(clear.usage, model, prices) } : clear;
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

/** With the money the CLI did not name, where a price is known. */
function reckoned(usage: Usage, model: string | null, prices: readonly Price[]): Usage {
  const name = usage.model ?? model;
  const usd = usage.usd === null && name !== null ? priceOf(prices, name, usage) : null;
  return usd === null ? usage : { ...usage, usd, estimated: true };
}
