#!/usr/bin/env node
/** An agent of the Agent Client Protocol as its stream looks from outside. Requests before a prompt count as "start". */
import { replay } from "./replay.mjs";

await replay((line) => {
  const { id, method, params } = JSON.parse(line);
  if (method === "session/prompt") return { what: "message", receipt: id };
  if (method === "session/cancel") return { what: "interrupt" };
  if (method === undefined) return { what: "answer" };
  return { what: "start", session: method === "session/load" ? params.sessionId : undefined };
}, "session-of-the-agent");
