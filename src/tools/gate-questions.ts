/**
 * Open gates, put to the person in the client of the operator's call. A question outlives the wait that put it: a person
 * needs longer than a call may take. It ends with the first answer, from wherever that comes, and each is put once per
 * connection.
 */
import { SkepError } from "../base/errors.ts";
import type { GateId } from "../base/ids.ts";
import type { State } from "../domain/model.ts";
import type { SwarmHandle } from "../engine/api.ts";
import { questionOf } from "./gate-question.ts";
import { type Person, via } from "./person.ts";
import type { SwarmCall } from "./swarm-call.ts";

const LONGEST_MS = 24 * 3_600_000;

/** What one connection was asked about one swarm. */
class Questions {
  readonly #asked = new Set<string>();
  readonly #pending = new Map<string, Promise<void>>();
  readonly #notes: string[] = [];

  /** Puts every open gate that was not put before. */
  async put(call: SwarmCall, person: Person): Promise<void> {
    for (const gate of await call.swarm.look((state) => [...state.openGates])) {
      if (this.#asked.has(gate)) continue;
      this.#asked.add(gate);
      const asking = this.#ask(gate, call, person).finally(() => this.#pending.delete(gate));
      this.#pending.set(gate, asking);
    }
  }

  get pending(): readonly string[] {
    return [...this.#pending.keys()];
  }

  /** Resolves when one of the pending questions is done with, or `signal` aborts. */
  async settled(signal: AbortSignal): Promise<void> {
    const aborted = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    await Promise.race([aborted, ...this.#pending.values()]);
  }

  /** What the person's answers met, told once. */
  notes(): readonly string[] {
    return this.#notes.splice(0);
  }

  async #ask(gate: GateId, call: SwarmCall, person: Person): Promise<void> {
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, person.gone]);
    const elsewhere = closed(call.swarm, gate, signal).then((is) => (is ? over.abort() : undefined));
    try {
      const question = await questionOf(call.swarm, gate);
      if (question === null) return;
      const given = await person.ask(question, signal);
      if (given === "later") {
        this.#asked.delete(gate);
        return;
      }
      const answer = given && question.meant(given);
      if (answer === null) return;
      await call.submit({ type: "answer_gate", gate, answer, ...via(call) });
    } catch (error) {
      // What the rules refuse is told to the one who answered; a log that fails, fails every caller by itself.
      if (error instanceof SkepError) this.#notes.push(`the answer given in this client does not count: ${error.message}`);
    } finally {
      over.abort();
      await elsewhere;
    }
  }
}

const QUESTIONS = new WeakMap<object, Map<string, Questions>>();

export function questionsTo({ memory }: Person, swarm: string): Questions {
  const known = QUESTIONS.get(memory) ?? new Map<string, Questions>();
  QUESTIONS.set(memory, known);
  const questions = known.get(swarm) ?? new Questions();
  known.set(swarm, questions);
  return questions;
}

/** True when the gate is open no more. */
async function closed(swarm: SwarmHandle, gate: GateId, signal: AbortSignal): Promise<boolean> {
  const over = (state: Readonly<State>): true | null => (state.openGates.has(gate) ? null : true);
  try {
    return (await swarm.until(over, { timeoutMs: LONGEST_MS, signal })) ?? false;
  } catch {
    return false; // a log that cannot be read fails whoever works with it; a question cannot tell more
  }
}
