/** `skep serve`: the host of a project in this process. Its keeper starts it so; a person may too. */
import { systemClock } from "../base/clock.ts";
import { createLogger } from "../base/logger.ts";
import { Secrets } from "../base/redact.ts";
import { runningProgram } from "../engine/host/program.ts";
import { type ServeOptions, serve } from "../engine/host/serve.ts";
import { openProject } from "../engine/project.ts";
import { runSwarm } from "../engine/run-swarm.ts";
import { startGitBy } from "../git/starter.ts";
import type { Harness } from "../harness/harness.ts";
import { HARNESSES } from "../harness/index.ts";
import { mcpFace } from "../mcp/http.ts";
import { requireOperator } from "../mcp/operator.ts";
import { TOOLS_BY_DUTY } from "../tools/index.ts";
import { projectServices } from "../tools/project-services.ts";
import { type Common, command, PROJECT } from "./shell/command.ts";
import { version } from "./shell/version.ts";

export interface ServeArguments {
  readonly project: string | undefined;
  readonly replace: boolean;
  readonly version: string;
  /** What a test's own main file adds: waiting times, stops around effects, its own way to start it again. */
  readonly more?: Partial<Pick<ServeOptions, "staleMs" | "beatMs" | "idleMs" | "observe" | "program" | "onReady">>;
}

const ENDINGS = {
  already: "another host serves this project",
  idle: "no swarm needs a host",
  told: "ended as told",
} as const;

/** The exit code: 0 for every clean end. Throws when the host cannot go on; its keeper then starts another. */
export async function runServe({ project: explicit, replace, version, more = {} }: ServeArguments): Promise<number> {
  const secrets = new Secrets();
  const logger = createLogger("host", process.env.SKEP_LOG, secrets.redact);
  const ending = new AbortController();
  const end = () => ending.abort();
  // `on`, not `once`: the lock library ends the process by itself when it is the only listener left.
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  const program = more.program ?? runningProgram();
  const harnesses = new Map<string, Harness>(Object.entries(HARNESSES));
  const { env } = process;
  const common = { clock: systemClock, logger, env };
  const project = await openProject({ ...common, explicit, cwd: process.cwd(), harnesses, tools: TOOLS_BY_DUTY, watch: true });
  const [node, ...script] = program;
  // What it reads is passed on at once, so young memory of a mebibyte will do: a smaller process is copied faster.
  const startGitHere = startGitBy([node, "--max-semi-space-size=1", ...script, "git-starter"], logger);
  try {
    // An agent's shell must not end or replace the host it works under.
    await requireOperator(project);
    const served = await serve({
      ...common,
      secrets,
      project,
      runSwarm,
      version,
      openFace: mcpFace({ services: projectServices(project, harnesses), version }),
      harness: (id) => harnesses.get(id) ?? null,
      program,
      signal: ending.signal,
      replace,
      ...more,
    });
    logger.info(ENDINGS[served]);
    return 0;
  } finally {
    await project.close();
    startGitHere();
  }
}

interface Options extends Common {
  readonly replace?: true;
}

export const run = command<Options>("serve", {
  options: [PROJECT, ["--replace", "end the host that runs now, and take over from it"]],
  examples: ["skep serve", "skep serve --replace"],
  act: (_args, { project, replace = false }) => runServe({ project, replace, version: version() }),
});
