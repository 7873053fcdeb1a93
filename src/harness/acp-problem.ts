/** Why an ACP agent failed, from its JSON-RPC error: the protocol has one code of its own, the rest is in status and words. */
import type { Problem } from "./harness.ts";
import { clip, isObject, type JsonObject, text } from "./json-line.ts";

const AUTH_REQUIRED = -32_000;
/** The agent's own mistakes in speaking with its client. */
const PROTOCOL = new Set([-32_700, -32_600, -32_601, -32_602, -32_002]);

const QUOTA = /quota|exhausted|usage limit|credit|billing|daily limit|insufficient.?funds/i;
const RATE = /rate.?limit|too many requests|\b429\b/i;
const BUSY = /overloaded|unavailable|high demand|\b(500|502|503|504|529)\b/i;
const AUTH = /authenticat|unauthori[sz]ed|api.?key|not logged in|log ?in|permission.?denied|\b40[13]\b/i;
const MODEL = /model\b.{0,80}(not found|not exist|unknown|unsupported|not supported|not available|no access)|unknown model/i;
const CONTEXT = /context (window|length)|prompt is too long|too many tokens|token (limit|count)|exceeds the maximum/i;
const NETWORK = /ECONN|ENOTFOUND|EAI_AGAIN|fetch failed|network|socket hang up|timed? ?out/i;

export function problemOf(error: unknown): Problem {
  const { code, message, data } = isObject(error) ? error : { code: null, message: "", data: null };
  const said = [text(message), detail(data)].filter((one, index, all) => one !== "" && all.indexOf(one) === index);
  const words = clip(said.join(": "), 4_000);
  const status = typeof code === "number" ? code : 0;
  return { kind: kindOf(status, words), message: oneLine(words) || `error ${status}`, reset: resetIn(words) };
}

function kindOf(code: number, words: string): Problem["kind"] {
  if (code === AUTH_REQUIRED || code === 401 || code === 403) return "auth";
  if (code === 429) return QUOTA.test(words) ? "quota" : "rate_limit";
  if (CONTEXT.test(words) || code === 413) return "context_full";
  if (MODEL.test(words)) return "model";
  if (code === 404) return "model";
  if (code >= 500 && code < 600) return "overloaded";
  if (code >= 400 && code < 500) return "request";
  if (PROTOCOL.has(code)) return "request";
  if (QUOTA.test(words)) return "quota";
  if (RATE.test(words)) return "rate_limit";
  if (AUTH.test(words)) return "auth";
  if (BUSY.test(words)) return "overloaded";
  if (NETWORK.test(words)) return "network";
  return "crash";
}

/** `data` is free: text, or an object with the words under one of these names. */
function detail(data: unknown): string {
  if (typeof data === "string") return data;
  if (!isObject(data)) return "";
  const named: unknown = data.details ?? data.message ?? data.detail ?? data.error;
  return isObject(named) ? text((named as JsonObject).message) : text(named);
}

const SECONDS: Readonly<Record<string, number>> = { d: 86_400, h: 3_600, m: 60, s: 1 };

/** "Your quota will reset after 2h13m5s", "Please retry in 34.07s", "try again in 5 minutes". */
function resetIn(words: string): Problem["reset"] {
  const told =
    /(?:reset|retry|try again|available)[^.\d]{0,40}?(?:after|in)\s+((?:\d+(?:\.\d+)?\s*(?:days?|hours?|minutes?|seconds?|mins?|secs?|[dhms])\s*)+)/i;
  const found = told.exec(words)?.[1];
  if (found === undefined) return null;
  let seconds = 0;
  for (const [, amount = "0", unit = "s"] of found.matchAll(/(\d+(?:\.\d+)?)\s*([a-z])/gi))
    seconds += Number(amount) * (SECONDS[unit.toLowerCase()] ?? 0);
  return { inMs: Math.ceil(seconds * 1_000) };
}

const oneLine = (words: string): string => clip(words.replace(/\s+/g, " ").trim(), 299);
