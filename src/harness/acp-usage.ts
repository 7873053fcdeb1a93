/** Tokens and money of a turn, from three places where ACP agents tell them; totals become differences. */
import type { LaunchOrder, Usage } from "./harness.ts";
import { count, isObject, type JsonObject, objects, text } from "./json-line.ts";

export interface AcpUsage {
  /** Running totals come between the lines of a turn. */
  see(update: JsonObject): void;
  /** What the answer to a prompt, with what was seen before it, says of this turn. */
  ofTurn(result: JsonObject): Usage;
}
interface Tokens {
  readonly input: number;
  readonly output: number;
  readonly cached: number;
}
const NONE: Tokens = { input: 0, output: 0, cached: 0 };

export function acpUsage(order: Pick<LaunchOrder, "resume" | "usdBefore">, counts: "turn" | "session"): AcpUsage {
  let usd: number | null = null;
  let charged = 0;
  let first = true;
  let total = NONE;

  /** The agent's money is a total of the session; a resumed one may go on with it or begin at zero again. */
  function cost(): number | null {
    if (usd === null) return null;
    const before = order.usdBefore ?? 0;
    if (first && order.resume && usd >= before) charged = before;
    first = false;
    const since = Math.max(0, usd - charged);
    charged = usd;
    return since;
  }
  function tokensOf(result: JsonObject): Tokens {
    const told = isObject(result.usage) ? ofUsage(result.usage) : ofQuota(result);
    if (counts === "turn") return told;
    // Smaller than before: it counts anew.
    const base = told.input < total.input ? NONE : total;
    total = told;
    return {
      input: told.input - base.input,
      output: Math.max(0, told.output - base.output),
      cached: Math.max(0, told.cached - base.cached),
    };
  }
  return {
    see(update) {
      if (update.sessionUpdate !== "usage_update" || !isObject(update.cost)) return;
      const { amount, currency } = update.cost;
      if (typeof amount === "number" && Number.isFinite(amount) && (currency === undefined || currency === "USD")) usd = amount;
    },
    ofTurn(result) {
      const { input, output, cached } = tokensOf(result);
      const model = modelOf(result);
      return { inputTokens: input, outputTokens: output, cachedTokens: cached, usd: cost(), ...(model === "" ? {} : { model }) };
    },
  };
}

const ofUsage = (usage: JsonObject): Tokens => ({
  input: count(usage.inputTokens) + count(usage.cachedWriteTokens),
  output: count(usage.outputTokens),
  cached: count(usage.cachedReadTokens),
});

/** Gemini's way. */
function quotaOf(result: JsonObject): JsonObject {
  const meta = isObject(result._meta) ? result._meta : {};
  return isObject(meta.quota) ? meta.quota : {};
}
function ofQuota(result: JsonObject): Tokens {
  const { token_count: tokens } = quotaOf(result);
  return isObject(tokens) ? { input: count(tokens.input_tokens), output: count(tokens.output_tokens), cached: 0 } : NONE;
}
/** One model answered, or several did and no price is right for all. */
function modelOf(result: JsonObject): string {
  const models = objects(quotaOf(result).model_usage).map((one) => text(one.model));
  return models.length === 1 ? (models[0] ?? "") : "";
}
