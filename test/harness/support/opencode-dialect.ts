/** OpenCode's events, as `opencode serve` 1.18.33 sends them: an answer to a message is what proves that it was taken. */
import { fileURLToPath } from "node:url";
import { opencode } from "../../../src/harness/opencode.ts";
import type { Dialect } from "./dialects.ts";

type Line = Readonly<Record<string, unknown>>;
const SESSION = { sessionID: "{{session}}" };

export const event = (type: string, properties: Line = {}): Line => ({ type, properties: { ...SESSION, ...properties } });
export const status = (type: string, more: Line = {}): Line => event("session.status", { status: { type, ...more } });
export const part = (properties: Line): Line => event("message.part.updated", { part: { ...SESSION, ...properties } });
export const message = (info: Line): Line => event("message.updated", { info: { ...SESSION, ...info } });
export const answer = (n: number, more: Line = {}): Line =>
  message({
    id: `msg_answer_${n}`,
    role: "assistant",
    parentID: `msg_${n}`,
    modelID: "m1",
    providerID: "fake",
    time: { created: 1 },
    ...more,
  });
export const stored = (n: number): Line => part({ id: `prt_{{uuid:${n}}}`, messageID: `msg_${n}`, type: "text", text: "in" });
export const lines = (...all: readonly Line[]): Line => ({ $: "lines", lines: all });

const said = (text: string): Line =>
  part({ id: `prt_${text.slice(0, 20)}`, messageID: "msg_a", type: "text", text, time: { start: 1, end: 2 } });
const finished = (n: string): Line =>
  part({
    ...{ id: `prt_end_${n}`, messageID: "msg_a", type: "step-finish", reason: "stop", cost: 0.00014 },
    tokens: { input: 7, output: 3, reasoning: 0, cache: { read: 0, write: 0 } },
  });
const failed = (words: string): Line => ({ name: "APIError", data: { message: words, statusCode: 400, isRetryable: false } });

/** The address of the model's own settings matters to nobody here. */
export const SETTINGS = { config: { model: "fake/m1" } };

export const OPENCODE_DIALECT: Dialect = {
  harness: opencode,
  fake: fileURLToPath(new URL("../../bin/fake-opencode.mjs", import.meta.url)),
  settings: SETTINGS,
  names: "ses_fake0000000000000000000001",
  signalled: true,
  ready: [],
  started: status("busy"),
  receipt: (n) =>
    lines(
      message({ id: `msg_${n}`, role: "user" }),
      stored(n),
      answer(n),
      answer(n, { time: { created: 1, completed: 2 }, finish: "stop" }),
    ),
  text: said,
  ended: (text, error) =>
    error === null
      ? lines(said(text), finished(text), status("idle"), event("session.idle"))
      : lines(event("session.error", { error: failed(error) }), status("idle"), event("session.idle")),
  interrupted: [],
};
