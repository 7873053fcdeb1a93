/** A swarm that waits for a person long enough pauses itself; its host leaves, and the next word from outside brings it to its end. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterEach, expect, test } from "vitest";
import type { State } from "../../src/domain/model.ts";
import { skep } from "../cli/support/skep.ts";
import { endHost, makeRig, type Rig } from "../e2e/support/rig.ts";
import { TWO_TASKS } from "../e2e/support/two-tasks.ts";
import { builtMain } from "../support/build.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

/** Prepares every worktree but those of the workers, until a person has mended what they lack. */
const setup = (mended: string): string =>
  `process.exit(/dev-/.test(process.cwd()) && !require("node:fs").existsSync(${JSON.stringify(mended)}) ? 1 : 0)`;

/** No process is left. */
const rests = ({ sessions }: Readonly<State>): boolean =>
  [...sessions.values()].every(({ status }) => status === "opened" || status === "wanted");

async function call(cwd: string, name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> {
  const client = new Client({ name: "test", version: "1" });
  const env = { ...process.env, SKEP_PROJECT: "", CLAUDE_PROJECT_DIR: "" } as Record<string, string>;
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [builtMain(), "mcp"], cwd, env, stderr: "ignore" }));
  const { structuredContent } = await client.callTool({ name, arguments: args });
  await client.close();
  return structuredContent as Record<string, unknown>;
}

test("[idle.host] at a gate it pauses itself and the host ends; message_send, skep send and skep answer each start one, and it completes", async () => {
  const mended = path.join(tempDir("mended"), "mended");
  const rig = await makeRig({
    playbook: TWO_TASKS,
    config: "supervision: {pauseMinutes: 0.05}",
    setup: [[process.execPath, "-e", setup(mended)]],
  });
  rigs.push(rig);
  const cwd = rig.repo.root;
  const holder = path.join(rig.project.home, "host", "holder.json");
  const swarm = await rig.create("Write two files");
  const paused = (epoch: number): Promise<unknown> =>
    rig.until(swarm, `the pause under host ${epoch}`, (state) => state.epoch === epoch && state.pausedBy === "itself" && rests(state));
  await paused(1);
  const queen = swarm.state.seats.get("queen" as never)?.session;
  await until(() => (JSON.parse(readFileSync(holder, "utf8")) as { holder: unknown }).holder === null, {
    what: "the host to leave",
    timeoutMs: 20_000,
  });

  const status = await skep(["status"], { cwd });
  expect(status.code).toBe(3);
  expect(status.stdout).toMatch(/Waits for you: paused itself after \d+ seconds in which nothing moved; waits for gate g1 /);

  const { sent } = await call(cwd, "message_send", { to: "dev-0", subject: "hint", body: "no hurry" });
  expect(sent).toMatchObject([{ to: "dev-0", state: "stored" }]);
  await paused(2);
  await endHost(rig.project);

  expect((await skep(["send", "queen", "take your time"], { cwd })).code).toBe(0);
  await paused(3);
  await endHost(rig.project);

  writeFileSync(mended, "");
  const answered = await skep(["answer", "g1", "retry"], { cwd });
  expect(answered).toMatchObject({ code: 0, stderr: "" });
  await rig.until(swarm, "the end", (state) => state.status === "completed" && state.closed, 60_000);
  const events = (await swarm.events(0)).flatMap((commit) => [...commit.events]);
  // The queen's session slept and went on; while nothing was asked of her, nobody called her model.
  const starts = events.flatMap((event) => (event.type === "session_started" && event.session === queen ? [event.turn] : []));
  expect(starts).toEqual(["running", "idle", "idle", "idle"]);
}, 150_000);
