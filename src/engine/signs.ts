/**
 * What one session's own words prove of its work. A tool call, its answer, and what the model or a tool puts out are signs;
 * what only echoes us, keeps a connection open or tells of a retry is none. Looks at the order of calls as well.
 */
import { sha256 } from "../base/ids.ts";
import type { HarnessEvent } from "../harness/harness.ts";

/** Whether an event shows that the session works. */
export function isWork(event: HarnessEvent): boolean {
  switch (event.type) {
    case "text":
    case "tool":
    case "tool_result":
    case "denied":
    case "turn_started":
    case "turn_ended":
      return true;
    case "alive":
      return event.output === true;
    default:
      return false;
  }
}

export interface Row {
  readonly tool: string;
  readonly times: number;
}

/** Counts calls of the same tool with the same arguments that follow each other. */
export class Rows {
  readonly #unit: number;
  #last = "";
  #times = 0;
  #told = false;

  /** @param unit told of at this many and at its multiples. */
  constructor(unit: number) {
    this.#unit = unit;
  }

  /** A row that is long enough to tell; with `times` 1 the one that was told is over. */
  see({ name, input }: { readonly name: string; readonly input: unknown }): Row | null {
    const call = sha256(`${name}\0${JSON.stringify(sorted(input))}`);
    const again = call === this.#last;
    this.#last = call;
    this.#times = again ? this.#times + 1 : 1;
    if (!again && this.#told) {
      this.#told = false;
      return { tool: name, times: 1 };
    }
    if (this.#times % this.#unit !== 0 || this.#times === 1) return null;
    this.#told = true;
    return { tool: name, times: this.#times };
  }
}

/** Arguments are the same in whatever order they were written. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, inner]) => [key, sorted(inner)]);
}

/** Listens for what a session says to a question: its first sign of work begins the answer, the end of that turn ends it. */
export class Answer {
  readonly done: Promise<void>;
  #begun = false;
  #finish: () => void = () => undefined;
  readonly #words: string[] = [];

  constructor() {
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  see(event: HarnessEvent): void {
    if (event.type === "turn_ended") {
      if (this.#begun) this.#finish();
      return;
    }
    if (event.type === "turn_started" || !isWork(event)) return;
    this.#begun = true;
    if (event.type === "text") this.#words.push(event.text);
  }

  /** null: it said and did nothing. */
  get words(): string | null {
    return this.#begun ? this.#words.join("\n") : null;
  }
}
