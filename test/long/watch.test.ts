/** The view in a real terminal: what its keys do to a swarm, who may, and how it leaves the terminal. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { HostSocket } from "../../src/engine/host/socket.ts";
import { SESSION_MARK } from "../../src/engine/session-mark.ts";
import { skep } from "../cli/support/skep.ts";
import { idleHost, keepSwarms } from "../cli/support/stuck.ts";
import { closeTerminals, inTerminal, leftAsItWas, skepIn } from "../cli/watch/support/tmux.ts";
import { stuckSwarms } from "../domain/stuck.ts";
import { bundled } from "../support/bundled.ts";
import { makeRepo } from "../support/repo.ts";

const repo = makeRepo();
const size = { columns: 80, rows: 24, cwd: repo.root };
let host: HostSocket;

beforeAll(async () => {
  await keepSwarms(repo, stuckSwarms(systemClock.now()).slice(0, 3));
  host = await idleHost(repo);
});
afterEach(closeTerminals);
afterAll(() => host.close());

test("[watch.act] it pauses and resumes, sends a message, reads a transcript, and stops after it has asked", async () => {
  const pane = skepIn(["watch", "s-stuckb"], size);
  await pane.shows("? help");
  expect(await pane.shows("s-stuckb paused")).toContain("waits for you: the swarm is paused by a person");
  pane.press("p");
  await pane.shows("s-stuckb goes on");
  pane.press("p");
  await pane.shows("s-stuckb is paused: turns that run may end");
  pane.press("s");
  pane.type("Stop at the first error");
  pane.press("Enter");
  await pane.shows("left in the inbox of queen");
  await pane.shows(/operator → queen +Stop at the first error +unread/);
  pane.press("t");
  await pane.shows("transcript of queen");
  pane.press("q");
  await pane.shows("team ");
  pane.press("x", "n");
  await pane.shows("? help");
  pane.press("x");
  await pane.shows("End s-stuckb for good?");
  // Whoever leaves at once has wished it all the same.
  pane.press("y", "q");
  await leftAsItWas(pane, 0);
  expect((await skep(["logs", "s-stuckb"], { cwd: repo.root })).stdout).toMatch(/swarm resumed\n.* swarm paused\n.* swarm stopped/);
});

test("[watch.operator] in a process of an agent's session it shows everything, and every wish is refused", async () => {
  const pane = skepIn(["watch", "s-stucka"], { ...size, env: { [SESSION_MARK]: "s-1/x1" } });
  expect(await pane.shows("? help")).toContain("g1 queen");
  pane.press("a");
  pane.type("1");
  pane.press("Enter");
  await pane.shows("SESSION_PROCESS");
  pane.press("C-c");
  // Its gate is open.
  await leftAsItWas(pane, 3);
});

test("[watch.operator] whoever leaves before a wish is refused reads the refusal in the terminal", async () => {
  const pane = skepIn(["watch", "s-stucka"], { ...size, env: { [SESSION_MARK]: "s-1/x1" } });
  await pane.shows("? help");
  pane.press("p", "q");
  expect(await leftAsItWas(pane, 1)).toContain("SESSION_PROCESS");
});

test("[watch.left] [watch.terminal] Ctrl-C leaves the terminal as it was, and NO_COLOR gives no colour", async () => {
  const coloured = skepIn(["watch", "s-stucka"], size);
  await coloured.shows("? help");
  expect(coloured.text(true)).toContain("\u001b[33m");
  const pane = skepIn(["watch", "s-stucka"], { ...size, env: { NO_COLOR: "1" } });
  await pane.shows("? help");
  expect(pane.text(true)).not.toContain("\u001b[");
  pane.press("C-c");
  await leftAsItWas(pane, 3);
});

test.skipIf(process.platform !== "linux")("[watch.left] SIGTERM leaves the terminal as it was", async () => {
  const pane = skepIn(["watch", "s-stucka"], size);
  await pane.shows("? help");
  const shell = pane.flag("pane_pid");
  const [child] = readFileSync(`/proc/${shell}/task/${shell}/children`, "utf8").trim().split(" ");
  process.kill(Number(child), "SIGTERM");
  await leftAsItWas(pane, 3);
});

test("[watch.left] an error nobody caught is printed on the screen that was there before", async () => {
  const main = await bundled(path.join(import.meta.dirname, "../cli/watch/support/crash-main.ts"));
  const pane = inTerminal([process.execPath, main], { ...size, env: {} });
  await pane.shows("drawn on the other screen");
  pane.press("q");
  const text = await leftAsItWas(pane, 1);
  expect(text).toContain("Error: nobody caught this");
  expect(text).not.toContain("drawn on the other screen");
});
