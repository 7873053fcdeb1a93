/** The program of a chaos round: the whole product behind failpoints, with short waits for holders that are silent. */

import { parseArgs } from "node:util";
import { atEffect } from "./inject.ts";

export const STALE_MS = 1_500;

const [command, ...rest] = process.argv.slice(2);
if (command === "serve") {
  const { runServe } = await import("../../src/cli/serve.ts");
  const { version } = await import("../../src/cli/shell/version.ts");
  const { failed } = await import("../../src/cli/shell/exit.ts");
  const { project, replace } = parseArgs({ args: rest, options: { project: { type: "string" }, replace: { type: "boolean" } } }).values;
  const observe = (phase: "before" | "after", { kind }: { readonly kind: string }): void => atEffect(phase, kind);
  const more = { staleMs: STALE_MS, beatMs: 200, idleMs: 1_500, observe };
  process.exitCode = await runServe({ project, replace: replace === true, version: version(), more }).catch(failed);
} else {
  const { runCommand } = await import("../../src/cli/shell/dispatch.ts");
  process.exitCode = await runCommand(process.argv.slice(2));
}
