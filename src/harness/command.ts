/**
 * Any program that does one turn and ends, named in config. Its seat's process is skep's own runner, which starts it once per
 * message; the token lies in a file of the session's folder, whose name the program is told.
 */
import { SkepError } from "../base/errors.ts";
import { commandCodec, commandFiles, placeholders } from "./command-codec.ts";
import type { RunnerOrder } from "./command-protocol.ts";
import { COMMAND_NEXT, commandSettings, filled, knownSettings } from "./command-settings.ts";
import { findProgram } from "./find-program.ts";
import type { Env, Found, Harness, Launch, LaunchOrder, Missing } from "./harness.ts";

async function detect(env: Env, given: unknown): Promise<Found | Missing> {
  const settings = knownSettings(given);
  if (!settings) return { found: false, why: "no program is named", fix: COMMAND_NEXT };
  const [program = ""] = settings.argv;
  // What is started is the runner, with the node that runs the host.
  if (findProgram(program, env)) return { found: true, path: process.execPath, version: "unknown" };
  return { found: false, why: `there is no program ${JSON.stringify(program)} on the PATH`, fix: `install it, or ${COMMAND_NEXT}` };
}

function launch(order: LaunchOrder): Launch {
  const { argv, entry = process.argv[1] ?? "", mcp, resume = [], set } = commandSettings(order.settings);
  if (order.model === undefined && [...argv, ...resume].some((word) => word.includes("{model}")))
    throw new SkepError("HARNESS_SETTINGS", "harness command: argv names {model}, and no model is set", "set `model` beside `settings`");
  const values = placeholders(order, order.cliSession);
  const own = Object.fromEntries(Object.entries(set).map(([name, value]) => [name, filled(value, values)]));
  const { role_file, mcp_file } = commandFiles("");
  return {
    argv: [order.binary, ...(typeof entry === "string" ? [entry] : entry), "oneshot"],
    env: { ...order.env, ...own },
    stdin: [JSON.stringify({ type: "begin" } satisfies RunnerOrder)],
    files: [
      { path: role_file, text: order.rolePrompt },
      { path: mcp_file, text: filled(mcp, order.mcp) },
    ],
  };
}

export const command: Harness = {
  id: "command",
  provider: "command",
  capabilities: { steer: false, interrupt: true, resume: true, receipts: false, cost: false, toolPolicy: false, watchable: false },
  passes: ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "NODE_EXTRA_CA_CERTS"],
  passesFor: (given) => commandSettings(given).env,
  providerOf: (_model, given) => commandSettings(given).provider,
  detect,
  launch,
  codec: (order) => commandCodec(order, commandSettings(order.settings)),
};
