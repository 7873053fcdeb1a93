/**
 * Gemini CLI over ACP. Its home is the session's own folder, with links to the user's sign-in: the user's servers, extensions,
 * memory and history stay out; a project whose own settings run something is refused. Its policy file makes it ask before it changes or runs anything.
 * Flags, settings and traps were tried with 0.61.0.
 */
import { readFileSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { acpCodec, acpHello } from "./acp-codec.ts";
import type { AcpOptions } from "./acp-handshake.ts";
import { findProgram } from "./find-program.ts";
import { geminiFiles } from "./gemini-files.ts";
import { refuseProject } from "./gemini-project.ts";
import type { Env, Found, Harness, Launch, LaunchOrder, Missing, Problem } from "./harness.ts";
import { judged, type Versioned, versioned } from "./program-version.ts";

const VERTEX = "GOOGLE_GENAI_USE_VERTEXAI";

/** The sign-in that the environment speaks for, else the account the user signed in with. */
function signIn(env: Env): "gemini-api-key" | "vertex-ai" | "oauth-personal" {
  if (env[VERTEX] === "true") return "vertex-ai";
  return env.GEMINI_API_KEY ? "gemini-api-key" : "oauth-personal";
}

function launch(order: LaunchOrder): Launch {
  refuseProject(order.cwd);
  const home = (...names: string[]): string => path.join(order.home, ...names);
  const argv: [string, ...string[]] = [
    order.binary,
    "--acp",
    ...["--approval-mode", order.preset === "full" ? "yolo" : "default"],
    ...["--admin-policy", home("policy.toml")],
    ...["--allowed-mcp-server-names", "skep"],
    ...["--extensions", "none"],
    ...(order.model === undefined ? [] : ["--model", order.model]),
  ];
  const env = {
    ...order.env,
    GEMINI_CLI_HOME: order.home,
    // Untrusted folders get no MCP server at all.
    GEMINI_CLI_TRUST_WORKSPACE: "true",
    // It would start itself again as a child to have more memory.
    GEMINI_CLI_NO_RELAUNCH: "true",
    NO_BROWSER: "true",
    // It leaves reports of failed requests, with the conversation, in the folder for temporary files.
    TMPDIR: home("tmp"),
  };
  return { argv, env, stdin: [acpHello()], files: geminiFiles(order, signIn(order.env)) };
}

const INSTALL = "npm install -g @google/gemini-cli";
const VERSIONS: Versioned = {
  title: "Gemini CLI",
  oldest: [0, 61, 0],
  install: `install Gemini CLI (${INSTALL})`,
  update: `${INSTALL}@latest`,
};

async function detect(env: Env): Promise<Found | Missing> {
  const found = findProgram("gemini", env);
  if (!found) return { found: false, why: "no gemini on the PATH", fix: VERSIONS.install };
  const version = ofPackage(found);
  const judgement = version === null ? await versioned([found], VERSIONS, env) : judged(found, version, VERSIONS);
  // Without a key it would wait for a person at a browser.
  if (judgement.found && signIn(env) === "oauth-personal" && !isFile(path.join(env.HOME ?? "/", ".gemini/oauth_creds.json")))
    return { found: false, why: "Gemini CLI is not signed in", fix: "set GEMINI_API_KEY, or start gemini once and sign in" };
  return judgement;
}

/** Starting it takes two seconds; its package says the same. */
function ofPackage(program: string): string | null {
  try {
    const file = path.join(path.dirname(realpathSync(program)), "../package.json");
    const { name, version } = JSON.parse(readFileSync(file, "utf8")) as { name?: unknown; version?: unknown };
    return name === "@google/gemini-cli" && typeof version === "string" ? version : null;
  } catch {
    return null; // installed in another way: it is asked
  }
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

/** Its own exit codes. */
const EXITS: Readonly<Record<number, Problem["kind"]>> = { 41: "auth", 42: "request", 52: "request" };

export const gemini: Harness = {
  id: "gemini",
  provider: "google",
  capabilities: { steer: false, interrupt: true, resume: true, receipts: false, cost: false, toolPolicy: true, watchable: true },
  passes: [
    ...["GEMINI_API_KEY", "GOOGLE_API_KEY", VERTEX, "GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_LOCATION", "GOOGLE_APPLICATION_CREDENTIALS"],
    ...["GOOGLE_GEMINI_BASE_URL", "GOOGLE_VERTEX_BASE_URL", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "NODE_EXTRA_CA_CERTS"],
  ],
  detect,
  tried: "0.61.0",
  launch,
  codec: (order) => {
    const options: AcpOptions = { auth: signIn(order.env), mode: null, model: false, role: "file", usage: "turn" };
    return acpCodec(order, options);
  },
  diagnose({ code, stderr }) {
    const kind = code === null ? undefined : EXITS[code];
    return kind ? { kind, message: stderr.trim().split("\n").at(-1)?.slice(0, 300) || `exit code ${code}`, reset: null } : null;
  },
  attach: ({ binary, cliSession, home }) => ({
    argv: [binary, "--resume", cliSession],
    env: { GEMINI_CLI_HOME: home, GEMINI_CLI_TRUST_WORKSPACE: "true" },
  }),
};
