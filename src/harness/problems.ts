/** What an HTTP status and the words beside it mean, the same for every CLI; adapters add what only theirs says. */
import type { Problem } from "./harness.ts";
import { clip } from "./json-line.ts";

/** Words that say more than their status; the first that fits counts. */
const WORDS: readonly (readonly [RegExp, Problem["kind"]])[] = [
  [
    /prompt is too long|context[ _-]?(?:window|length)[^.]{0,40}(?:exceed|full|limit)|exceed\w* (?:the )?(?:maximum )?context|token count[^.]{0,40}exceeds|maximum context length|input is too long/i,
    "context_full",
  ],
  [
    /usage[ _]limit|hit your [\w ]{0,20}limit|quota|insufficient[_ ](?:funds|credit)|credit balance|billing|out of (?:extra )?(?:usage|credits)|spend(?:ing)? limit/i,
    "quota",
  ],
  [/rate[ _-]?limit|too many requests|resource[ _]exhausted/i, "rate_limit"],
  [
    /invalid[ _](?:x-)?api[ _-]?key|authenticat|unauthor|\/login|log ?in again|not logged in|oauth token|token (?:has )?expired|permission[ _]denied for (?:key|account)/i,
    "auth",
  ],
  [
    /model[^.]{0,60}(?:not[ _]found|does not exist|not exist|unknown|unsupported|not supported|no access|not have access)|issue with the selected model|unknown model|invalid model/i,
    "model",
  ],
  [/overloaded|internal[ _]server[ _]error|service unavailable|bad gateway|server_error|at capacity/i, "overloaded"],
  [
    /ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|socket hang up|connection (?:error|refused|reset|closed)|unable to connect|fetch failed|timed? ?out|network/i,
    "network",
  ],
];

const byStatus = (status: number): Problem["kind"] | null => {
  if (status === 401 || status === 403) return "auth";
  if (status === 402) return "quota";
  if (status === 404) return "model";
  if (status === 408 || status === 504) return "network";
  if (status === 413) return "context_full";
  if (status === 429) return "rate_limit";
  if (status >= 500) return "overloaded";
  return status >= 400 ? "request" : null;
};

/**
 * @param status HTTP status of the model's answer, 0 when there was none or it is not told.
 * @returns null when neither says anything that is known: a failure of another sort.
 */
export function problemOf(status: number, message: string, reset: Problem["reset"] = null): Problem | null {
  const worded = WORDS.find(([pattern]) => pattern.test(message))?.[1] ?? null;
  const plain = byStatus(status);
  const kind = decided(plain, worded);
  return kind && { kind, message: clip(message.replace(/\s+/g, " ").trim() || `HTTP ${status}`, 299), reset };
}

/** A status that is clear in itself is not talked over; 400 and 429 stand for several things. */
function decided(plain: Problem["kind"] | null, worded: Problem["kind"] | null): Problem["kind"] | null {
  if (plain === null || plain === "request") return worded ?? plain;
  if (plain === "rate_limit" && worded === "quota") return "quota";
  if (plain === "auth" && (worded === "quota" || worded === "model")) return worded;
  return plain;
}

/** A time a provider told: seconds or milliseconds since 1970. */
export function resetAt(value: unknown): Problem["reset"] {
  if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) return null;
  return { at: value < 1e11 ? value * 1_000 : value };
}

/** "Try again in 20s", "retry after 12 seconds", "will reset after 2h13m5s": what the words say about when. */
export function resetIn(message: string): Problem["reset"] {
  const amount = /\d+(?:\.\d+)? ?(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)(?![a-z])/i.source;
  const found = new RegExp(`(?:try again|retry|resets?)(?: after| in)?:? ((?:${amount} ?)+)`, "i").exec(message);
  if (!found) return null;
  let inMs = 0;
  for (const [, count = "0", unit = "s"] of (found[1] ?? "").matchAll(/(\d+(?:\.\d+)?) ?([a-z]+)/gi)) {
    const ms = /^(?:ms|milli)/i.test(unit) ? 1 : { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit.charAt(0).toLowerCase()];
    inMs += Number(count) * (ms ?? 1_000);
  }
  return { inMs: Math.round(inMs) };
}
