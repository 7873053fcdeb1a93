/** What Gemini CLI finds in a session's folder: settings in place of the user's, a policy, the role, the user's sign-in. */
import path from "node:path";
import type { LaunchOrder, Preset, PrivateFile } from "./harness.ts";

/** Read as the user's own memory; a project has no file of this name. */
const ROLE_FILE = "skep-role-of-this-session.md";

/** Would start other agents, leave the machine, ask a person who is not there, or keep a second list of tasks. */
const OFF = [
  ...["invoke_agent", "codebase_investigator", "cli_help", "complete_task", "activate_skill", "ask_user", "save_memory"],
  ...["web_fetch", "google_web_search", "list_mcp_resources", "read_mcp_resource", "get_internal_docs", "update_topic"],
  ...["enter_plan_mode", "exit_plan_mode", "write_todos", "tracker_create_task", "tracker_update_task", "tracker_get_task"],
  ...["tracker_list_tasks", "tracker_add_dependency", "tracker_visualize"],
];
const EDITS = ["write_file", "replace"];

export function geminiFiles(order: LaunchOrder, auth: string): readonly PrivateFile[] {
  const { env, limits, preset, rolePrompt } = order;
  const own = path.join(env.HOME ?? "/", ".gemini");
  const accounts = auth === "oauth-personal" ? ["oauth_creds.json", "google_accounts.json"] : [];
  return [
    { path: `.gemini/${ROLE_FILE}`, text: rolePrompt },
    { path: ".gemini/settings.json", text: JSON.stringify(settings(auth, limits.steps)) },
    { path: "policy.toml", text: policy(preset) },
    { path: "tmp/.keep", text: "" },
    ...accounts.map((name) => ({ path: `.gemini/${name}`, linkTo: path.join(own, name) })),
  ];
}

/** A project's own settings would win over these: see `gemini-project.ts`. */
function settings(auth: string, steps: number): unknown {
  return {
    advanced: { ignoreLocalEnv: true },
    // Two tries: a provider that fails is told as a failure, not waited for in silence.
    general: { enableAutoUpdate: false, enableAutoUpdateNotification: false, maxAttempts: 2, sessionRetention: { enabled: false } },
    context: { fileName: ROLE_FILE },
    model: { maxSessionTurns: steps },
    mcp: { allowed: ["skep"] },
    tools: { discoveryCommand: "", callCommand: "" },
    hooksConfig: { enabled: false },
    skills: { enabled: false },
    experimental: { enableAgents: false, autoMemory: false, taskTracker: false },
    privacy: { usageStatisticsEnabled: false },
    telemetry: { enabled: false },
    security: { auth: { selectedType: auth }, environmentVariableRedaction: { enabled: true, allowed: ["SKEP_SESSION"] } },
  };
}

/** The highest tier: neither user, project nor extension overrides it. What is `ask_user` here is asked over ACP. */
function policy(preset: Preset): string {
  const rules = [
    rule({ mcpName: "skep", toolName: "*", decision: "allow", priority: 900 }),
    rule({ toolName: OFF, decision: "deny", priority: 950 }),
    // Reading commands run unasked; this is the option with which they write.
    rule({ toolName: "run_shell_command", commandRegex: "git (diff|log|show).*--out", decision: "deny", priority: 960 }),
  ];
  if (preset === "read-only") rules.push(rule({ toolName: EDITS, decision: "deny", priority: 950 }));
  if (preset !== "full") rules.push(rule({ toolName: ["run_shell_command", ...EDITS], decision: "ask_user", priority: 800 }));
  return rules.join("\n");
}

/** TOML's strings, lists and numbers of this kind are written as in JSON. */
const rule = (fields: Readonly<Record<string, unknown>>): string =>
  ["[[rule]]", ...Object.entries(fields).map(([key, value]) => `${key} = ${JSON.stringify(value)}`), ""].join("\n");
