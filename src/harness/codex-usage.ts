/**
 * Tokens per turn out of Codex's totals, which count the whole thread, runs before a resume included. A turn cut by the end of
 * its process is in the total that a resumed run starts from, and so in no turn's usage.
 */
import type { Usage } from "./harness.ts";
import { count, isObject, type JsonObject } from "./json-line.ts";

interface Counted {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}
const ZERO: Counted = { input: 0, cached: 0, output: 0 };

export interface ThreadUsage {
  /** A thread/tokenUsage/updated notification; `inTurn`: it came while a turn of this run was going on. */
  see(params: JsonObject, inTurn: boolean): void;
  /** What came since the last turn's end. */
  turn(model: string | null): Usage;
}

export function threadUsage(resumed: boolean): ThreadUsage {
  /** What earlier turns were counted with; null: a resumed thread has not told its total yet. */
  let before: Counted | null = resumed ? null : ZERO;
  let total: Counted | null = null;
  return {
    see({ tokenUsage }, inTurn) {
      if (!isObject(tokenUsage)) return;
      total = counted(tokenUsage.total);
      if (!inTurn) before = total;
      else before ??= minus(total, counted(tokenUsage.last));
    },
    turn(model) {
      const now = total ?? before ?? ZERO;
      const used = minus(now, before ?? ZERO);
      before = now;
      const usage = { inputTokens: Math.max(0, used.input - used.cached), outputTokens: used.output, cachedTokens: used.cached, usd: null };
      return model === null ? usage : { ...usage, model };
    },
  };
}

function counted(value: unknown): Counted {
  const told = isObject(value) ? value : {};
  return { input: count(told.inputTokens), cached: count(told.cachedInputTokens), output: count(told.outputTokens) };
}

const minus = (from: Counted, what: Counted): Counted => ({
  input: Math.max(0, from.input - what.input),
  cached: Math.max(0, from.cached - what.cached),
  output: Math.max(0, from.output - what.output),
});
