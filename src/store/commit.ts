/** The one written form of a commit, shared by every adapter: a JSON object on one line. */
import { SkepError } from "../base/errors.ts";
import type { Commit, Draft } from "./ports.ts";

const COMMIT_VERSION = 1;
export const COMMIT_MAX_BYTES = 64 * 1024;

/** The text of a commit without its line ends. */
export function encodeCommit(seq: number, id: string, { at, by, command, key, events }: Draft): string {
  const text = JSON.stringify({ v: COMMIT_VERSION, seq, id, at, by, command, key, events });
  const bytes = Buffer.byteLength(text) + 2;
  if (bytes > COMMIT_MAX_BYTES) {
    const what = `a commit of ${bytes} bytes exceeds ${COMMIT_MAX_BYTES}`;
    throw new SkepError("TOO_LARGE", what, "shorten the texts of this call, or split it into several calls");
  }
  return text;
}

/** "torn": not a commit at all, left by a writer that died. "newer": written by a later skep. */
export function parseCommit(text: string): Commit | "torn" | "newer" {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "torn"; // a prefix of an object, alone or with another line behind it, is never valid JSON
  }
  if (typeof value !== "object" || value === null) return "torn";
  const line = value as Partial<Record<keyof Commit, unknown>>;
  if (typeof line.v !== "number") return "torn";
  if (line.v > COMMIT_VERSION) return "newer";
  return isCommit(line) ? line : "torn";
}

function isCommit(line: Partial<Record<keyof Commit, unknown>>): line is Commit {
  return (
    line.v === COMMIT_VERSION &&
    Number.isSafeInteger(line.seq) &&
    typeof line.id === "string" &&
    typeof line.at === "number" &&
    typeof line.by === "string" &&
    typeof line.command === "string" &&
    (line.key === undefined || typeof line.key === "string") &&
    Array.isArray(line.events)
  );
}
