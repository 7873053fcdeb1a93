/** From the first line to a session that takes messages: one request at a time, each made of what the answers before it said. */
import { acpProblem } from "./acp-problem.ts";
import type { HarnessEvent, LaunchOrder, Problem } from "./harness.ts";
import { isObject, type JsonObject, objects, text } from "./json-line.ts";

export interface AcpOptions {
  /** Sign-in to ask for before a session is opened. */
  readonly auth: string | null;
  /** Mode the session is set to. */
  readonly mode: string | null;
  /** Asks the agent for the model of the order; false where the command line names it. */
  readonly model: boolean;
  /** Where the role stands: in front of the first message, or in a file the agent reads by itself. */
  readonly role: "message" | "file";
  /** What the agent's token counts are of. */
  readonly usage: "turn" | "session";
}

type Step = "initialize" | "authenticate" | "session" | "mode" | "model";
interface Advance {
  readonly lines: readonly JsonObject[];
  readonly events: readonly HarnessEvent[];
}
export interface Handshake {
  /** The agent's id of the session, once it takes messages. */
  session(): string | null;
  awaits(id: unknown): boolean;
  advance(response: JsonObject): Advance;
}

export function handshake(order: LaunchOrder, options: AcpOptions): Handshake {
  let step: Step | "ready" | "broken" = "initialize";
  let session = "";
  let version: string | undefined;
  let opened: JsonObject = {};

  const ask = (next: Step, method: string, params: JsonObject): Advance => {
    step = next;
    return { lines: [{ id: `skep-${next}`, method, params }], events: [{ type: "alive" }] };
  };
  const breaks = (problem: Problem): Advance => {
    step = "broken";
    return { lines: [], events: [{ type: "broken", problem }] };
  };
  const refuses = (kind: Problem["kind"], message: string): Advance => breaks({ kind, message: message.slice(0, 300), reset: null });

  function afterInitialize(result: JsonObject): Advance {
    if (result.protocolVersion !== 1) return refuses("request", `the agent speaks version ${String(result.protocolVersion)} of ACP, not 1`);
    const info = isObject(result.agentInfo) ? result.agentInfo : {};
    version = text(info.version) || undefined;
    const can = isObject(result.agentCapabilities) ? result.agentCapabilities : {};
    const mcp = isObject(can.mcpCapabilities) ? can.mcpCapabilities : {};
    if (mcp.http !== true) return refuses("request", "the agent takes no MCP server over HTTP, so it could not reach skep");
    // Before anything is opened: a session without its history would pass for the old one.
    if (order.resume && can.loadSession !== true) return refuses("request", "the agent cannot load an earlier session");
    if (options.auth === null) return open();
    const offered = objects(result.authMethods).map((one) => text(one.id));
    if (!offered.includes(options.auth))
      return refuses("auth", `the agent knows no sign-in ${options.auth}; it offers ${offered.join(", ") || "none"}`);
    return ask("authenticate", "authenticate", { methodId: options.auth });
  }

  function open(): Advance {
    const { url, token } = order.mcp;
    const skep = { type: "http", name: "skep", url, headers: [{ name: "Authorization", value: `Bearer ${token}` }] };
    const place = { cwd: order.cwd, mcpServers: [skep] };
    return order.resume ? ask("session", "session/load", { sessionId: order.cliSession, ...place }) : ask("session", "session/new", place);
  }

  function afterOpen(result: JsonObject): Advance {
    opened = result;
    session = order.resume ? order.cliSession : text(result.sessionId);
    if (session === "") return refuses("request", "the agent opened a session without a name");
    const modes = isObject(result.modes) ? result.modes : {};
    // Some agents go on telling the history behind their answer. One more question, and what comes before its answer is old.
    const mode = options.mode ?? (order.resume ? text(modes.currentModeId) : "");
    return mode === "" ? afterMode() : ask("mode", "session/set_mode", { sessionId: session, modeId: mode });
  }

  function afterMode(): Advance {
    if (!options.model || order.model === undefined) return ready();
    const models = isObject(opened.models) ? opened.models : {};
    if (models.currentModelId === order.model) return ready();
    const option = objects(opened.configOptions).find((one) => one.category === "model" || one.id === "model");
    if (option) return ask("model", "session/set_config_option", { sessionId: session, configId: option.id, value: order.model });
    if (models.availableModels !== undefined) return ask("model", "session/set_model", { sessionId: session, modelId: order.model });
    return refuses("model", "the agent lets nobody choose its model: name it in settings.command, and leave `model` out");
  }

  function ready(): Advance {
    step = "ready";
    const event: HarnessEvent = { type: "ready", cliSession: session, mcp: "unknown", ...(version === undefined ? {} : { version }) };
    return { lines: [], events: [event] };
  }

  const AFTER: Readonly<Record<Step, (result: JsonObject) => Advance>> = {
    initialize: afterInitialize,
    authenticate: open,
    session: afterOpen,
    mode: afterMode,
    model: ready,
  };
  return {
    session: () => (step === "ready" ? session : null),
    awaits: (id) => id === `skep-${step}`,
    advance(response) {
      if (step === "ready" || step === "broken") return { lines: [], events: [{ type: "alive" }] };
      const { result, error } = response;
      // Nothing to change: a mode or model that was asked for by the user must hold, our own question need not.
      if (error !== undefined && error !== null)
        return step === "mode" && options.mode === null ? afterMode() : breaks(failed(step, error));
      return AFTER[step](isObject(result) ? result : {});
    },
  };
}

function failed(step: Step, error: unknown): Problem {
  const problem = acpProblem(error);
  return { ...problem, kind: kindAt(step, problem.kind), message: `${step}: ${problem.message}`.slice(0, 300) };
}

/** What an agent calls an internal error is, at these steps, a session, mode or model it does not know. */
function kindAt(step: Step, kind: Problem["kind"]): Problem["kind"] {
  if (step === "authenticate") return "auth";
  if (kind !== "crash" && kind !== "request") return kind;
  return step === "model" ? "model" : "request";
}
