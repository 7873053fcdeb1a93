/**
 * OpenCode as one `opencode serve` per session, spoken to over HTTP. Its configuration, data and state are private to the
 * session; the user's sign-in stays where it is, linked. Settings and traps were tried with 1.18.33.
 */
import path from "node:path";
import { z } from "zod";
import { SkepError } from "../base/errors.ts";
import { NETWORK_VARIABLES } from "../proc/env.ts";
import type { Attach, Attachable, Env, Found, Harness, Launch, LaunchOrder, Missing, Problem } from "./harness.ts";
import { clip } from "./json-line.ts";
import { findOpencode } from "./opencode-binary.ts";
import { opencodeCodec, opening } from "./opencode-codec.ts";
import { DATA, folders, privateFiles, SWITCHES } from "./opencode-config.ts";
import { projectPlugin } from "./opencode-project.ts";
import { opencodeWire, serverPassword } from "./opencode-wire.ts";
import { type Versioned, versioned } from "./program-version.ts";
import { envNames, readSettings } from "./settings.ts";

const settings = z.strictObject({
  /** Part of OpenCode's own configuration: a provider of the user's, options of a model. Keys go by `{env:NAME}`. */
  config: z.record(z.string(), z.unknown()).default({}),
  /** Variables named in it. OpenCode gets them from the host's environment, its commands do not. */
  env: envNames,
  /** Plugins that lie in the repository may run, beside every permission. */
  projectPlugins: z.boolean().default(false),
});
const WHERE = "harness.adapters.opencode.settings";

const settingsOf = (given: unknown) => readSettings("opencode", settings, given, `correct it under ${WHERE}`);

function modelOf(model: string | null | undefined, given: Readonly<Record<string, unknown>>): string | null {
  const inConfig = (given.config as { model?: unknown } | undefined)?.model;
  return model ?? (typeof inConfig === "string" ? inConfig : null);
}

/** OpenCode would take whichever model there is, also a stranger's free one. */
function neededModel(order: LaunchOrder): string {
  const model = modelOf(order.model, order.settings);
  if (model !== null && /^[^/]+\/.+/.test(model)) return model;
  throw new SkepError(
    "HARNESS_SETTINGS",
    model === null ? "harness opencode: no model is given" : `harness opencode: the model ${JSON.stringify(model)} names no provider`,
    "give the model as provider/model, e.g. anthropic/claude-sonnet-4-5 (`opencode models` lists them)",
  );
}

/** Sign-ins and endpoints of the providers OpenCode knows by their variables. */
const KEYS = [
  ...["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "OPENROUTER_API_KEY", "OPENCODE_API_KEY", "GEMINI_API_KEY"],
  ...["GOOGLE_GENERATIVE_AI_API_KEY", "GROQ_API_KEY", "MISTRAL_API_KEY", "DEEPSEEK_API_KEY", "XAI_API_KEY", "GITHUB_TOKEN"],
  ...["AZURE_API_KEY", "AZURE_RESOURCE_NAME", "AWS_PROFILE", "AWS_REGION", "AWS_BEARER_TOKEN_BEDROCK"],
  ...["GOOGLE_CLOUD_PROJECT", "GOOGLE_APPLICATION_CREDENTIALS", "VERTEX_LOCATION"],
];
const PLACES = ["XDG_DATA_HOME", "XDG_CACHE_HOME"];

function launch(order: LaunchOrder): Launch {
  const { config, env: passes, projectPlugins } = settingsOf(order.settings);
  const model = neededModel(order);
  const plugin = projectPlugins ? null : projectPlugin(order.cwd);
  if (plugin !== null)
    throw new SkepError(
      "HARNESS_PROJECT",
      `harness opencode: this repository has OpenCode plugins (${JSON.stringify(plugin)}), which would run beside every permission`,
      `take them out of the branch, or allow them with projectPlugins: true under ${WHERE}`,
    );
  const own = { ...folders(order.home), ...SWITCHES, OPENCODE_TEST_HOME: order.home, OPENCODE_SERVER_PASSWORD: serverPassword(order) };
  const data = order.env.XDG_DATA_HOME ?? path.join(order.env.HOME ?? "/", ".local/share");
  const hidden = [...Object.keys(own), ...PLACES, ...KEYS, ...passes, "OPENCODE", "OPENCODE_PID", "OPENCODE_PURE", "npm_config_user_agent"];
  return {
    argv: [order.binary, "serve", "--pure", "--hostname", "127.0.0.1", "--port", "0"],
    env: { ...order.env, ...own },
    stdin: opening(order),
    files: privateFiles(order, { model, config, hidden }, path.join(data, "opencode/auth.json")),
  };
}

const VERSIONS: Versioned = {
  title: "OpenCode",
  oldest: [1, 18, 0],
  install: "install OpenCode (npm install -g opencode-ai) and sign in once (opencode auth login)",
  update: "opencode upgrade",
};

async function detect(env: Env): Promise<Found | Missing> {
  const builds = findOpencode(env);
  return builds.length > 0 ? versioned(builds, VERSIONS, env) : { found: false, why: "no opencode on the PATH", fix: VERSIONS.install };
}

/** It runs until it is signalled; an end of its own is a start that failed. */
function diagnose({ code, signal, stderr }: { code: number | null; signal: string | null; stderr: string }): Problem | null {
  if (signal !== null || code === 0) return null;
  const lines = stderr.split("\n").flatMap((line) => line.trim() || []);
  const said = lines.find((line) => /error|invalid|failed/i.test(line)) ?? lines.at(-1) ?? `it ended with code ${code}`;
  const kind = /config/i.test(said) && /invalid|not valid|parse|unrecognized/i.test(said) ? "request" : "crash";
  return { kind, message: clip(said, 299), reset: null };
}

/** The session's data stay where they are; everything else is the person's own OpenCode. */
const attach = ({ binary, cliSession, home }: Attachable): Attach => ({
  argv: [binary, "--session", cliSession],
  env: { XDG_DATA_HOME: path.join(home, DATA) },
});

export const opencode: Harness = {
  id: "opencode",
  provider: "opencode",
  capabilities: { steer: true, interrupt: true, resume: true, receipts: true, cost: true, toolPolicy: true, watchable: true },
  passes: [...KEYS, ...PLACES, ...NETWORK_VARIABLES],
  passesFor: (given) => settingsOf(given).env,
  detect,
  tried: "1.18.33",
  launch,
  codec: (order) => opencodeCodec(order, neededModel(order)),
  wire: opencodeWire,
  providerOf: (model, given) => modelOf(model, given)?.split("/")[0] ?? "opencode",
  diagnose,
  attach,
};
