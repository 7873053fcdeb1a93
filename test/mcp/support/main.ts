/** Main file of test processes: an MCP server over stdio, the question who may be the operator, and a parent for children. */
import { spawn } from "node:child_process";
import { systemClock } from "../../../src/base/clock.ts";
import { SkepError } from "../../../src/base/errors.ts";
import { createLogger } from "../../../src/base/logger.ts";
import { openProject, type StoredProject } from "../../../src/engine/project.ts";
import { requireOperator } from "../../../src/mcp/operator.ts";
import { serveStdio } from "../../../src/mcp/stdio.ts";
import { projectServices } from "../../../src/tools/project-services.ts";
import { HARNESSES } from "../../engine/support/harnesses.ts";

const [mode = "", cwd = "", ...rest] = process.argv.slice(2);
const logger = createLogger("test", process.env.SKEP_LOG ?? "silent");
let opened: Promise<StoredProject> | undefined;
const open = () => (opened ??= openProject({ cwd, env: {}, clock: systemClock, logger, harnesses: HARNESSES, startHost: false }));

switch (mode) {
  case "stdio": {
    const { stdin, stdout } = process;
    const ground = async () => {
      await requireOperator(await open());
      return { project: await open(), services: projectServices(await open(), HARNESSES) };
    };
    await serveStdio({
      stdin,
      stdout,
      signals: process,
      caller: { kind: "operator" },
      ground,
      clock: systemClock,
      logger,
      version: "0.0.0",
    });
    await (await opened)?.close();
    stdin.destroy();
    break;
  }
  case "operator":
    try {
      await requireOperator(cwd === "" ? null : await open());
      process.stdout.write("operator\n");
    } catch (error) {
      process.stdout.write(`${error instanceof SkepError ? error.code : String(error)}\n`);
    }
    break;
  case "parent": {
    // Says its pid, waits for a line, then runs this file again with nothing in the environment, two levels deep.
    process.stdout.write(`pid ${process.pid}\n`);
    process.stdin.once("data", () => {
      const [entry = ""] = process.argv.slice(1);
      const shell = spawn("sh", ["-c", '"$@"; true', "sh", process.execPath, entry, "operator", cwd, ...rest], {
        env: { PATH: process.env.PATH ?? "" },
        stdio: ["ignore", "inherit", "inherit"],
      });
      shell.once("close", () => process.stdin.destroy());
    });
    break;
  }
  default:
    throw new Error(`no mode ${mode}`);
}
