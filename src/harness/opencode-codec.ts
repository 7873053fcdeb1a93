/**
 * `opencode serve`, both ways: requests out, events in. What it hides from everybody else: nothing is said before the tools are
 * connected, a message stored too late for the running turn is asked for again, an aborted or failed turn tells its end twice.
 */
import type { Codec, HarnessEvent, LaunchOrder } from "./harness.ts";
import { clip, isObject, type JsonObject, jsonLine, objects, text } from "./json-line.ts";
import { AGENT, TOOL_TIMEOUT_MS } from "./opencode-config.ts";
import { opencodePost } from "./opencode-post.ts";
import { errorProblem, retryProblem } from "./opencode-problem.ts";
import { opencodeTurn, type Turn } from "./opencode-turn.ts";

/** Messages looked at after a gap in the events, which lasts a fraction of a second. */
const LOOK_BACK = 20;
const ALIVE: HarnessEvent = { type: "alive" };

const request = (id: string, method: string, path: string, body?: unknown): string => JSON.stringify({ id, method, path, body });

/** The requests every session begins with; the answers to them decide whether it is ready. */
export function opening(order: LaunchOrder): readonly string[] {
  const server = {
    ...{ type: "remote", url: order.mcp.url, headers: { Authorization: `Bearer ${order.mcp.token}` } },
    ...{ oauth: false, enabled: true, timeout: TOOL_TIMEOUT_MS },
  };
  return [
    request("health", "GET", "/global/health"),
    // A title of our own: otherwise a model is asked for one.
    order.resume
      ? request("session", "GET", `/session/${encodeURIComponent(order.cliSession)}`)
      : request("session", "POST", "/session", { title: `skep ${order.seat}` }),
    request("mcp", "POST", "/mcp", { name: "skep", config: server }),
  ];
}

