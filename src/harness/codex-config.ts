/**
 * What a Codex session of skep's is configured with. Everything that is not secret stands in the session's own CODEX_HOME, so a
 * person who goes on in it by hand has the same provider; the token travels in the thread's own config alone.
 */
import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { gitWritable } from "./codex-git.ts";
import type { Env, LaunchOrder, Preset, SignInLook } from "./harness.ts";
import { isObject, type JsonObject, text } from "./json-line.ts";
import { envNames, readSettings } from "./settings.ts";
import { type Toml, toToml } from "./toml.ts";

const settings = z.strictObject({
  /** Keys of Codex's config.toml, nested or dotted, e.g. model_provider and model_providers. */
  config: z.record(z.string(), z.unknown()).default({}),
  env: envNames,
});
const NEXT = "give keys of Codex's config.toml under harness.adapters.codex.settings.config, names of variables under env";
const read = (given: unknown): z.output<typeof settings> => readSettings("codex", settings, given, NEXT);

/** The user's keys of config.toml, dotted ones unfolded. Throws HARNESS_SETTINGS. */
export function userConfig(given: Readonly<Record<string, unknown>>): JsonObject {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(read(given).config)) {
    const [last = key, ...above] = key.split(".").reverse();
    merge(
      out,
      above.reduce<JsonObject>((inner, name) => ({ [name]: inner }), { [last]: value }),
    );
  }
  return out;
}

function merge(into: Record<string, unknown>, more: JsonObject): Record<string, unknown> {
  for (const [key, value] of Object.entries(more)) {
    const before = into[key];
    into[key] = isObject(before) && isObject(value) ? merge({ ...before }, value) : value;
  }
  return into;
}

export const providerIn = (config: JsonObject): string => text(config.model_provider) || "openai";

/** Variables these settings name: by themselves, or as the key of a model provider. Throws HARNESS_SETTINGS. */
export function variablesNamed(given: Readonly<Record<string, unknown>>): readonly string[] {
  const { model_providers: known } = userConfig(given);
  const providers = isObject(known) ? Object.values(known).filter(isObject) : [];
  const keys = providers.flatMap(({ env_key: name }) => (typeof name === "string" ? [name] : []));
  return [...read(given).env, ...readSettings("codex", envNames, keys, "name a variable of the user's as env_key")];
}

function realPath(place: string): string {
  try {
    return realpathSync(place);
  } catch {
    return place; // not there: the start will say so
  }
}

/** Would start sessions, programs or questions behind skep's back, or bring in what is not the project's. */
const OFF = [
  ...["multi_agent_v2", "goals", "memories", "hooks", "plugins", "remote_plugin", "apps", "skill_search", "tool_suggest"],
  ...["browser_use", "in_app_browser", "computer_use", "image_generation", "sleep_tool", "shell_snapshot", "daemon_auto_start"],
];

/**
 * Codex has no list of allowed commands: beside its sandbox it refuses forced removals by itself and nothing else. So a guarded
 * session may run any program; what it can reach is its worktree, no network, and git as far as a commit needs it.
 */
const SANDBOX: Readonly<Record<Preset, string>> = {
  "read-only": "read-only",
  guarded: "workspace-write",
  full: "danger-full-access",
};

export function configFile(order: LaunchOrder): string {
  const user = userConfig(order.settings);
  const config = {
    ...user,
    // Of no use to the thread, which is told it; a person who goes on by hand gets the same.
    ...(order.model === undefined ? {} : { model: order.model }),
    // Full access would otherwise make it write that the project is trusted, and at once load the project's own servers and hooks.
    projects: Object.fromEntries([order.cwd, realPath(order.cwd)].map((place) => [place, { trust_level: "untrusted" }])),
    features: { ...(isObject(user.features) ? user.features : {}), ...Object.fromEntries(OFF.map((name) => [name, false])) },
    agents: { enabled: false },
    web_search: "disabled",
    analytics: { enabled: false },
    check_for_update_on_startup: false,
    // A key that goes in by stdin is never written down.
    cli_auth_credentials_store: keyOf(signIn(order)) === null ? "file" : "ephemeral",
    // The base commit's AGENTS.md comes with the briefing; the worktree's own may have been edited by the agent.
    project_doc_max_bytes: 0,
    skills: { bundled: { enabled: false }, include_instructions: false },
    sandbox_workspace_write: {
      network_access: false,
      exclude_slash_tmp: true,
      exclude_tmpdir_env_var: true,
      writable_roots: order.preset === "guarded" ? gitWritable(order.cwd) : [],
    },
    shell_environment_policy: { inherit: "all", ignore_default_excludes: false, exclude: ["*KEY*", "*SECRET*", "*TOKEN*", "*PASSW*"] },
  };
  return toToml(config as Readonly<Record<string, Toml>>);
}

export const keyOf = (how: SignIn): string | null => (how !== null && "key" in how ? how.key : null);
export type SignIn = { readonly key: string } | { readonly file: string } | null;

/**
 * The user's own sign-in wins over a key that merely stands in their environment; a key that is there for Codex wins over both.
 * A provider of the user's own takes its key from the variable it names.
 */
export function signIn({ env, settings: given }: Pick<LaunchOrder, "env" | "settings">): SignIn {
  const foreign = providerIn(userConfig(given)) !== "openai";
  if (!foreign && env.CODEX_API_KEY) return { key: env.CODEX_API_KEY };
  const file = path.join(env.CODEX_HOME ?? path.join(env.HOME ?? "/", ".codex"), "auth.json");
  if (existsSync(file)) return { file };
  return !foreign && env.OPENAI_API_KEY ? { key: env.OPENAI_API_KEY } : null;
}

/** By what a session with these settings would sign in; nothing is read. */
export function lookForSignIn(env: Env, given: Readonly<Record<string, unknown>> = {}): SignInLook {
  const how = signIn({ env: env as Readonly<Record<string, string>>, settings: given });
  if (how !== null) return { found: true, by: "file" in how ? how.file : env.CODEX_API_KEY ? "CODEX_API_KEY" : "OPENAI_API_KEY" };
  if (providerIn(userConfig(given)) === "openai") return { found: false, fix: "codex login, or set CODEX_API_KEY" };
  const names = variablesNamed(given);
  const set = names.find((name) => env[name]);
  if (set === undefined && names.length > 0) return { found: false, fix: `set ${names.join(" or ")}` };
  return { found: true, by: set ?? "a provider that names no key" };
}

/** A blocking call may take this long; skep answers within 50 s. */
const TOOL_SECONDS = 600;
const STARTUP_SECONDS = 30;

/** Parameters of thread/start and thread/resume. */
export function threadParams(order: LaunchOrder): JsonObject {
  const skep = {
    url: order.mcp.url,
    http_headers: { Authorization: `Bearer ${order.mcp.token}` },
    // Without this a slow or refused server only means a turn without tools, and each call would wait for an approval.
    required: true,
    default_tools_approval_mode: "approve",
    tool_timeout_sec: TOOL_SECONDS,
    startup_timeout_sec: STARTUP_SECONDS,
  };
  return {
    // A thread with a long history would come back as one line; nobody here reads it.
    ...(order.resume ? { threadId: order.cliSession, excludeTurns: true } : {}),
    cwd: order.cwd,
    approvalPolicy: "never",
    sandbox: SANDBOX[order.preset],
    developerInstructions: order.rolePrompt,
    ...(order.model === undefined ? {} : { model: order.model }),
    config: { mcp_servers: { skep } },
  };
}
