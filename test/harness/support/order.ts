import path from "node:path";
import { mintId, mintToken, mintUuid, type SessionId, type SwarmId } from "../../../src/base/ids.ts";
import type { LaunchOrder } from "../../../src/harness/harness.ts";
import { bundled } from "../../support/bundled.ts";
import { tempDir } from "../../support/temp.ts";

/** A launch order with everything a test does not care about. */
export function orderFor(change: Partial<LaunchOrder>): LaunchOrder {
  return {
    swarm: mintId<SwarmId>("s"),
    session: mintId<SessionId>("x"),
    seat: "dev-0",
    role: "developer",
    binary: process.execPath,
    cwd: tempDir("seat"),
    home: tempDir("session"),
    cliSession: mintUuid(),
    resume: false,
    rolePrompt: "You are a developer.",
    mcp: { url: "http://127.0.0.1:9/mcp", token: mintToken() },
    preset: "guarded",
    commands: [],
    limits: { steps: 50, usd: null },
    env: { PATH: process.env.PATH ?? "/usr/bin:/bin", HOME: tempDir("home") },
    settings: {},
    ...change,
  };
}

const bin = (name: string): string => path.join(import.meta.dirname, "../../bin", name);

/** The scripted agent of the sources, started without a build of the product. */
export const agentEntry = async (): Promise<readonly string[]> => [await bundled(bin("scripted-agent.ts"))];

/** The runner of the command harness, likewise. */
export const runnerEntry = async (): Promise<readonly string[]> => [await bundled(bin("command-runner.ts"))];
