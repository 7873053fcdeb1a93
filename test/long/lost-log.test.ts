/** A log that is replaced under a host: the host ends, and its keeper starts one that reads what is there now. */
import { copyFileSync, readFileSync, renameSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { identify } from "../../src/proc/identity.ts";
import { endHost, StdioDoor } from "../bad-input/support/doors.ts";
import { makeRepo } from "../support/repo.ts";
import { until } from "../support/until.ts";

let door: StdioDoor | undefined;
let root = "";
afterEach(async () => {
  if (root) await endHost(root);
  await door?.end();
});

test("[host.failed] a host whose log fails for good ends by itself, though nothing told it to, and another takes over", async () => {
  ({ root } = makeRepo());
  const home = path.join(root, ".git/skep");
  door = await new StdioDoor({ cwd: root }).initialize();
  const made = await door.tool("swarm_create", { goal: "a goal", harness: "scripted" });
  expect([made.ok, made.text]).toEqual([true, made.text]);
  const log = path.join(home, "swarms", String(made.facts.swarm), "events.jsonl");
  await until(() => readFileSync(log, "utf8").includes("lease_taken"), { what: "a host at work" });
  const { holder } = JSON.parse(readFileSync(path.join(home, "host/holder.json"), "utf8")) as { holder: { pid: number; start: string } };
  copyFileSync(log, `${log}.copy`);
  renameSync(`${log}.copy`, log);
  await until(() => identify(holder.pid) !== holder.start, { what: "the end of the host" });
  await until(() => readFileSync(log, "utf8").includes('"epoch":2'), { what: "another host at work" });
  expect((await door.tool("swarm_stop")).ok).toBe(true);
}, 60_000);
