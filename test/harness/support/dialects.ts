/** How each adapter's stream says the same things: the contract suite is written once, over this table. */
import { fileURLToPath } from "node:url";
import { claude } from "../../../src/harness/claude.ts";
import type { Harness } from "../../../src/harness/harness.ts";
import { scripted } from "../../../src/harness/scripted.ts";
import { ACP_DIALECTS } from "./acp-dialect.ts";
import { CODEX } from "./codex-dialect.ts";
import { COMMAND_DIALECT } from "./command-dialect.ts";
import { OPENCODE_DIALECT } from "./opencode-dialect.ts";

type Line = Readonly<Record<string, unknown>>;
export interface Dialect {
  readonly harness: Harness;
  /** Executable that replays $FAKE_STREAM. */
  readonly fake: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly ready: readonly Line[];
  /** What is known of its tools when it is ready; absent: that they are connected. */
  readonly mcp?: "unknown";
  /** The CLI names its sessions, a fresh one of the fake so; absent: the name is ours. */
  readonly names?: string;
  /** A turn is the answer to a message, never a turn of the CLI's own. */
  readonly onlyAsked?: true;
  /** What comes of words outside a turn; absent: a text. */
  readonly loose?: "alive";
  /** Where in the session's folder the token lies, for the owner alone; absent: it goes by stdin. */
  readonly tokenFile?: string;
  /** Asked to end, it is ended by a signal: it has no other way. */
  readonly signalled?: true;
  readonly started: Line;
  /** The n-th message was taken in. */
  receipt(n: number): Line;
  text(text: string): Line;
  ended(text: string, error: string | null): Line;
  /** The answer to an interrupt, as far as there is one of its own. */
  readonly interrupted: readonly Line[];
}

const fake = (name: string): string => fileURLToPath(new URL(`../../bin/fake-${name}.mjs`, import.meta.url));
const control = (id: string, response: Line): Line => ({
  type: "control_response",
  response: { subtype: "success", request_id: id, response },
});

export const DIALECTS: Readonly<Record<string, Dialect>> = {
  ...ACP_DIALECTS,
  command: COMMAND_DIALECT,
  opencode: OPENCODE_DIALECT,
  claude: {
    harness: claude,
    fake: fake("claude"),
    settings: {},
    ready: [control("skep-mcp", { added: ["skep"], removed: [], errors: {} })],
    started: { type: "system", subtype: "init", session_id: "{{session}}" },
    receipt: (n) => ({ type: "command_lifecycle", command_uuid: `{{uuid:${n}}}`, state: "started" }),
    text: (text) => ({ type: "assistant", message: { role: "assistant", content: [{ type: "text", text }] } }),
    ended: (text, error) => ({
      type: "result",
      subtype: "success",
      is_error: error !== null,
      result: error ?? text,
      total_cost_usd: 0,
      usage: { input_tokens: 7, output_tokens: 3 },
    }),
    interrupted: [control("skep-interrupt-1", { still_queued: [] })],
  },
  codex: CODEX,
  scripted: {
    harness: scripted,
    fake: fake("scripted"),
    settings: { playbook: "/nowhere/play.yaml", state: "/nowhere", entry: "entry" },
    ready: [{ type: "ready", session: "{{session}}", mcp: "connected" }],
    started: { type: "turn_started" },
    receipt: (n) => ({ type: "receipt", receipt: `{{uuid:${n}}}` }),
    text: (text) => ({ type: "text", text }),
    ended: (text, error) => ({ type: "turn_ended", ok: error === null, text, error, usage: { input: 7, output: 3 } }),
    interrupted: [],
  },
};
