/** Codex's app-server in its own words for what every adapter's stream says. */
import { fileURLToPath } from "node:url";
import { codex } from "../../../src/harness/codex.ts";
import type { Dialect } from "./dialects.ts";

type Line = Readonly<Record<string, unknown>>;
export const THREAD = "01a20000-0000-7000-8000-000000000001";
export const FAKE_CODEX = fileURLToPath(new URL("../../bin/fake-codex.mjs", import.meta.url));

export const said = (method: string, params: Line): Line => ({ method, params: { threadId: "{{session}}", turnId: "turn", ...params } });
export const item = (state: "started" | "completed", one: Line): Line => said(`item/${state}`, { item: one });
export const tokens = (input: number, cached: number, output: number): Line => {
  const total = { inputTokens: input, cachedInputTokens: cached, outputTokens: output };
  return said("thread/tokenUsage/updated", { tokenUsage: { total, last: total } });
};
export const completed = (turn: Line): Line => said("turn/completed", { turn: { id: "turn", items: [], error: null, ...turn } });

export const CODEX: Dialect = {
  harness: codex,
  fake: FAKE_CODEX,
  settings: {},
  names: THREAD,
  ready: [
    { id: "skep-initialize", result: { userAgent: "skep/0.169.0 (Debian 12.0.0; x86_64)" } },
    { $: "wait", for: "start" },
    { id: "skep-thread", result: { thread: { id: "{{session}}" }, model: "a-model" } },
  ],
  started: said("turn/started", { turn: { id: "turn" } }),
  receipt: (n) => item("started", { type: "userMessage", id: `item-${n}`, clientId: `{{uuid:${n}}}` }),
  text: (text) => item("completed", { type: "agentMessage", id: "item", text }),
  ended(text, error) {
    const items = [{ type: "agentMessage", text }];
    const turn = error === null ? { items, status: "completed" } : { status: "failed", error: { message: error } };
    // Two lines for what the table has as one: the tokens come beside the end. Raw, so nothing in them is filled in.
    const lines = [tokens(7, 0, 3), completed(turn)].map((line) => ({ ...line, params: { ...(line.params as Line), threadId: null } }));
    return { $: "raw", text: lines.map((line) => `${JSON.stringify(line)}\n`).join("") };
  },
  interrupted: [{ id: "skep-interrupt-1", result: {} }],
};
