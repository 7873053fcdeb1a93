/**
 * Main file of the processes in end-to-end tests: the product's own parts, wired as `skep` wires them, and a hook that
 * ends the host at a chosen point. The order to die is a file, so that the host's clean environment cannot lose it.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { runScriptedAgent } from "../../../src/agent/run-agent.ts";
import { systemClock } from "../../../src/base/clock.ts";
import { createLogger } from "../../../src/base/logger.ts";
import { runKeeper } from "../../../src/cli/keeper.ts";
import type { HostContext } from "../../../src/engine/host/context.ts";
import { serve } from "../../../src/engine/host/serve.ts";
import { openProject } from "../../../src/engine/project.ts";
import { runSwarm } from "../../../src/engine/run-swarm.ts";
import { HARNESSES, harnessIds } from "../../../src/harness/index.ts";
import { mcpFace } from "../../../src/mcp/http.ts";
import { projectServices } from "../../../src/tools/project-services.ts";
import { type FrontOptions, runClaudeFront } from "./claude-front.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: { project: { type: "string" }, home: { type: "string" }, replace: { type: "boolean" } },
});
const project = String(values.project ?? "");
const logger = createLogger("test", process.env.SKEP_TEST_LOG ?? "info");
const harnesses = new Map(harnessIds.map((id) => [id, HARNESSES[id]]));

/**
 * `kill` under the state folder holds points such as "before merge_task", one a line. The host dies when it comes to the
 * first one; the line is taken out before, so that the next host lives until the following point.
 */
function killer(home: string): NonNullable<HostContext["observe"]> {
  const order = path.join(home, "kill");
  return (phase, effect) => {
    const [point, ...later] = existsSync(order) ? readFileSync(order, "utf8").split("\n").filter(Boolean) : [];
    if (point !== `${phase} ${effect.kind}`) return;
    writeFileSync(`${order}.next`, later.join("\n"));
    renameSync(`${order}.next`, order);
    process.kill(process.pid, "SIGKILL");
    // The signal may be a moment on its way; nothing of this effect may happen meanwhile.
    return new Promise<void>(() => undefined);
  };
}

async function runServe(): Promise<void> {
  const ending = new AbortController();
  process.on("SIGTERM", () => ending.abort());
  const common = { clock: systemClock, logger, env: process.env };
  const opened = await openProject({ ...common, cwd: project, explicit: project, harnesses, watch: true });
  const program = [process.execPath, ...process.execArgv, process.argv[1] ?? ""] as const;
  const services = projectServices(opened, harnesses);
  await serve({
    ...common,
    project: opened,
    program,
    runSwarm,
    openFace: mcpFace({ services, version: "test" }),
    harness: (id) => harnesses.get(id as never) ?? null,
    signal: ending.signal,
    replace: values.replace === true,
    staleMs: 1_500,
    beatMs: 200,
    idleMs: 1_000,
    observe: killer(opened.home),
  });
  await opened.close();
}

const [command] = positionals;
if (command === "serve") await runServe();
else if (command === "keeper") process.exitCode = await runKeeper({ project, home: String(values.home ?? "") });
else if (command === "claude") process.exitCode = await runClaudeFront((globalThis as unknown as { fakeClaude: FrontOptions }).fakeClaude);
else if (command === "agent") process.exitCode = await runScriptedAgent(process.stdin, process.stdout, process.stderr);
