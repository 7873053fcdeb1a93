/** A swarm whose workers are a plain program behind the command harness: a process per message, tools over MCP. */
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { makeRig, type Rig } from "../e2e/support/rig.ts";
import { TWO_TASKS } from "../e2e/support/two-tasks.ts";
import { runnerEntry } from "../harness/support/order.ts";

let rig: Rig | null = null;
afterEach(async () => {
  await rig?.close();
  rig = null;
});
const bin = (name: string): string => fileURLToPath(new URL(`../bin/${name}`, import.meta.url));

test("[clis.command.swarm] a swarm whose workers are a program that config names comes to its end, also past a killed host", async () => {
  const settings = {
    argv: [process.execPath, bin("one-task.mjs"), "{mcp_file}"],
    output: { text: "text", error: "error" },
    entry: await runnerEntry(),
  };
  rig = await makeRig({
    playbook: TWO_TASKS,
    harness: (scripted) => [
      "  default: scripted",
      `  adapters: ${JSON.stringify({ scripted: { settings: scripted }, command: { settings } })}`,
      "  roles: {developer: {harness: command}}",
    ],
  });
  rig.killAt(["after commit_submission"]);
  const swarm = await rig.create("Write two files");
  await rig.until(swarm, "the end", (state) => state.status === "completed" && state.closed, 90_000);
  const { branch, base } = swarm.state;
  expect(rig.repo.git("log", "--format=%s", `${base}..${branch}`)).toBe("Write t2.txt\nWrite t1.txt");
  expect(rig.repo.git("show", `${branch}:out/t1.txt`)).toBe("written by a program");
  expect(rig.killsLeft()).toEqual([]);
  const events = (await swarm.events(0)).flatMap((commit) => commit.events);
  expect(events.filter(({ type }) => type === "gate_opened" || type === "effect_failed")).toEqual([]);
  const turns = events.filter((event) => event.type === "turn_ended");
  expect(turns.every((event) => event.type !== "turn_ended" || event.ok)).toBe(true);
}, 120_000);
