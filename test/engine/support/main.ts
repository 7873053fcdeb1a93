/** Main file of the test processes: `lease`, `serve` and `keeper`, with the waiting times tests want. */
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { systemClock } from "../../../src/base/clock.ts";
import type { SwarmId } from "../../../src/base/ids.ts";
import { createLogger } from "../../../src/base/logger.ts";
import { runKeeper } from "../../../src/cli/keeper.ts";
import type { RunSwarm } from "../../../src/engine/host/context.ts";
import { serve } from "../../../src/engine/host/serve.ts";
import { takeLease } from "../../../src/engine/lease.ts";
import { openProject } from "../../../src/engine/project.ts";
import { openSwarmHandle } from "../../../src/engine/swarm-handle.ts";
import { thisProcess } from "../../../src/proc/identity.ts";
import { openFileStore } from "../../../src/store/file/store.ts";
import { engine, RULES_OF_NOW } from "./born.ts";
import { HARNESSES } from "./harnesses.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    stale: { type: "string", default: "1500" },
    idle: { type: "string", default: "60000" },
    project: { type: "string", default: "" },
    home: { type: "string", default: "" },
    replace: { type: "boolean", default: false },
    announce: { type: "boolean", default: false },
  },
});
const staleMs = Number(values.stale);
const logger = createLogger("test", process.env.SKEP_LOG ?? "warn");
const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Stands in for an engine: opens the swarm, then waits. */
const runSwarm: RunSwarm = async ({ handle, epoch }) => {
  await handle.submit({ type: "record_opened", tip: "base" }, engine(epoch));
  return { stop: async () => undefined, drain: async () => undefined };
};

async function runLease([root = "", swarm = ""]: readonly string[]): Promise<void> {
  const store = await openFileStore(root, { logger, watch: false });
  const handle = await openSwarmHandle(await store.open(swarm as SwarmId), RULES_OF_NOW);
  say("waiting");
  const lease = await takeLease({
    swarm: handle,
    self: thisProcess(),
    address: "http://127.0.0.1:1/mcp",
    clock: systemClock,
    staleMs,
    beatMs: 200,
    signal: new AbortController().signal,
    onLost: () => say("lost"),
  });
  const epoch = lease?.epoch ?? -1;
  say(`epoch ${epoch}`);
  for await (const line of createInterface({ input: process.stdin })) {
    if (line !== "commit") continue;
    const answer = await handle.submit({ type: "record_opened", tip: `t${epoch}` }, engine(epoch));
    say(`answer ${answer.ok ? "yes" : answer.refusal.code}`);
  }
}

async function runServe(program: readonly [string, ...string[]]): Promise<number> {
  const ending = new AbortController();
  // `on`, not `once`: the lock library ends the process by itself when it is the only listener left.
  process.on("SIGTERM", () => ending.abort());
  const options = { clock: systemClock, logger, env: process.env };
  const project = await openProject({ ...options, cwd: values.project, explicit: values.project, harnesses: HARNESSES, watch: true });
  if (values.announce) say("serving");
  const end = await serve({
    ...options,
    project,
    program,
    runSwarm,
    harness: () => null,
    openFace: ({ callers }) => ({
      listener: (request, response) => {
        const token = (request.headers.authorization ?? "").replace(/^Bearer /, "");
        callers.resolve(token).then(
          (caller) => response.writeHead(caller ? 200 : 401).end(JSON.stringify(caller)),
          (error: unknown) => response.writeHead(500).end(String(error)),
        );
      },
      close: async () => undefined,
    }),
    signal: ending.signal,
    replace: values.replace,
    staleMs,
    beatMs: 200,
    idleMs: Number(values.idle),
    onReady: (port) => say(`ready ${port}`),
  });
  say(`served ${end}`);
  await project.close();
  return 0;
}

const [command, ...rest] = positionals;
const flags = [`--stale=${values.stale}`, `--idle=${values.idle}`];
const program = [process.execPath, ...process.execArgv, process.argv[1] ?? "", ...flags] as const;
if (command === "lease") await runLease(rest);
else if (command === "serve") process.exitCode = await runServe(program);
else if (command === "keeper") process.exitCode = await runKeeper({ project: values.project, home: values.home }, program);
