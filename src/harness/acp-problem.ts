/** Why an ACP agent failed, from its JSON-RPC error: a code of the protocol, or an HTTP status in its place, and words. */
import type { Problem } from "./harness.ts";
import { clip, isObject, jsonLine, text } from "./json-line.ts";
import { problemOf, resetIn } from "./problems.ts";

const AUTH_REQUIRED = -32_000;
/** Agent and client do not understand each other. */
const PROTOCOL = new Set([-32_700, -32_600, -32_601, -32_602, -32_002]);

export function acpProblem(error: unknown): Problem {
  const { code, message, data } = isObject(error) ? error : { code: null, message: "", data: null };
  const said = [plain(text(message)), detail(data)].filter((one, index, all) => one !== "" && all.indexOf(one) === index);
  const words = clip(said.join(": "), 4_000);
  const number = typeof code === "number" ? code : 0;
  const reset = resetIn(words);
  const known = problemOf(number >= 400 && number < 600 ? number : 0, words, reset);
  if (number === AUTH_REQUIRED) return { kind: "auth", message: known?.message ?? oneLine(words, number), reset };
  return known ?? { kind: PROTOCOL.has(number) ? "request" : "crash", message: oneLine(words, number), reset };
}

/** Some hand on the provider's answer as it came. */
function plain(message: string): string {
  const body = jsonLine(message);
  return body ? detail(body.error ?? body) || message : message;
}

/** `data` is free: text, or an object with the words under one of these names. */
function detail(data: unknown): string {
  if (typeof data === "string") return data;
  if (!isObject(data)) return "";
  const named: unknown = data.details ?? data.message ?? data.detail ?? data.error;
  return isObject(named) ? text(named.message) : text(named);
}

const oneLine = (words: string, code: number): string => clip(words.replace(/\s+/g, " ").trim(), 299) || `error ${code}`;
