#!/usr/bin/env node
/** argv → one of `cli/*`; nothing else. Each command is loaded only when it is called. */
import { refusePlatform } from "./cli/shell/platform.ts";

const refusal = refusePlatform({ platform: process.platform, node: process.versions.node });
if (refusal !== null) {
  process.stderr.write(`${refusal}\n`);
  process.exitCode = 1;
} else {
  const { runCommand } = await import("./cli/shell/dispatch.ts");
  process.exitCode = await runCommand(process.argv.slice(2));
}
