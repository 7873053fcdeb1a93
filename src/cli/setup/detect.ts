/** What `skep init` finds: the agent CLIs with version and sign-in, the MCP clients, and what the project is built and tested with. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { guessBuilds, guessSetup, guessTests, type TopLevel } from "../../config/setup-guess.ts";
import { findProgram } from "../../harness/find-program.ts";
import type { Env, Harness } from "../../harness/harness.ts";
import { HARNESSES, type HarnessId } from "../../harness/index.ts";
import type { Client } from "./clients/client.ts";
import { CLIENTS, type ClientId, clientIds } from "./clients/index.ts";

/** Those that are programs of their own; in the order in which one is chosen for a new project. */
const CLIS = ["claude", "codex", "opencode", "gemini"] as const satisfies readonly HarnessId[];

export interface FoundCli {
  readonly id: (typeof CLIS)[number];
  readonly found: boolean;
  readonly version: string | null;
  /** null: that cannot be told. */
  readonly signedIn: boolean | null;
  /** One line: where it is and how it signs in, or why it cannot be used. */
  readonly says: string;
}

/** Starts each to hear its version; reads no sign-in, only looks whether one is there. */
export const findClis = (env: Env): Promise<readonly FoundCli[]> => Promise.all(CLIS.map((id) => look(id, HARNESSES[id], env)));

async function look(id: FoundCli["id"], harness: Harness, env: Env): Promise<FoundCli> {
  const found = await harness.detect(env);
  if (!found.found) return { id, found: false, version: null, signedIn: null, says: `${found.why}. To use it: ${found.fix}` };
  const signed = harness.signIn?.(env);
  const sign = signed === undefined ? "" : signed.found ? `, signs in by ${signed.by}` : `, no sign-in was found: ${signed.fix}`;
  return { id, found: true, version: found.version, signedIn: signed?.found ?? null, says: `${found.version}, ${found.path}${sign}` };
}

/** Of those that are here the first that can sign in, else the first of which that cannot be told, else the first. */
export function preferred(clis: readonly FoundCli[]): FoundCli["id"] | null {
  const here = clis.filter(({ found }) => found);
  const best = here.find(({ signedIn }) => signedIn === true) ?? here.find(({ signedIn }) => signedIn === null) ?? here[0];
  return best?.id ?? null;
}

/** A client is here when its program is on the PATH or the project has settings of it. */
export function findClients(root: string, env: Env): readonly ClientId[] {
  const isHere = ({ programs, place }: Client): boolean =>
    existsSync(path.join(root, place)) || programs.some((name) => findProgram(name, env) !== null);
  return clientIds.filter((id) => isHere(CLIENTS[id]));
}

/** The files a user sees at the top of their checkout, committed or not. */
export function topLevel(root: string): TopLevel {
  const files = readdirSync(root, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
  return { files, packageJson: files.includes("package.json") ? readFileSync(path.join(root, "package.json"), "utf8") : null };
}

export const commandsOf = (top: TopLevel) => ({
  setup: guessSetup(top).map(({ argv }) => argv),
  tests: guessTests(top),
  build: guessBuilds(top),
});
