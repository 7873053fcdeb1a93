#!/usr/bin/env node
/** Claude Code as its stream looks from outside: replays a recorded stream-json session. */
import { replay } from "./replay.mjs";

const argument = (name) => process.argv[process.argv.indexOf(name) + 1];
const session = process.argv.includes("--resume") ? argument("--resume") : argument("--session-id");

await replay((line) => {
  let message;
  try {
    message = JSON.parse(line);
  } catch {
    return { what: "bad" }; // the real one ends with 1
  }
  if (message.type === "user") return { what: "message", receipt: message.uuid };
  return { what: message.request?.subtype === "interrupt" ? "interrupt" : "start" };
}, session);
