/**
 * Claude Code as a long-lived stream-json session. Isolation is by flags: the user's sign-in stays, project settings, hooks,
 * memory, foreign MCP servers and the CLI's own swarms are off. Flags and traps were tried with 2.1.329.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { findClaude } from "./claude-binary.ts";
import { claudeCodec, mcpLine } from "./claude-codec.ts";
import type { Attach, Attachable, Env, Found, Harness, Launch, LaunchOrder, Missing, Preset } from "./harness.ts";
import { type Versioned, versioned } from "./program-version.ts";
import { readSettings } from "./settings.ts";

const settings = z.object({
  /** The user runs skep in a sandbox of theirs: lets the `full` preset run as root. */
  sandboxed: z.boolean().default(false),
});

const NEXT = "give sandboxed (true or false) under harness.adapters.claude.settings";

/** Would start sessions, timers or messages behind skep's back, or ask a person who is not there. */
const OWN_SWARM = [
  "Agent Task ListAgents SendMessage Workflow ScheduleWakeup Skill RemoteTrigger Monitor PushNotification",
  "TaskCreate TaskGet TaskList TaskUpdate TaskOutput TaskStop TodoWrite CronCreate CronDelete CronList",
  "AskUserQuestion EnterPlanMode ExitPlanMode EnterWorktree ExitWorktree",
].flatMap((line) => line.split(" "));

/** `Bash(git diff*)` alone would let `--output` write anywhere. */
const READING = ["git status*", "git diff*", "git log*", "git show*", "git ls-files*", "head *", "ls", "ls *", "pwd"];
const WRITING = ["git add *", "git commit *"];
const NEVER = ["git diff*--output*", "git log*--output*", "git show*--output*"];
/** What a later session of some CLI, or skep, would be set up by. The CLI itself closes `.claude` and `.mcp.json`. */
const CLOSED = ["./.skep/**", "./.codex/**", "./.gemini/**", "./.opencode/**", "./opencode.json*"];
const bash = (pattern: string): string => `Bash(${pattern})`;

/** Built-in tools that are offered at all; MCP tools stay. */
const TOOLS: Readonly<Record<Preset, string>> = {
  "read-only": "Bash,Read,Glob,Grep",
  guarded: "Bash,Read,Edit,Write,Glob,Grep",
  full: "default",
};

function permissions({ preset, commands }: LaunchOrder): readonly string[] {
  if (preset === "full") return ["--dangerously-skip-permissions", "--disallowedTools", ...OWN_SWARM];
  const edits = preset === "guarded" ? ["Edit(./**)", "Write(./**)"] : [];
  const shell = [...READING, ...(preset === "guarded" ? WRITING : []), ...commands.map((argv) => argv.join(" "))];
  const allowed = ["mcp__skep", "Read(./**)", ...edits, "Glob", "Grep", ...shell.map(bash)];
  const never = [...NEVER.map(bash), ...CLOSED.map((place) => `Edit(${place})`)];
  return ["--permission-mode", "dontAsk", "--allowedTools", ...allowed, "--disallowedTools", ...never, ...OWN_SWARM];
}

const SETTINGS = { disableAllHooks: true, autoMemoryEnabled: false, attribution: { commit: "", pr: "" } };

function launch(order: LaunchOrder): Launch {
  const { sandboxed } = readSettings("claude", settings, order.settings, NEXT);
  const argv: [string, ...string[]] = [
    order.binary,
    "-p",
    ...["--input-format", "stream-json", "--output-format", "stream-json", "--verbose"],
    ...(order.resume ? ["--resume", order.cliSession] : ["--session-id", order.cliSession]),
    "--strict-mcp-config",
    ...["--setting-sources", "user", "--settings", JSON.stringify(SETTINGS)],
    ...["--append-system-prompt", order.rolePrompt],
    "--exclude-dynamic-system-prompt-sections",
    ...(order.model === undefined ? [] : ["--model", order.model]),
    // Its "turns" are model calls, counted anew with each message; the process lives on when they are used up.
    ...["--max-turns", String(order.limits.steps)],
    ...(order.limits.usd === null ? [] : ["--max-budget-usd", String(order.limits.usd)]),
    ...["--tools", TOOLS[order.preset]],
    ...permissions(order),
  ];
  // Updating itself in the middle of a swarm would mix two versions in one session.
  const env = { ...order.env, DISABLE_AUTOUPDATER: "1", ...(sandboxed ? { IS_SANDBOX: "1" } : {}) };
  return { argv, env, stdin: [mcpLine(order)] };
}

const VERSIONS: Versioned = {
  title: "Claude Code",
  oldest: [2, 1, 197],
  install: "install Claude Code (npm install -g @anthropic-ai/claude-code) and sign in once",
  update: "claude update",
};

async function detect(env: Env): Promise<Found | Missing> {
  const program = findClaude(env);
  return program ? versioned([program], VERSIONS, env) : { found: false, why: "no claude on the PATH", fix: VERSIONS.install };
}

const BY_VARIABLE = "ANTHROPIC_API_KEY ANTHROPIC_AUTH_TOKEN CLAUDE_CODE_OAUTH_TOKEN CLAUDE_CODE_USE_BEDROCK CLAUDE_CODE_USE_VERTEX".split(
  " ",
);

function signIn(env: Env): ReturnType<NonNullable<Harness["signIn"]>> {
  const variable = BY_VARIABLE.find((name) => env[name]);
  if (variable) return { found: true, by: variable };
  const file = path.join(env.CLAUDE_CONFIG_DIR ?? path.join(env.HOME ?? "/", ".claude"), ".credentials.json");
  if (existsSync(file)) return { found: true, by: file };
  // There it lies in the keychain, which is not to be opened for a look.
  if (process.platform === "darwin") return { found: true, by: "the keychain, perhaps" };
  return { found: false, fix: "start claude once and sign in, or set ANTHROPIC_API_KEY" };
}

/** As the session was: no settings, hooks or servers of the worktree, which an agent may have written there. */
function attach({ binary, cliSession }: Attachable): Attach {
  const own = ["--setting-sources", "user", "--strict-mcp-config", "--settings", JSON.stringify(SETTINGS)];
  return { argv: [binary, "--resume", cliSession, ...own], env: { DISABLE_AUTOUPDATER: "1" } };
}

export const claude: Harness = {
  id: "claude",
  provider: "anthropic",
  capabilities: { steer: true, interrupt: true, resume: true, receipts: true, cost: true, toolPolicy: true, watchable: true },
  passes: [
    ...["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL", "ANTHROPIC_MODEL", "ANTHROPIC_CUSTOM_HEADERS"],
    ...["CLAUDE_CONFIG_DIR", "CLAUDE_CODE_OAUTH_TOKEN", "CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX"],
    ...["AWS_PROFILE", "AWS_REGION", "CLOUD_ML_REGION", "ANTHROPIC_VERTEX_PROJECT_ID"],
    ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "NODE_EXTRA_CA_CERTS", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"],
  ],
  detect,
  tried: "2.1.329",
  signIn,
  launch,
  codec: claudeCodec,
  attach,
};
