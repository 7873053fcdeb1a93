/**
 * Codex as a long-lived app-server on stdio. Each session has a CODEX_HOME of its own: of the user's only the sign-in is linked
 * in, so config, history and trust of theirs are neither read nor written. Methods and traps were tried with 0.169.0 alone.
 */
import path from "node:path";
import { findCodex } from "./codex-binary.ts";
import { codexCodec, initializeLine } from "./codex-codec.ts";
import { configFile, lookForSignIn, providerIn, signIn, userConfig, variablesNamed } from "./codex-config.ts";
import { diagnose } from "./codex-problem.ts";
import type { Attach, Attachable, Env, Found, Harness, Launch, LaunchOrder, Missing } from "./harness.ts";
import { type Versioned, versioned } from "./program-version.ts";

const HOME = "codex";
const KEYS = ["OPENAI_API_KEY", "CODEX_API_KEY"];

function launch(order: LaunchOrder): Launch {
  // A key goes in by stdin, unless a provider of the user's takes it from its variable: then only that one stays.
  const named = variablesNamed(order.settings);
  const env = Object.fromEntries(Object.entries(order.env).filter(([name]) => !KEYS.includes(name) || named.includes(name)));
  const how = signIn(order);
  return {
    argv: [order.binary, "app-server"],
    env: { ...env, CODEX_HOME: path.join(order.home, HOME) },
    stdin: [initializeLine],
    files: [
      { path: `${HOME}/config.toml`, text: configFile(order) },
      // Linked, not copied: a sign-in is renewed in place, and the old one then no longer holds.
      ...(how !== null && "file" in how ? [{ path: `${HOME}/auth.json`, linkTo: how.file }] : []),
    ],
  };
}

const VERSIONS: Versioned = {
  title: "Codex",
  // The only version the app-server's methods were tried with; older ones lack some of them, or answer otherwise.
  oldest: [0, 169, 0],
  install: "install Codex (npm install -g @openai/codex) and sign in once (codex login)",
  update: "npm install -g @openai/codex@latest",
};

async function detect(env: Env): Promise<Found | Missing> {
  const program = findCodex(env);
  return program ? versioned([program], VERSIONS, env) : { found: false, why: "no codex on the PATH", fix: VERSIONS.install };
}

const attach = ({ binary, cwd, cliSession, home }: Attachable): Attach => ({
  argv: [binary, "resume", cliSession, "--cd", cwd],
  env: { CODEX_HOME: path.join(home, HOME) },
});

export const codex: Harness = {
  id: "codex",
  provider: "openai",
  capabilities: { steer: true, interrupt: true, resume: true, receipts: true, cost: false, toolPolicy: true, watchable: true },
  passes: [...KEYS, ...["CODEX_HOME", "CODEX_CA_CERTIFICATE", "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"]],
  passesFor: variablesNamed,
  detect,
  signIn: lookForSignIn,
  tried: "0.169.0",
  launch,
  codec: codexCodec,
  providerOf: (_model, settings) => providerIn(userConfig(settings)),
  diagnose,
  attach,
};
