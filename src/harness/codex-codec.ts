/** Codex's app-server, both ways: JSON-RPC by lines, without the field that says so. */
import { keyOf, signIn, threadParams } from "./codex-config.ts";
import { isTool, itemCompleted, itemStarted } from "./codex-items.ts";
import { outbox, type Sent } from "./codex-outbox.ts";
import { oneLine, problemOf, rateWindows } from "./codex-problem.ts";
import { answerTo } from "./codex-requests.ts";
import { threadUsage } from "./codex-usage.ts";
import type { Codec, HarnessEvent, LaunchOrder, Problem } from "./harness.ts";
import { clip, isObject, type JsonObject, jsonLine, objects, text } from "./json-line.ts";

const INITIALIZE = "skep-initialize";
const LOGIN = "skep-login";
const THREAD = "skep-thread";

export const initializeLine = JSON.stringify({
  id: INITIALIZE,
  method: "initialize",
  params: {
    clientInfo: { name: "skep", title: "skep", version: "1" },
    // Whole diffs of the worktree after each edit: nobody here reads them.
    capabilities: { experimentalApi: true, requestAttestation: false, optOutNotificationMethods: ["turn/diff/updated"] },
  },
});

const ALIVE: readonly HarnessEvent[] = [{ type: "alive" }];
const broken = (kind: Problem["kind"], message: string): readonly HarnessEvent[] => [
  { type: "broken", problem: { kind, message: oneLine(message), reset: null } },
];