export function opencodeCodec(order: LaunchOrder, model: string): Codec {
  const [providerID = "", ...rest] = model.split("/");
  const asked = { agent: AGENT, model: { providerID, modelID: rest.join("/") } };
  const post = opencodePost();
  let version = "";
  let session: string | null = null;
  let state: "opening" | "ready" | "failed" = "opening";
  let turn: Turn | null = null;
  /** An abort is on its way: until its answer no message is sent, which would join the turn that ends. */
  let aborting = false;
  let aborts = 0;
  let spent = 0;
  /** Answers that belong to turns that are over. */
  const past = new Set<string>();
  const answers = new Set<string>();
  /** Whether the session was at rest when its events were lost sight of. */
  let resting = false;

  const broken = (kind: "request" | "network", message: string): readonly HarnessEvent[] => {
    if (state === "failed") return [];
    state = "failed";
    return [{ type: "broken", problem: { kind, message: clip(message, 299), reset: null } }];
  };
  const reply = (lines: readonly string[]): readonly HarnessEvent[] => (lines.length === 0 ? [] : [{ type: "reply", lines }]);
  const say = (receipt: string, content: string, messageID?: string): string =>
    request(`say:${receipt}`, "POST", `/session/${session}/prompt_async`, {
      ...(messageID === undefined ? {} : { messageID }),
      ...asked,
      parts: [{ id: post.partOf(receipt), type: "text", text: content }],
    });
  const abort = (): string => {
    aborting = true;
    aborts += 1;
    return request(`abort-${aborts}`, "POST", `/session/${session}/abort`);
  };
  const mayTalk = (): boolean => state === "ready" && !aborting;
  const sayHeld = (): readonly string[] => (mayTalk() ? post.release().map(({ receipt, content }) => say(receipt, content)) : []);

  function answered({ id, status, body }: JsonObject): readonly HarnessEvent[] {
    const [what = "", receipt = ""] = text(id).split(":");
    const good = typeof status === "number" && status >= 200 && status < 300;
    const said = isObject(body) ? body : {};
    const failure = `${status || "no answer"} ${JSON.stringify(body ?? null)}`;
    if (state === "failed") return [];
    switch (what) {
      case "health":
        version = text(said.version);
        return good ? [ALIVE] : broken("network", `opencode does not serve: ${failure}`);
      case "session":
        if (!good) return broken("request", `opencode has no session ${order.resume ? order.cliSession : ""}: ${failure}`);
        session = text(said.id);
        return [ALIVE];
      case "mcp":
        return opened(good && isObject(said.skep) && said.skep.status === "connected");
      case "status":
        resting = good && said[session ?? ""] === undefined;
        return good ? [ALIVE] : broken("network", `opencode does not tell its state: ${failure}`);
      case "messages":
        return good ? caughtUp(objects(body)) : broken("network", `opencode does not tell its messages: ${failure}`);
      case "say":
        // What it does not store will not be answered either.
        return good ? [ALIVE] : broken(status === 0 ? "network" : "request", `opencode did not take message ${receipt}: ${failure}`);
      default:
        if (what === `abort-${aborts}`) aborting = false;
        return turn === null ? [ALIVE, ...reply(sayHeld())] : [ALIVE];
    }
  }

  function opened(connected: boolean): readonly HarnessEvent[] {
    state = connected ? "ready" : "failed";
    const ready: HarnessEvent = {
      ...{ type: "ready", cliSession: session ?? order.cliSession, mcp: connected ? "connected" : "failed" },
      ...(version === "" ? {} : { version }),
    };
    return [ready, ...reply(sayHeld())];
  }

  /** What the session did while nobody heard it: the same parts once more, of which the known ones say nothing. */
  function lookBack(): readonly HarnessEvent[] {
    if (state !== "ready" || (turn === null && !post.isWaiting())) return [ALIVE];
    const messages = request("messages", "GET", `/session/${session}/message?limit=${LOOK_BACK}`);
    return reply([request("status", "GET", "/session/status"), messages]);
  }
  function caughtUp(messages: readonly JsonObject[]): readonly HarnessEvent[] {
    const events: HarnessEvent[] = [];
    let ours = false;
    for (const { info, parts } of messages) {
      if (!isObject(info)) continue;
      const mine = objects(parts).some((one) => post.knows(text(one.id)));
      ours ||= mine || post.isUsers(text(info.id));
      if (!ours || past.has(text(info.id))) continue;
      if (info.role === "assistant" && turn === null) events.push(...status({ type: "busy" }));
      events.push(...message(info), ...objects(parts).flatMap(part));
    }
    return resting ? [...events, ...idle()] : events;
  }

  function heard({ type, properties }: JsonObject): readonly HarnessEvent[] {
    const about = isObject(properties) ? properties : {};
    if (typeof about.sessionID === "string" && about.sessionID !== session) return [ALIVE];
    switch (type) {
      case "server.heartbeat":
        return []; // of the server, also while its model hangs
      case "session.status":
        return status(isObject(about.status) ? about.status : {});
      case "session.idle":
        return idle();
      case "session.error":
        if (isObject(about.error)) turn?.failed(about.error);
        return [ALIVE];
      case "message.updated":
        return isObject(about.info) ? message(about.info) : [ALIVE];
      case "message.part.updated":
        return isObject(about.part) ? part(about.part) : [ALIVE];
      case "permission.asked":
        // Every rule allows or denies; what is asked all the same would wait for ever.
        return refused(text(about.permission), about.patterns, request("no", "POST", `/permission/${about.id}/reply`, { reply: "reject" }));
      case "question.asked":
        return refused("question", about.questions, request("no", "POST", `/question/${about.id}/reject`));
      default:
        return [ALIVE];
    }
  }

  const refused = (tool: string, asked: unknown, line: string): readonly HarnessEvent[] => [
    { type: "denied", tool, why: clip(`nobody is there to be asked: ${JSON.stringify(asked ?? null)}`, 300) },
    ...reply([line]),
  ];

  function status(now: JsonObject): readonly HarnessEvent[] {
    if (now.type === "retry") {
      const problem = retryProblem(now);
      return [{ type: "retry", why: clip(`attempt ${now.attempt}: ${problem.message}`, 200), problem }];
    }
    if (now.type !== "busy" || turn !== null) return [ALIVE];
    turn = opencodeTurn();
    return [{ type: "turn_started" }];
  }

  function message(info: JsonObject): readonly HarnessEvent[] {
    if (info.role === "user") post.stored(text(info.id));
    if (info.role !== "assistant") return [ALIVE];
    turn?.step(info);
    answers.add(text(info.id));
    return [...post.answering(text(info.parentID)).map(receiptEvent), ALIVE];
  }
  const receiptEvent = (receipt: string): HarnessEvent => ({ type: "receipt", receipt });

  function part(part: JsonObject): readonly HarnessEvent[] {
    if (post.placed(text(part.id), text(part.messageID)) || post.isUsers(text(part.messageID))) return [ALIVE];
    const events = (turn ?? stray).part(part);
    const cost = part.type === "step-finish" && turn !== null ? turn.lastCost() : 0;
    spent += cost;
    const { usd } = order.limits;
    if (turn === null || usd === null || spent < usd || part.reason !== "tool-calls" || aborting) return events;
    turn.cap(`budget_exhausted: this run may use $${usd}`);
    return [...events, ...reply([abort()])];
  }
  /** Words and tools outside a turn: what is told late of the one before. */
  const stray = opencodeTurn();

  function idle(): readonly HarnessEvent[] {
    const over = turn;
    // Told first when the model's answer broke off, and again when the turn is really over.
    if (over?.isOpen()) return [ALIVE];
    turn = null;
    for (const id of answers) past.add(id);
    answers.clear();
    const events: HarnessEvent[] = [];
    // Never begun: the messages are in the session, and this failure is their answer.
    if (over !== null && !over.begun() && over.error() !== null) events.push(...post.giveUp().map(receiptEvent));
    if (over !== null) events.push(over.end(errorProblem));
    const held = sayHeld();
    const again = held.length > 0 || !mayTalk() ? null : post.again();
    return [...events, ALIVE, ...reply(again === null ? held : [say(again.receipt, again.content, again.messageId)])];
  }

  return {
    read(line) {
      const object = jsonLine(line);
      if (!object) return [{ type: "noise", line: clip(line, 2_000) }];
      if (object.type === "skep.http") return answered(object);
      if (object.type === "skep.again") return lookBack();
      if (object.type === "skep.lost") return broken("network", `opencode's events cannot be followed any more: ${text(object.why)}`);
      return typeof object.type === "string" ? heard(object) : [{ type: "noise", line: clip(line, 2_000) }];
    },
    message(content, receipt, urgency) {
      post.add(receipt, content);
      if (urgency === "now" && turn !== null && mayTalk()) return [abort()];
      return sayHeld();
    },
    interrupt: () => (state === "ready" && !aborting ? [abort()] : []),
    // It takes no word for its end; the wire sends the signal.
    end: () => [],
  };
}
