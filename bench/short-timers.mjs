/**
 * Loaded into a host before its program: writes a line whenever a timer of less than a second goes off, its own or a
 * library's. Seen are the global functions, which is what both use. Where to is in its address: `short-timers.mjs?to=<file>`.
 */
import { appendFileSync } from "node:fs";

const to = new URL(import.meta.url).searchParams.get("to");
const SHORT_MS = 1_000;

const { setTimeout: once, setInterval: again } = globalThis;
const watched =
  (start) =>
  (run, ms = 0, ...args) => {
    if (ms >= SHORT_MS) return start(run, ms, ...args);
    const told = (...given) => {
      appendFileSync(to, `${process.argv[2]} ${ms}\n`);
      run(...given);
    };
    return start(told, ms, ...args);
  };
globalThis.setTimeout = Object.defineProperties(watched(once), Object.getOwnPropertyDescriptors(once));
globalThis.setInterval = watched(again);
