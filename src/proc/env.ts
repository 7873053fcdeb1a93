/**
 * The environment of every program skep starts: an allow-list, because what is not named cannot leak. Session variables of
 * a calling agent CLI, git's own redirections, skep's and anything that sounds like a secret stay out even when asked for.
 */
export type Env = Readonly<Record<string, string>>;
export type EnvSource = Readonly<Record<string, string | undefined>>;

const ALLOWED: ReadonlySet<string> = new Set(["PATH", "HOME", "LANG", "TERM", "USER", "LOGNAME", "SHELL", "TMPDIR", "TZ"]);
const LOCALE = /^LC_[A-Z]+$/;

/** Behind a proxy or a private CA a program may need these; off unless passed on by name. */
export const NETWORK_VARIABLES: readonly string[] = [
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "NODE_EXTRA_CA_CERTS",
];

const FOREIGN = /^(GIT_|CLAUDE|CODEX|SKEP_|OPENCODE|GEMINI|npm_)/i;
const SECRET = /TOKEN|KEY|SECRET|PASSWORD|PASSWD|CREDENTIAL|COOKIE/i;

/** A variable that never goes from one program's environment into another's. */
const isScrubbed = (name: string): boolean => FOREIGN.test(name) || SECRET.test(name);

/**
 * @param extra values skep sets itself; they win and are taken as they are.
 * @param pass names let through besides the fixed ones; scrubbed names are not, whoever asks.
 */
export function cleanEnv(source: EnvSource, extra: Env = {}, pass: readonly string[] = []): Record<string, string> {
  const env: Record<string, string> = {};
  // Names first: a value of `process.env` is fetched and decoded each time it is asked for, and git is called often.
  for (const name of Object.keys(source)) {
    if (!(ALLOWED.has(name) || LOCALE.test(name) || pass.includes(name)) || isScrubbed(name)) continue;
    const value = source[name];
    if (value !== undefined) env[name] = value;
  }
  // Two spreads of many names cost twenty times as much.
  return Object.assign(env, extra);
}
