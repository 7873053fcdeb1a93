/** Questions to the person at an operator's client, by MCP elicitation, where the client declares that it can. */
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { ElicitRequestFormParams, ElicitResult } from "@modelcontextprotocol/sdk/types.js";
import { inline } from "../domain/foreign.ts";
import type { Given, Person, Question } from "../tools/person.ts";
import type { ServerParts } from "./answers.ts";

/** A person may be away for long; the question ends with the gate or with the connection. */
const LONGEST_MS = 24 * 3_600_000;
const LONGEST_ANSWER = 4_000;

/** The client's own name for itself: a claim, kept short and on one line. */
export function clientOf(info: { readonly name?: unknown } | undefined): string | null {
  const name = typeof info?.name === "string" ? inline(info.name, 60) : "";
  return name === "" ? null : name;
}

/** The person of this connection; null for an agent's, where the client shows no forms, and while nothing sent unasked would find it. */
export function personAt(
  server: Server,
  { caller, closing, logger, reachable = () => true }: Pick<ServerParts, "caller" | "closing" | "logger" | "reachable">,
): () => Person | null {
  let first = true;
  const person: Person = {
    memory: server,
    gone: closing,
    async ask(question, signal) {
      // The SDK's clients do not hear that the request with the id 0 is cancelled: a ping takes it, and nobody waits for that.
      if (first) server.ping().catch(() => undefined);
      first = false;
      try {
        return givenIn(await server.elicitInput(formOf(question), { signal, timeout: LONGEST_MS }));
      } catch (error) {
        // Taken back, or the client is gone. A client that fails at it, or answers past the form, gave no answer.
        if (!signal.aborted) logger.warn({ err: error }, "the client could not ask its user");
        return null;
      }
    },
  };
  return () => (caller.kind === "operator" && server.getClientCapabilities()?.elicitation?.form && reachable() ? person : null);
}

/** What an answer to the form holds; null: it was declined or put away. */
export function givenIn({ action, content }: Pick<ElicitResult, "action" | "content">): Given | null {
  if (action !== "accept") return null;
  const text = (value: unknown): string | null => (typeof value === "string" && value.trim() !== "" ? value.trim() : null);
  return { choice: text(content?.answer), words: text(content?.words) };
}

export function formOf({ message, options, words }: Question): ElicitRequestFormParams {
  const title = typeof words === "object" ? `Your words, with ${words.behind}` : "Your words";
  const free = { type: "string" as const, title, maxLength: LONGEST_ANSWER };
  const choice = { type: "string" as const, title: "Answer", enum: [...options] };
  const properties = options.length === 0 ? { answer: free } : { answer: choice, ...(words === "none" ? {} : { words: free }) };
  // A choice may be left out where words count instead.
  const required = options.length > 0 && words === "instead" ? [] : ["answer"];
  return { message, requestedSchema: { type: "object", properties, required } };
}
