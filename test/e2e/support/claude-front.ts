/**
 * Claude Code's stream-json in front of the scripted agent: what stands behind `claude` on the PATH of a test's host. The
 * forms are those of recorded sessions; what it does where a session is unknown, too (test/clis/claude-edges.test.ts).
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { runScriptedAgent } from "../../../src/agent/run-agent.ts";
import { systemClock } from "../../../src/base/clock.ts";

export interface FrontOptions {
  readonly args: readonly string[];
  readonly playbook: string;
  readonly state: string;
  /** What a turn costs. */
  readonly usdPerTurn: number;
  /** Every session that is to be resumed is unknown. */
  readonly forgets: boolean;
  /** The MCP server is never reached. */
  readonly toolless: boolean;
}

type Line = Readonly<Record<string, unknown>>;
const say = (line: Line): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

/** The exit code. */
export async function runClaudeFront(options: FrontOptions): Promise<number> {
  const { args, state, playbook, forgets } = options;
  if (args.includes("--version")) {
    process.stdout.write("2.1.329 (Claude Code)\n");
    return 0;
  }
  const value = (name: string): string | undefined => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const resumed = value("--resume");
  const session = resumed ?? value("--session-id") ?? "none";
  if (resumed && (forgets || !existsSync(path.join(state, `${resumed}.json`)))) return unknown(resumed);
  // At a person's terminal: they write a file where they are, and leave.
  if (!args.includes("-p")) {
    writeFileSync("person.txt", `${session}\n`);
    process.stdout.write(`the screen of ${session}\n`);
    return process.stdin.isTTY ? 0 : 1;
  }
  writeFileSync(path.join(state, `${session}.args`), JSON.stringify(args));
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const tell = (line: Line): void => void stdin.write(`${JSON.stringify(line)}\n`);
  const agent = runScriptedAgent(stdin, stdout, process.stderr);
  createInterface({ input: stdout }).on("line", (line) => say(translated(JSON.parse(line) as Line, session, options)));
  const input = createInterface({ input: process.stdin });
  input.on("line", (text) => {
    const line = JSON.parse(text) as Line;
    if (line.type === "user") {
      const { content } = line.message as { content: string };
      appendFileSync(path.join(state, `${session}.messages`), `${JSON.stringify(content)}\n`);
      tell({ type: "message", text: content, receipt: line.uuid, urgency: line.priority });
      return;
    }
    const request = line.request as { subtype: string; servers: { skep: { url: string; headers: { Authorization: string } } } };
    if (request.subtype === "interrupt") return tell({ type: "interrupt" });
    if (options.toolless) return say(mcpAnswer({ skep: "connect ECONNREFUSED" }));
    const { url, headers } = request.servers.skep;
    const mcp = { url, token: headers.Authorization.replace("Bearer ", "") };
    tell({ type: "start", session, resume: resumed !== undefined, playbook, state, mcp });
  });
  input.on("close", () => stdin.end());
  return agent;
}

function unknown(session: string): number {
  const why = `No conversation found with session ID: ${session}`;
  say({ type: "result", subtype: "error_during_execution", is_error: true, errors: [why], total_cost_usd: 0, usage: {} });
  process.stderr.write(`${why}\n`);
  return 1;
}

const mcpAnswer = (errors: Line): Line => ({
  type: "control_response",
  response: { subtype: "success", request_id: "skep-mcp", response: { added: ["skep"], removed: [], errors } },
});

/** Text that begins so is told as a denied tool call. */
const DENIED = "denied: ";
/** A turn whose last words begin so is refused by the provider until so many milliseconds from then. */
const LIMITED = /^limited: (\d+)/;

/** A total that goes on when the session is resumed, as that of the real one does after a clean end. */
function charged(session: string, { state, usdPerTurn }: FrontOptions): number {
  const file = path.join(state, `${session}.usd`);
  const total = (existsSync(file) ? Number(readFileSync(file, "utf8")) : 0) + usdPerTurn;
  writeFileSync(file, String(total));
  return total;
}

function translated(line: Line, session: string, options: FrontOptions): Line {
  const said = (block: Line): Line => ({ type: "assistant", message: { role: "assistant", content: [block] }, session_id: session });
  switch (line.type) {
    case "ready":
      return mcpAnswer(line.mcp === "connected" ? {} : { skep: String(line.why) });
    case "turn_started":
      return { type: "system", subtype: "init", session_id: session };
    case "receipt":
      return { type: "command_lifecycle", command_uuid: line.receipt, state: "started" };
    case "tool":
      return said({ type: "tool_use", name: line.name, input: line.input });
    case "text": {
      const text = String(line.text);
      if (!text.startsWith(DENIED)) return said({ type: "text", text });
      return { type: "system", subtype: "permission_denied", tool_name: "Bash", message: text.slice(DENIED.length) };
    }
    default: {
      const { input, output } = line.usage as { input: number; output: number };
      const limited = LIMITED.exec(String(line.text));
      if (limited) {
        // The real one tells whole seconds; the test's clock runs faster than that.
        say({
          type: "rate_limit_event",
          rate_limit_info: { status: "rejected", resetsAt: systemClock.now() + Number(limited[1]), rateLimitType: "five_hour" },
        });
        const words = { result: "You've hit your limit", total_cost_usd: charged(session, options), usage: {} };
        return { type: "result", subtype: "success", is_error: true, api_error_status: 429, terminal_reason: "api_error", ...words };
      }
      const end = line.ok ? { is_error: false, result: line.text } : { is_error: true, terminal_reason: "script", result: line.error };
      const usage = { input_tokens: input, output_tokens: output };
      return { type: "result", subtype: "success", ...end, total_cost_usd: charged(session, options), usage };
    }
  }
}
