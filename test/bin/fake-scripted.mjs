#!/usr/bin/env node
/** The scripted agent's stream without the agent: for what a well-behaved program never does. */
import { replay } from "./replay.mjs";

await replay((line) => {
  const { type, receipt, session } = JSON.parse(line);
  return { what: type, receipt, session };
}, "none");
