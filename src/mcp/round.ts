/**
 * Questions to the person where a server cannot send any: since 2026-07-28 a call is answered with what it wants to know, and
 * made again with what the person gave. A round is one of these calls.
 */
import type { ElicitRequestFormParams } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { sha256 } from "../base/ids.ts";
import type { Given, Person, Question } from "../tools/person.ts";
import { formOf, givenIn } from "./elicit.ts";

interface InputRequest {
  readonly method: "elicitation/create";
  readonly params: ElicitRequestFormParams;
}

/** What a client may send for an answer; it is whatever the client made of it. */
const RESPONSE = z.object({
  action: z.enum(["accept", "decline", "cancel"]),
  content: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])).optional(),
});

export class Round {
  readonly person: Person;
  readonly #responses: Readonly<Record<string, unknown>>;
  readonly #wanted: Record<string, InputRequest> = {};
  readonly #asking = new AbortController();

  /** `memory` outlives the round, so that what the person left unanswered is not put to them at every call. */
  constructor(responses: Readonly<Record<string, unknown>> | undefined, { memory, gone }: Pick<Person, "memory" | "gone">) {
    this.#responses = responses ?? {};
    this.person = { memory, gone, ask: async (question) => this.#answerTo(question) };
  }

  /** Aborts when something is to be asked: the call ends, since only then does its client learn what. */
  get asking(): AbortSignal {
    return this.#asking.signal;
  }

  /** By the key the answer comes back with; null: nothing. */
  get wanted(): Readonly<Record<string, InputRequest>> | null {
    return this.#asking.signal.aborted ? this.#wanted : null;
  }

  #answerTo(question: Question): Given | "later" | null {
    const key = keyOf(question);
    const response = Object.hasOwn(this.#responses, key) ? this.#responses[key] : undefined;
    if (response === undefined) {
      this.#wanted[key] = { method: "elicitation/create", params: formOf(question) };
      this.#asking.abort();
      return "later";
    }
    const { data } = RESPONSE.safeParse(response);
    const given = data ? givenIn({ action: data.action, content: data.content }) : null;
    // An answer past the form is none.
    const strange = given?.choice != null && question.options.length > 0 && !question.options.includes(given.choice);
    return strange ? null : given;
  }
}

/** The same question has the same key in every round; another question never has it. */
function keyOf({ message, options }: Question): string {
  return `q-${sha256(JSON.stringify([message, options])).slice(0, 16)}`;
}
