/** The demo as it happens: the lines of the feed that tell the story, with the waves of the plan between them. */
import type { Event } from "../../domain/events.ts";
import { eventLine } from "../../domain/feed.ts";
import { waves } from "../../domain/waves.ts";
import type { Terminal } from "../shell/terminal.ts";

const TOLD: ReadonlySet<Event["type"]> = new Set([
  "swarm_created",
  "swarm_ended",
  "swarm_landed",
  "session_ended",
  "plan_submitted",
  "plan_reviewed",
  "task_claimed",
  "submission_refused",
  "check_recorded",
  "review_recorded",
  "attempt_ended",
  "task_merged",
  "gate_opened",
  "gate_answered",
  "effect_failed",
]);

/** One run; it remembers the plan to say when a wave begins. */
export class Narrator {
  readonly #terminal: Pick<Terminal, "paint">;
  #order: readonly (readonly string[])[] = [];
  readonly #begun = new Set<number>();

  constructor(terminal: Pick<Terminal, "paint">) {
    this.#terminal = terminal;
  }

  lines(event: Event): readonly string[] {
    if (event.type === "plan_submitted") this.#order = waves(event.plan.tasks).map((wave) => wave.map(({ id }) => id));
    const line = TOLD.has(event.type) ? eventLine(event) : null;
    const wave = event.type === "task_claimed" ? this.#begins(event.task) : null;
    return [...(wave === null ? [] : [wave]), ...(line === null ? [] : [this.#coloured(event, line)])];
  }

  #begins(task: string): string | null {
    const index = this.#order.findIndex((wave) => wave.includes(task));
    if (index < 0 || this.#begun.has(index)) return null;
    this.#begun.add(index);
    return this.#terminal.paint("bold", `wave ${index + 1} of ${this.#order.length}: ${this.#order[index]?.join(", ")}`);
  }

  #coloured(event: Event, line: string): string {
    const { paint } = this.#terminal;
    if (event.type === "task_merged" || event.type === "swarm_landed") return paint("green", line);
    if (event.type === "gate_opened" || event.type === "gate_answered") return paint("yellow", line);
    const stopped = event.type === "submission_refused" || event.type === "check_recorded" || event.type === "session_ended";
    const back = event.type === "attempt_ended" || (event.type === "review_recorded" && !event.approved);
    return stopped || back ? paint("red", line) : line;
  }
}
