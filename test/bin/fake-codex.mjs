#!/usr/bin/env node
/** Codex's app-server as its stream looks from outside: replays a recorded session, or one a test made up. */
import { replay } from "./replay.mjs";

const WHAT = {
  initialize: "start",
  "account/login/start": "start",
  "turn/start": "message",
  "turn/interrupt": "interrupt",
  "thread/start": "start",
  "thread/resume": "start",
};

await replay((line) => {
  const { id, method, params = {} } = JSON.parse(line);
  return { what: WHAT[method] ?? (method ? "other" : `answer to ${id}`), receipt: params.clientUserMessageId, session: params.threadId };
}, "01a20000-0000-7000-8000-000000000001");
