/** What one turn of an OpenCode session said, did and used, put together from parts that are told again with every change. */
import type { HarnessEvent, Problem } from "./harness.ts";
import { clip, count, isObject, type JsonObject, text } from "./json-line.ts";
import { wasCut, words } from "./opencode-problem.ts";

/** How a refused call begins; what follows is the whole rule table. */
const DENIED = /^The user has specified a rule which prevents/;
/** Tools that a preset denies whole are not offered; a model may call them all the same. */
const NOT_OFFERED = /^Model tried to call unavailable tool/;
const CUT = { name: "MessageAbortedError", data: { message: "Aborted" } };
const OUTPUT: HarnessEvent = { type: "alive", output: true };
const MAX_RESULT = 2_000;

export interface Turn {
  /** A model's answer began, changed or ended. */
  step(info: JsonObject): void;
  part(part: JsonObject): readonly HarnessEvent[];
  failed(error: JsonObject): void;
  /** Why skep itself cut it. */
  cap(why: string): void;
  begun(): boolean;
  /** It failed, but the model's answer was not closed yet: the real end comes later. */
  isOpen(): boolean;
  error(): JsonObject | null;
  /** Dollars of the step that ended last. */
  lastCost(): number;
  end(problemOf: (error: JsonObject) => Problem): HarnessEvent;
}

export function opencodeTurn(): Turn {
  const open = new Set<string>();
  const told = new Set<string>();
  const sum = { input: 0, output: 0, cached: 0, usd: 0 };
  let begun = false;
  /** The model's latest answer came to an end of its own. */
  let whole = true;
  let model = "";
  let said = "";
  let cost = 0;
  let error: JsonObject | null = null;
  let capped: string | null = null;

  /** Parts come again with every change; each thing is told once. */
  const once = (key: string): boolean => !told.has(key) && told.add(key).size > 0;

  function tool(part: JsonObject): readonly HarnessEvent[] {
    const state = isObject(part.state) ? part.state : {};
    const [call, name] = [text(part.callID), text(part.tool)];
    const events: HarnessEvent[] = [];
    if (state.status !== "pending" && once(`call ${call}`)) events.push({ type: "tool", name, input: state.input });
    if (state.status !== "completed" && state.status !== "error") return events.length > 0 ? events : [OUTPUT];
    if (!once(`result ${call}`)) return [{ type: "alive" }];
    const ok = state.status === "completed";
    const words = text(ok ? state.output : state.error);
    if (!ok && (DENIED.test(words) || NOT_OFFERED.test(words))) events.push({ type: "denied", tool: name, why: why(words, state.input) });
    return [...events, { type: "tool_result", name, ok, text: clip(words, MAX_RESULT) }];
  }

  return {
    step(info) {
      begun = true;
      model = text(info.modelID) || model;
      const done = isObject(info.time) && typeof info.time.completed === "number";
      if (done) open.delete(text(info.id));
      else open.add(text(info.id));
      whole = text(info.finish) !== "";
      if (isObject(info.error)) error ??= info.error;
    },
    part(part) {
      const time = isObject(part.time) ? part.time : {};
      switch (part.type) {
        case "text":
          if (typeof time.end !== "number") return [OUTPUT];
          said = clip(text(part.text));
          return once(`text ${text(part.id)}`) ? [{ type: "text", text: said }] : [{ type: "alive" }];
        case "tool":
          return tool(part);
        case "step-finish": {
          cost = 0;
          if (!once(`step ${text(part.id)}`)) return [{ type: "alive" }];
          const tokens = isObject(part.tokens) ? part.tokens : {};
          const cache = isObject(tokens.cache) ? tokens.cache : {};
          sum.input += count(tokens.input) + count(cache.write);
          sum.output += count(tokens.output) + count(tokens.reasoning);
          sum.cached += count(cache.read);
          cost = count(part.cost);
          whole = true;
          sum.usd += cost;
          error = null; // it went on
          return [OUTPUT];
        }
        default:
          return [part.type === "reasoning" ? OUTPUT : { type: "alive" }];
      }
    },
    failed(found) {
      error = found;
    },
    cap(reason) {
      capped = reason;
    },
    begun: () => begun,
    isOpen: () => error !== null && open.size > 0,
    error: () => error,
    lastCost: () => cost,
    end(problemOf) {
      // Cut while it waited for a retry, an answer is closed without a word about it.
      if (begun && !whole) error ??= CUT;
      const none = sum.input + sum.output + sum.cached === 0;
      // Without a price in OpenCode's lists the cost is told as zero.
      const usage = {
        ...{ inputTokens: sum.input, outputTokens: sum.output, cachedTokens: sum.cached },
        ...{ usd: sum.usd > 0 || none ? sum.usd : null, ...(model === "" ? {} : { model }) },
      };
      const why = capped ?? (error && words(error));
      const problem = error && capped === null && !wasCut(error) ? problemOf(error) : null;
      return { type: "turn_ended", ok: why === null, text: said, error: why, usage, ...(problem ? { problem } : {}) };
    },
  };
}

function why(words: string, input: unknown): string {
  const reason = DENIED.test(words) ? "the session's permissions deny it" : "the session does not have this tool";
  return clip(`${reason}: ${JSON.stringify(input ?? null)}`, 300);
}
