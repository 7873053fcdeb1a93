#!/usr/bin/env node
/** The runner of the command harness as its stream looks from outside: what it says of programs that never ran. */
import { replay } from "./replay.mjs";

const WHAT = { begin: "start", turn: "message", cut: "interrupt", end: "end" };

await replay((line) => {
  const { type, id } = JSON.parse(line);
  return { what: WHAT[type], receipt: id };
}, "none");
