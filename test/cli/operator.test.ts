/** Who may speak for the user: commands that act refuse in any process an agent's session started. */
import { afterEach, expect, test } from "vitest";
import { SESSION_MARK } from "../../src/engine/session-mark.ts";
import { builtMain } from "../support/build.ts";
import { endHosts, hostedRepo, nowhere, skep, start } from "./support/skep.ts";
import { swarmAtGate } from "./support/swarm.ts";

afterEach(endHosts);

const ACTING: readonly (readonly string[])[] = [
  ["answer", "g1", "retry"],
  ["gc"],
  ["land"],
  ["mcp"],
  ["pause"],
  ["resume"],
  ["run", "another goal"],
  ["send", "all", "stop"],
  ["stop"],
];

test.each(ACTING.map((args) => ({ args })))(
  "[cli.operator] $args is refused with the mark of a session in its environment",
  async ({ args }) => {
    const { code, stdout, stderr } = await skep(args, { cwd: nowhere(), env: { [SESSION_MARK]: "s-1/x1" } });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^SESSION_PROCESS: .*human_ask/);
  },
);

/** Starts what follows with a clean environment, as an agent's shell that hides where it comes from. */
const CLEAN = `
const { spawnSync } = require("node:child_process");
const { ${SESSION_MARK}: _, ...env } = process.env;
const { status, stderr } = spawnSync(process.argv[1], process.argv.slice(2), { env, input: "" });
process.stderr.write(stderr);
process.exitCode = status;
`;

test("[cli.operator] a mark that was taken away is found in the process it came from, and nothing changes", async () => {
  const repo = hostedRepo();
  await swarmAtGate(repo);
  const clean = [process.execPath, "-e", CLEAN, process.execPath, builtMain()];
  for (const args of [["answer", "g1", "stop"], ["stop"], ["mcp"]]) {
    const { code, stderr } = await start([...clean, ...args], { cwd: repo.root, env: { [SESSION_MARK]: "s-1/x1" } }).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^SESSION_PROCESS: /);
  }
  expect((await skep(["status"], { cwd: repo.root })).code).toBe(3);
});

test("[cli.operator] looking is for everybody", async () => {
  const repo = hostedRepo();
  await swarmAtGate(repo);
  const env = { [SESSION_MARK]: "s-1/x1" };
  expect((await skep(["status"], { cwd: repo.root, env })).code).toBe(3);
  expect((await skep(["logs"], { cwd: repo.root, env })).code).toBe(0);
});
