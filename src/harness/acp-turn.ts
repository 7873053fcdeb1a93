/** One prompt from its first sign to its answer: chunks become texts, tool calls get their names and results. */
import { acpProblem } from "./acp-problem.ts";
import type { AcpUsage } from "./acp-usage.ts";
import type { HarnessEvent, Problem } from "./harness.ts";
import { clip, isObject, type JsonObject, objects, text } from "./json-line.ts";

export interface Turn {
  /** Id of the prompt's request. */
  readonly receipt: string;
  update(update: JsonObject): readonly HarnessEvent[];
  /** The agent asks whether it may use a tool. */
  asked(call: JsonObject): readonly HarnessEvent[];
  /** A question may name the call alone: with what was told of it before. */
  known(call: JsonObject): JsonObject;
  /** The answer to the prompt. */
  end(response: JsonObject, usage: AcpUsage): readonly HarnessEvent[];
}

/** Said of the session, at any time: no sign that a prompt was taken up. */
const OF_THE_SESSION = new Set(["available_commands_update", "current_mode_update", "config_option_update", "session_info_update"]);
const DENIED = /denied by policy|permission denied by|rejected by (?:a )?(?:rule|policy)/i;
const MAX_TEXT = 16 * 1024 + 1;

export function acpTurn(receipt: string): Turn {
  let started = false;
  let words = "";
  let said = "";
  const calls = new Map<string, JsonObject>();

  const start = (): readonly HarnessEvent[] => {
    if (started) return [];
    started = true;
    return [{ type: "turn_started" }];
  };
  /** The chunks so far are one message. */
  const flush = (): readonly HarnessEvent[] => {
    if (words === "") return [];
    said = clip(words);
    words = "";
    return [{ type: "text", text: said }];
  };
  /** Told once per call, when it is heard of first; a name that comes later is kept for its result. */
  function call(update: JsonObject): readonly HarnessEvent[] {
    const id = text(update.toolCallId);
    const before = calls.get(id);
    const now = { ...before, ...Object.fromEntries(Object.entries(update).filter(([, value]) => value !== null && value !== undefined)) };
    calls.set(id, now);
    return before ? [] : [{ type: "tool", name: nameOf(now), input: inputOf(now) }];
  }
  function result(update: JsonObject): readonly HarnessEvent[] {
    if (update.status !== "completed" && update.status !== "failed") return [];
    const id = text(update.toolCallId);
    const all = calls.get(id) ?? update;
    // Its name stays: agents repeat the last word on a call.
    const over = all.over === true;
    calls.set(id, { title: all.title, kind: all.kind, over: true });
    if (over) return [];
    const [name, words, ok] = [nameOf(all), outputOf(all), update.status === "completed"];
    // Refused by a rule of its own, unasked.
    const denied: readonly HarnessEvent[] = !ok && DENIED.test(words) ? [{ type: "denied", tool: name, why: clip(words, 500) }] : [];
    return [...denied, { type: "tool_result", name, ok, text: words }];
  }

  return {
    receipt,
    update(update) {
      const kind = text(update.sessionUpdate);
      if (OF_THE_SESSION.has(kind)) return [{ type: "alive" }];
      const begun = start();
      if (kind === "agent_message_chunk") {
        const chunk = isObject(update.content) ? text(update.content.text) : "";
        if (words.length < MAX_TEXT) words += chunk.slice(0, MAX_TEXT);
        return [...begun, OUTPUT];
      }
      if (kind === "tool_call" || kind === "tool_call_update") {
        const events = [...begun, ...flush(), ...call(update), ...result(update)];
        return events.length > 0 ? events : [OUTPUT];
      }
      return [...begun, ...(kind === "usage_update" ? [] : flush()), THOUGHTS.has(kind) ? OUTPUT : { type: "alive" }];
    },
    asked: (asked) => [...start(), ...flush(), ...call(asked)],
    known: (asked) => calls.get(text(asked.toolCallId)) ?? asked,
    end({ result, error }, usage) {
      const events = flush();
      if (error !== undefined && error !== null) {
        const problem = acpProblem(error);
        const why = clip(`${problem.kind}: ${problem.message}`, 1_000);
        return [...events, { type: "turn_ended", ok: false, text: said, error: why, usage: usage.ofTurn({}), problem }];
      }
      const answer = isObject(result) ? result : {};
      const why = STOPPED[text(answer.stopReason)];
      const begun = why === undefined ? start() : [];
      const problem: Problem | null = why?.kind ? { kind: why.kind, message: why.error, reset: null } : null;
      const ended: HarnessEvent = {
        ...{ type: "turn_ended" as const, ok: why === undefined, text: said, error: why?.error ?? null, usage: usage.ofTurn(answer) },
        ...(problem ? { problem } : {}),
      };
      return [...begun, ...events, ended];
    },
  };
}

/** `end_turn`, and a reason of a later version, are an end like any other. */
const STOPPED: Readonly<Record<string, { readonly error: string; readonly kind?: Problem["kind"] }>> = {
  cancelled: { error: "cancelled: the turn was interrupted" },
  max_tokens: { error: "max_tokens: the context of the session is full", kind: "context_full" },
  max_turn_requests: { error: "max_turn_requests: it used all its model calls" },
  refusal: { error: "refusal: the model would not go on" },
};

const OUTPUT: HarnessEvent = { type: "alive", output: true };
const THOUGHTS: ReadonlySet<string> = new Set(["agent_thought_chunk", "plan"]);

const nameOf = (call: JsonObject): string => clip(text(call.title) || text(call.kind) || text(call.toolCallId) || "tool", 200);

function inputOf(call: JsonObject): unknown {
  if (isObject(call.rawInput)) return call.rawInput;
  const files = objects(call.locations).flatMap(({ path }) => (typeof path === "string" ? [path] : []));
  return { kind: call.kind ?? "other", ...(files.length === 0 ? {} : { files }) };
}

function outputOf(call: JsonObject): string {
  const parts = objects(call.content).map((one) => (isObject(one.content) ? text(one.content.text) : text(one.path)));
  const raw = call.rawOutput;
  const told = parts.filter((part) => part !== "").join("\n") || (isObject(raw) ? text(raw.output) : text(raw));
  return clip(told, 2_000);
}
