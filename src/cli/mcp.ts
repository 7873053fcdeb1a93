/** `skep mcp`: the operator's MCP server over stdio. What a client starts; loads nothing of the other commands. */
import { parseArgs } from "node:util";
import { systemClock } from "../base/clock.ts";
import { describeError, quote, SkepError } from "../base/errors.ts";
import { lazyLogger } from "../base/lazy-logger.ts";
import { requireOperator } from "../mcp/operator.ts";
import { serveStdio } from "../mcp/stdio.ts";
import type { Ground } from "../tools/define-tool.ts";
import { TOOLSETS, type Toolset } from "../tools/toolset.ts";
import { EXIT, UsageError } from "./shell/exit.ts";
import type { OpenGround } from "./shell/ground.ts";
import { version } from "./shell/version.ts";

export const HELP = `Usage: skep mcp [--project <folder>] [--toolset core|full]

MCP server over stdio, for the entry of an MCP client:
  { "mcpServers": { "skep": { "command": "npx", "args": ["-y", "skep", "mcp"] } } }

Options:
  --project <folder>  the repository; otherwise SKEP_PROJECT, CLAUDE_PROJECT_DIR, or the folder it is started in
  --toolset <set>     core: run, watch, answer and land alone, for small contexts; full (default): every tool
`;

const LOAD_MS = 2_000;

export async function run(argv: readonly string[]): Promise<number> {
  const { project, toolset, help } = options(argv);
  if (help) {
    process.stdout.write(HELP);
    return EXIT.ok;
  }
  await requireOperator(null);
  const logger = lazyLogger("mcp", process.env.SKEP_LOG);
  const opened: { now: Promise<OpenGround> | null } = { now: null };

  // A client that lists the tools does not wait for what only calls need. Loaded soon after all the same: an update of the
  // package takes the files away, and a server may be idle for days.
  const load = () => import("./shell/ground.ts");
  systemClock.after(LOAD_MS, () => void Promise.all([load(), logger.load()]).catch(() => undefined /* the first call says it */));
  const open = async (): Promise<OpenGround> => (await load()).openGround(project, process.env, logger);

  /** null until there is a repository: a client may start the server first. Any other fault is the caller's to read. */
  async function ground(): Promise<Ground | null> {
    opened.now ??= open();
    try {
      const found = await opened.now;
      await requireOperator(found.project);
      return found;
    } catch (error) {
      if (!(error instanceof SkepError) || error.code !== "SESSION_PROCESS") opened.now = null;
      if (!(error instanceof SkepError) || error.code !== "NO_PROJECT") throw error;
      logger.info(describeError(error));
      return null;
    }
  }

  const { stdin, stdout } = process;
  await serveStdio({
    stdin,
    stdout,
    signals: process,
    caller: { kind: "operator" },
    ground,
    clock: systemClock,
    logger,
    version: version(),
    toolset,
  });
  await (await opened.now?.catch(() => null))?.project.close();
  // A client that keeps the pipe open must not keep the server.
  stdin.destroy();
  return EXIT.ok;
}

interface Options {
  readonly project: string | undefined;
  readonly toolset: Toolset;
  readonly help: boolean;
}

function options(argv: readonly string[]): Options {
  const { project, toolset: named = "full", help = false } = parsed(argv);
  const toolset = TOOLSETS.find((one) => one === named);
  if (toolset) return { project, toolset, help };
  throw new UsageError(`there is no toolset ${quote(named, 40)}; there are ${TOOLSETS.join(" and ")}`, "skep mcp --help");
}

function parsed(argv: readonly string[]) {
  const text = { type: "string" } as const;
  try {
    return parseArgs({ args: [...argv], options: { project: text, toolset: text, help: { type: "boolean", short: "h" } } }).values;
  } catch (error) {
    throw new UsageError(describeError(error).split(". ")[0] ?? "", "skep mcp --help");
  }
}
