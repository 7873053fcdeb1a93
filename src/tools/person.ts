/** The person behind a caller's client: what a tool may ask of them there, whatever protocol carries it. */
import type { ToolContext } from "./define-tool.ts";

export interface Question {
  /** Bounded, with foreign text framed. */
  readonly message: string;
  /** One of these; empty: words of their own. */
  readonly options: readonly string[];
  /** Whether words count beside the options: instead of one, or behind the one named, as its reason. */
  readonly words: "none" | "instead" | { readonly behind: string };
}

/** What the person gave. */
export interface Given {
  readonly choice: string | null;
  readonly words: string | null;
}

export interface Person {
  /** The same for as long as what was asked is to be remembered: a connection's life. */
  readonly memory: object;
  /** Aborts when the client is gone. */
  readonly gone: AbortSignal;
  /**
   * null: no answer came here. "later": the client is told what to ask with the answer of this call, and calls again with what
   * the person gave; until then nothing was asked. The question is taken back when `signal` aborts.
   */
  ask(question: Question, signal: AbortSignal): Promise<Given | "later" | null>;
}

/** What an answer that goes into the log says about the way it came. */
export const via = ({ client }: Pick<ToolContext, "client">): { readonly via?: string } => (client === null ? {} : { via: client });

/** Whom the caller's client can ask. */
export const atClient = ({ person }: Pick<ToolContext, "person">): Person | null => (person === "here" ? null : person);
