/** Why OpenCode's model failed, from its error objects (`name`, `data`) and its retries. */
import type { Problem } from "./harness.ts";
import { clip, count, isObject, type JsonObject, text } from "./json-line.ts";
import { problemOf, resetIn } from "./problems.ts";

/** The name says it, whatever the words are. */
const NAMED: Readonly<Record<string, Problem["kind"]>> = {
  ProviderAuthError: "auth",
  ContextOverflowError: "context_full",
  MessageOutputLengthError: "request",
  ContentFilterError: "request",
  StructuredOutputError: "request",
};

const dataOf = (error: JsonObject): JsonObject => (isObject(error.data) ? error.data : {});

/** One line; OpenCode adds stacks to some. */
export function words(error: JsonObject): string {
  const message = text(dataOf(error).message).split("\n")[0]?.trim() ?? "";
  return clip([text(error.name), message].filter(Boolean).join(": ") || "unknown", 299);
}

export const wasCut = (error: JsonObject): boolean => error.name === "MessageAbortedError";

export function errorProblem(error: JsonObject): Problem {
  const data = dataOf(error);
  const message = words(error);
  const named = NAMED[text(error.name)];
  if (named) return { kind: named, message, reset: null };
  const headers = isObject(data.responseHeaders) ? data.responseHeaders : {};
  const reset = retryAfter(headers) ?? resetIn(message);
  // The provider's own words often stand in the body alone.
  const known = problemOf(count(data.statusCode), `${message} ${text(data.responseBody)}`, reset);
  return { kind: known?.kind ?? "request", message, reset };
}

/** A retry tells its words and when it comes; by itself it tries five times, and waits as long as the provider says. */
export function retryProblem(status: JsonObject): Problem {
  const action = isObject(status.action) ? status.action : {};
  const message = clip(text(status.message).replace(/\s+/g, " ").trim() || "no answer", 299);
  const at = count(status.next);
  const reset = at > 0 ? { at } : null;
  const limit = /limit$/.test(text(action.reason));
  return { kind: limit ? "quota" : (problemOf(0, message, reset)?.kind ?? numbered(message)), message, reset };
}

/** Without a status: what is retried is a 429, a 5xx or no answer. */
const numbered = (message: string): Problem["kind"] => (/\b429\b/.test(message) ? "rate_limit" : "overloaded");

function retryAfter(headers: JsonObject): Problem["reset"] {
  const ms = Number.parseFloat(text(headers["retry-after-ms"]));
  if (ms > 0) return { inMs: Math.round(ms) };
  const told = text(headers["retry-after"]);
  const seconds = Number(told);
  if (told !== "" && seconds > 0) return { inMs: Math.round(seconds * 1_000) };
  const at = Date.parse(told);
  return Number.isNaN(at) ? null : { at };
}