export function codexCodec(order: LaunchOrder): Codec {
  const post = outbox();
  const usage = threadUsage(order.resume);
  const windows = rateWindows();
  const key = keyOf(signIn(order));
  const tools = new Set<string>();
  let thread: string | null = null;
  let version: string | null = null;
  let model: string | null = order.model ?? null;
  let running: string | null = null;
  /** An interrupt that came before its turn had a name. */
  let cutNext = false;
  let interrupts = 0;
  let said = "";

  const startThread = (): string =>
    JSON.stringify({ id: THREAD, method: order.resume ? "thread/resume" : "thread/start", params: threadParams(order) });

  function initialized(result: JsonObject): readonly HarnessEvent[] {
    version = /\/(\d+\.\d+\.\d+)/.exec(text(result.userAgent))?.[1] ?? null;
    const login = { id: LOGIN, method: "account/login/start", params: { type: "apiKey", apiKey: key } };
    const next = key === null ? startThread() : JSON.stringify(login);
    return [{ type: "reply", lines: [JSON.stringify({ method: "initialized" }), next] }];
  }

  function threadStands(result: JsonObject): readonly HarnessEvent[] {
    thread = text(isObject(result.thread) ? result.thread.id : "") || order.cliSession;
    model = text(result.model) || model;
    const ready: HarnessEvent = { type: "ready", cliSession: thread, mcp: "connected", ...(version === null ? {} : { version }) };
    return [ready, ...written(post.open(thread))];
  }

  function threadRefused(message: string): readonly HarnessEvent[] {
    // Its messages stay held, and the host ends it.
    if (/required MCP servers failed/.test(message)) return [{ type: "ready", cliSession: order.cliSession, mcp: "failed" }];
    return broken("request", `Codex did not ${order.resume ? "resume" : "start"} the thread: ${message}`);
  }

  function response(line: JsonObject): readonly HarnessEvent[] {
    const result = isObject(line.result) ? line.result : {};
    const error = isObject(line.error) ? text(line.error.message) || "no reason given" : null;
    switch (line.id) {
      case INITIALIZE:
        return error === null ? initialized(result) : broken("request", `Codex did not begin: ${error}`);
      case LOGIN:
        return error === null ? written([startThread()]) : broken("auth", `Codex did not take the API key: ${error}`);
      case THREAD:
        return error === null ? threadStands(result) : threadRefused(error);
      default: {
        const sent = post.answered(line, running);
        return sent ? [...ALIVE, ...outcome(sent)] : ALIVE;
      }
    }
  }

  const written = (lines: readonly string[]): readonly HarnessEvent[] => (lines.length === 0 ? [] : [{ type: "reply", lines }]);
  const outcome = ({ lines, stuck }: Sent): readonly HarnessEvent[] => [
    ...written(lines),
    ...(stuck === null ? [] : broken("request", stuck)),
  ];

  function cut(): readonly string[] {
    interrupts += 1;
    const params = { threadId: thread, turnId: running };
    return [JSON.stringify({ id: `skep-interrupt-${interrupts}`, method: "turn/interrupt", params })];
  }

  function turnStarted(turn: JsonObject): readonly HarnessEvent[] {
    running = text(turn.id);
    tools.clear();
    windows.forget();
    said = "";
    const late = cutNext ? written(cut()) : [];
    cutNext = false;
    return [{ type: "turn_started" }, ...late];
  }

  function turnCompleted(turn: JsonObject): readonly HarnessEvent[] {
    running = null;
    tools.clear();
    const ok = turn.status === "completed";
    const problem = isObject(turn.error) ? problemOf(turn.error, windows) : null;
    const last = objects(turn.items).findLast(({ type }) => type === "agentMessage");
    const ended: HarnessEvent = {
      type: "turn_ended",
      ok,
      text: clip(text(last?.text) || said),
      error: ok ? null : clip([text(turn.status) || "failed", problem?.message].filter(Boolean).join(": "), 1_000),
      usage: usage.turn(model),
      ...(problem ? { problem } : {}),
    };
    return [ended, ...outcome(post.turnEnded(text(turn.id)))];
  }

  function item(params: JsonObject, done: boolean): readonly HarnessEvent[] {
    const one = isObject(params.item) ? params.item : {};
    if (isTool(one)) done ? tools.delete(text(one.id)) : tools.add(text(one.id));
    const events = done ? itemCompleted(one) : itemStarted(one);
    for (const event of events) {
      if (event.type === "receipt") post.taken(event.receipt);
      if (event.type === "text") said = event.text;
    }
    return events;
  }

  function failed(params: JsonObject): readonly HarnessEvent[] {
    // One that is not tried again comes once more with the end of its turn.
    if (params.willRetry !== true || !isObject(params.error)) return ALIVE;
    const problem = problemOf(params.error, windows);
    return [{ type: "retry", why: clip(problem.message, 200), problem }];
  }

  function notification(method: string, params: JsonObject): readonly HarnessEvent[] {
    if (thread !== null && typeof params.threadId === "string" && params.threadId !== thread) return ALIVE;
    switch (method) {
      case "turn/started":
        return turnStarted(isObject(params.turn) ? params.turn : {});
      case "turn/completed":
        return turnCompleted(isObject(params.turn) ? params.turn : {});
      case "item/started":
        return item(params, false);
      case "item/completed":
        return item(params, true);
      case "error":
        return failed(params);
      case "thread/tokenUsage/updated":
        usage.see(params, running !== null);
        return ALIVE;
      case "account/rateLimits/updated":
        windows.see(params);
        return ALIVE;
      case "model/rerouted":
        model = text(params.toModel) || model;
        return ALIVE;
      default:
        // Warnings, states, and what later versions add.
        return /delta$/i.test(method) ? [{ type: "alive", output: true }] : ALIVE;
    }
  }

  return {
    read(line) {
      const message = jsonLine(line);
      const method = message?.method;
      if (!message || (method === undefined && message.id === undefined)) return [{ type: "noise", line: clip(line, 2_000) }];
      if (typeof method !== "string") return response(message);
      if (message.id !== undefined) return answerTo(message);
      return notification(method, isObject(message.params) ? message.params : {});
    },
    message(words, receipt, urgency) {
      // A model that is answering is asked anew at once; a tool call that runs is waited for, unless it is cut.
      const first = urgency === "now" && running !== null && tools.size > 0 ? cut() : [];
      if (first.length > 0) tools.clear();
      return [...first, ...post.add(words, receipt)];
    },
    interrupt() {
      if (running !== null) return cut();
      cutNext = thread !== null;
      return [];
    },
    end: () => [],
  };
}
