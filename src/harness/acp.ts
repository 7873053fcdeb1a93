/**
 * Any agent that speaks the Agent Client Protocol on its stdin and stdout, named in config. What the agent itself enforces is
 * not known here: it is asked for permission where the agent asks, and that is all.
 */
import { z } from "zod";
import { acpCodec, acpHello } from "./acp-codec.ts";
import type { AcpOptions } from "./acp-handshake.ts";
import { findProgram } from "./find-program.ts";
import type { Env, Found, Harness, LaunchOrder, Missing } from "./harness.ts";
import { argv, envNames, readSettings } from "./settings.ts";

const settings = z.strictObject({
  /** Program and arguments that start the agent, e.g. [opencode, acp]. */
  command: argv,
  /** Id of the sign-in to ask for; absent: the agent is signed in already. */
  auth: z.string().min(1).max(100).nullable().default(null),
  /** Id of the mode to work in. */
  mode: z.string().min(1).max(100).nullable().default(null),
  env: envNames,
  /** Added to the agent's environment. No secrets: they would stand in the project's config. */
  set: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(10_000)).default({}),
  provider: z.string().min(1).max(40).default("acp"),
  /** Whether its token counts are of a turn or add up over the session. */
  usage: z.enum(["turn", "session"]).default("turn"),
});
const NEXT = "give `command`, the agent's program and arguments, under harness.adapters.acp.settings";
const read = (given: unknown): z.output<typeof settings> => readSettings("acp", settings, given, NEXT);

async function detect(env: Env, given: unknown): Promise<Found | Missing> {
  const known = settings.safeParse(given);
  if (!known.success) return { found: false, why: "no agent is named", fix: NEXT };
  const [program = ""] = known.data.command;
  const path = findProgram(program, env);
  if (path) return { found: true, path, version: "unknown" };
  return { found: false, why: `there is no program ${JSON.stringify(program)} on the PATH`, fix: `install it, or ${NEXT}` };
}

function optionsOf(order: LaunchOrder): AcpOptions {
  const { auth, mode, usage } = read(order.settings);
  return { auth, mode, usage, model: true, role: "message" };
}

export const acp: Harness = {
  id: "acp",
  provider: "acp",
  capabilities: { steer: false, interrupt: true, resume: true, receipts: false, cost: false, toolPolicy: false, watchable: true },
  passes: ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "NODE_EXTRA_CA_CERTS"],
  passesFor: (given) => read(given).env,
  providerOf: (_model, given) => read(given).provider,
  detect,
  launch(order) {
    const { command, set } = read(order.settings);
    return { argv: [order.binary, ...command.slice(1)], env: { ...order.env, ...set }, stdin: [acpHello()] };
  },
  codec: (order) => acpCodec(order, optionsOf(order)),
};
