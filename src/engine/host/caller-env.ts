/** The environment without what an agent CLI tells its children about its own session: a host outlives the caller that started it. */

/** Session variables of the agent CLI that runs the caller. How a user signs in, and that it may not phone home, is not among them. */
const CALLER = /^(CLAUDECODE$|CLAUDE_|CODEX_|OPENCODE_|GEMINI_CLI|AI_AGENT$|MCP_|SKEP_SESSION|SKEP_STEP|SKEP_TOKEN|npm_)/;
const SIGN_IN =
  /^(CLAUDE_CONFIG_DIR|CLAUDE_CODE_(USE_BEDROCK|USE_VERTEX|USE_FOUNDRY|OAUTH_TOKEN|SKIP_[A-Z]+_AUTH|DISABLE_NONESSENTIAL_TRAFFIC)|CODEX_HOME|CODEX_API_KEY|OPENCODE_CONFIG|OPENCODE_CONFIG_DIR)$/;

export function withoutCaller(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const clean: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && (!CALLER.test(name) || SIGN_IN.test(name))) clean[name] = value;
  }
  return clean;
}
