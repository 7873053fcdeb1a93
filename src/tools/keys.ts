/**
 * Idempotency keys, all of them. No agent CLI repeats an interrupted call by itself, so a model or a person does: the same
 * wish again must find the first answer. Where the state alone tells that a wish is fulfilled, no key is needed.
 */
import { sha256 } from "../base/ids.ts";
import type { Caller } from "../engine/caller.ts";
import type { ToolContext } from "./define-tool.ts";

/** JSON with sorted keys: equal values have equal text. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`)
    .join(",")}}`;
}

export const digest = (value: unknown): string => sha256(canonical(value)).slice(0, 32);

type KeyContext = Pick<ToolContext, "caller" | "key" | "tool">;

/**
 * The key a command is stored under. A program's own key wins over the derived one, but lives in a space of its caller and
 * tool, so that nobody can answer for somebody else.
 */
export function repeatKey({ caller, key, tool }: KeyContext, ...parts: readonly unknown[]): string {
  return key === null ? `${tool}:${digest([who(caller), ...parts])}` : `${tool}:${digest(["program", who(caller), key])}`;
}

/** Only a program's key, for commands whose repeats the state tells by itself. */
export function programKey(ctx: KeyContext): string | undefined {
  return ctx.key === null ? undefined : repeatKey(ctx);
}

/** A seat's wishes survive its session: another session of it asks under the same name. */
const who = (caller: Caller): string => (caller.kind === "operator" ? "operator" : caller.seat);

export const LETTER_WINDOW_MS = 10 * 60_000;

/**
 * Keys of letters: the same words to the same reader within ten minutes are one letter. The window begins with the first
 * sending this process knows of; without one it is the current slice of the clock, the same for all processes.
 */
export class LetterKeys {
  readonly #first = new Map<string, { readonly at: number; readonly key: string }>();

  key(content: unknown, now: number): string {
    const hash = digest(content);
    const known = this.#first.get(hash);
    if (known && now - known.at < LETTER_WINDOW_MS) return known.key;
    for (const [old, { at }] of this.#first) {
      if (now - at < LETTER_WINDOW_MS) break;
      this.#first.delete(old);
    }
    const key = `${hash}-${Math.floor(now / LETTER_WINDOW_MS)}`;
    this.#first.delete(hash);
    this.#first.set(hash, { at: now, key });
    return key;
  }
}
