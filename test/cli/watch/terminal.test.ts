/** The view through the front door: the built program in a real terminal, on a swarm that has a question. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import type { HostSocket } from "../../../src/engine/host/socket.ts";
import { stuckSwarms } from "../../domain/stuck.ts";
import { makeRepo } from "../../support/repo.ts";
import { until } from "../../support/until.ts";
import { skep, startSkep } from "../support/skep.ts";
import { idleHost, keepSwarms } from "../support/stuck.ts";
import { closeTerminals, leftAsItWas, skepIn } from "./support/tmux.ts";

const repo = makeRepo();
const asked = stuckSwarms(systemClock.now()).slice(0, 2);
const cwd = repo.root;
let host: HostSocket;

beforeAll(async () => {
  await keepSwarms(repo, asked);
  host = await idleHost(repo);
});
afterEach(closeTerminals);
afterAll(() => host.close());

test("[watch.terminal] [watch.act] it is drawn at 80×24 and 160×48 and through a resize, a question is answered in it, and q leaves it", async () => {
  const pane = skepIn(["watch", "s-stucka"], { columns: 80, rows: 24, cwd });
  const small = await pane.shows(/^(?:[^\n]*\n){23}[^\n]*\? help/);
  expect(small.split("\n")[0]).toMatch(/^s-stucka running +no plan yet · /);
  expect(small).toMatch(/^▸ g1 queen: Which format\? CSV has a precedent\. +\d+ (s|min)$/m);
  expect(pane.flag("alternate_on")).toBe("1");
  expect(pane.text(true)).toContain("\u001b[");
  pane.resize(160, 48);
  // Its last line on the terminal's last: a frame is not there at once.
  expect(await pane.shows(/^(?:[^\n]*\n){47}[^\n]*\? help/)).toMatch(/team .* waits /);
  pane.resize(80, 24);
  await pane.shows(/^team [^w]*$/m);
  pane.press("a");
  await pane.shows("| Which format? CSV has a precedent.");
  pane.type("2");
  pane.press("Enter");
  await pane.shows("g1 is answered");
  pane.press("q");
  await leftAsItWas(pane, 0);
  const { stdout } = await skep(["logs", "s-stucka"], { cwd });
  expect(stdout).toContain("gate g1 answered by operator: JSON");
});

test("[watch.lines] where stdout is no terminal its news is printed line by line", async () => {
  const watching = startSkep(["watch", "s-stuckb"], { cwd });
  await until(() => watching.out().includes("Next: skep resume s-stuckb"));
  await skep(["resume", "s-stuckb"], { cwd });
  await until(() => watching.out().endsWith("swarm resumed\n"), { what: "the news is printed" });
  watching.child.kill("SIGINT");
  const { code, stdout } = await watching.ended;
  expect(code).toBe(0);
  expect(stdout).not.toContain("\u001b");
});
