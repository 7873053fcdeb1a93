/**
 * What OpenCode is told about a session, as files in the session's own folder: its configuration with the preset as a
 * permission table, the role text, and the shell its commands run in. Nothing of it is in a variable that commands inherit.
 */
import path from "node:path";
import type { LaunchOrder, PrivateFile } from "./harness.ts";

/** A blocking tool call may take this long; skep answers within 50 s. OpenCode's own limit is 60 s. */
export const TOOL_TIMEOUT_MS = 600_000;

/** The agent every session runs as: OpenCode's own, so that a person who takes a session over has it too. */
export const AGENT = "build";

/** Would start sessions, lists or questions behind skep's back. */
const OWN_SWARM = Object.fromEntries(["task", "todowrite", "todoread", "question", "skill", "plan_enter", "plan_exit"].map(denied));

/**
 * Patterns match the whole command; each command of a line is asked about. `cat` is the reader whose arguments OpenCode holds
 * against the worktree; `head` and `tail` would read anywhere.
 */
const READING = ["git status*", "git diff*", "git log*", "git show*", "git ls-files*", "cat *", "ls", "ls -l", "ls -la", "pwd"];
const WRITING = ["git add *", "git commit *"];
const NEVER = ["*>*", "git *--output*", "git *--no-index*", "git *--ext-diff*"];

/** Places that make programs run in sessions or in git; without these lines a model may overwrite the worktree's `.git`. */
const KEPT = [".git", ".git/*", ".opencode", ".opencode/*", "opencode.json*", ".claude/*", ".skep/*"];

type Rule = "allow" | "deny";
type Permission = Readonly<Record<string, Rule | Readonly<Record<string, Rule>>>>;

/** Of the rules that fit, the last one decides: the order is the meaning. */
export function permissions({ preset, commands }: Pick<LaunchOrder, "preset" | "commands">): Permission {
  if (preset === "full") return { "*": "allow", external_directory: "allow", doom_loop: "allow", ...OWN_SWARM };
  const shell = [...READING, ...(preset === "guarded" ? WRITING : [])];
  return {
    "*": "deny",
    "skep_*": "allow",
    read: { "*": "allow", "*.env": "deny", "*.env.*": "deny", "*.env.example": "allow" },
    edit: preset === "guarded" ? { "*": "allow", ...Object.fromEntries(KEPT.map(denied)) } : "deny",
    glob: "allow",
    grep: "allow",
    external_directory: "deny",
    // The same call three times in a row: what waiting for mail looks like.
    doom_loop: "allow",
    ...OWN_SWARM,
    bash: {
      "*": "deny",
      ...Object.fromEntries(shell.map(allowed)),
      ...Object.fromEntries(NEVER.map(denied)),
      ...Object.fromEntries(commands.map((argv) => allowed(argv.join(" ")))),
    },
  };
}

function allowed(name: string): [string, Rule] {
  return [name, "allow"];
}
function denied(name: string): [string, Rule] {
  return [name, "deny"];
}

interface Wishes {
  readonly model: string;
  /** Configuration from skep's settings, such as a provider of the user's own; what is fixed below wins over it. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Variables that OpenCode gets and its commands do not. */
  readonly hidden: readonly string[];
}

export const DATA = "data";
const CONFIG = "config";
const ROLE = "role.md";
/** By its name OpenCode knows how to call it: `sh` gets the command alone, `bash` would read the user's profile first. */
const SHELL = "bin/sh";

export function privateFiles(order: LaunchOrder, wishes: Wishes, signIn: string): readonly PrivateFile[] {
  return [
    { path: `${CONFIG}/opencode/opencode.json`, text: JSON.stringify(configuration(order, wishes), null, 2) },
    { path: ROLE, text: order.rolePrompt },
    { path: SHELL, text: shellScript(wishes.hidden), executable: true },
    // Refreshed sign-ins are written through the link, so the user's own file stays the only one.
    { path: `${DATA}/opencode/auth.json`, linkTo: signIn },
  ];
}

function configuration(order: LaunchOrder, { model, config }: Wishes): Readonly<Record<string, unknown>> {
  const [provider = ""] = model.split("/");
  const off = { disable: true };
  return {
    ...config,
    model,
    // Without this a missing sign-in would be answered by whatever free model there is.
    enabled_providers: [provider],
    // Added to the CLI's own prompt in every step, also after a compaction; a message's `system` would be lost there.
    instructions: [path.join(order.home, ROLE)],
    shell: path.join(order.home, SHELL),
    default_agent: AGENT,
    agent: { [AGENT]: { mode: "primary", steps: order.limits.steps }, plan: off, general: off, explore: off },
    permission: permissions(order),
    mcp: {},
    plugin: [],
    share: "disabled",
    autoupdate: false,
    snapshot: false,
    lsp: false,
    formatter: false,
    experimental: { mcp_timeout: TOOL_TIMEOUT_MS, continue_loop_on_deny: true },
  };
}

/** OpenCode hands its whole environment to commands: this takes out what is its own before the real shell begins. */
function shellScript(hidden: readonly string[]): string {
  const names = hidden.filter((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  return [
    "#!/bin/sh",
    `unset ${names.join(" ")}`,
    'if command -v bash >/dev/null 2>&1; then exec bash "$@"; fi',
    'exec /bin/sh "$@"',
    "",
  ].join("\n");
}

/** Where OpenCode keeps things of this session; its cache (models, helper programs) stays the user's. */
export const folders = (home: string): Readonly<Record<string, string>> => ({
  XDG_CONFIG_HOME: path.join(home, CONFIG),
  XDG_DATA_HOME: path.join(home, DATA),
  XDG_STATE_HOME: path.join(home, "state"),
});

/**
 * Project files, other programs' files, updates and downloads stay out. Without the last two it would install a package for
 * plugins into every session's own folder: from the network, before the first turn, and offline only after many seconds.
 */
export const SWITCHES: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...["PROJECT_CONFIG", "CLAUDE_CODE", "EXTERNAL_SKILLS", "DEFAULT_PLUGINS"],
    ...["AUTOUPDATE", "MODELS_FETCH", "LSP_DOWNLOAD", "SHARE", "TERMINAL_TITLE"],
  ]
    .map((what) => [`OPENCODE_DISABLE_${what}`, "1"])
    .concat([
      ["npm_config_registry", "http://127.0.0.1:1/"],
      ["npm_config_fetch_retries", "0"],
    ]),
);
