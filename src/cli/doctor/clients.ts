import { existsSync } from "node:fs";
import path from "node:path";
import { quote } from "../../base/errors.ts";
import { shellLine } from "../../base/shell-line.ts";
import { inline } from "../../domain/foreign.ts";
import type { Handshake } from "../../mcp/handshake.ts";
import { CLIENTS, type ClientId } from "../setup/clients/index.ts";
import { type Standing, type Start, standingEntries, startOfEntry } from "../setup/entries.ts";
import { type Around, type DoctorCheck, fail, type Look, ok, warn } from "./check.ts";

/** Longer than this no command should take, whatever a client would bear; the limit of Codex unless its entry sets one. */
const PATIENCE_MS = 10_000;
const WHAT = "clients";
const SERVER_NAME = "skep";

type Startable = Extract<Start, { may: true }>;

/** The entry of every MCP client that has one here: the server it starts is started, and has to answer. */
export const clients: DoctorCheck = async (around) => {
  const { project, env } = around;
  if (project instanceof Error) return [];
  const { root } = project;
  const standing = standingEntries(root);
  if (standing.length === 0) return [ok(WHAT, "no entry for skep in the settings of any client here; skep init writes one")];
  // Six clients with one command are one start.
  const started = new Map<string, Promise<Handshake>>();
  const greet = (start: Startable, deadlineMs: number): Promise<Handshake> => {
    const key = JSON.stringify([start.argv, deadlineMs]);
    const known = started.get(key) ?? shake(start, deadlineMs, around);
    started.set(key, known);
    return known;
  };
  return Promise.all(
    standing.map(async (one): Promise<Look> => {
      if ("problem" in one) return unreadable(one);
      const start = startOfEntry(one.client, one.entry, { root, env });
      if (!start.may) return unstarted(one.client, one.entry, start);
      const limit = CLIENTS[one.client].patience?.(one.entry) ?? null;
      return told(one.client, start, await greet(start, Math.min(limit ?? PATIENCE_MS, PATIENCE_MS)), limit, root);
    }),
  );
};

async function shake({ argv, cwd, env }: Startable, deadlineMs: number, { clock, version }: Around): Promise<Handshake> {
  const { shakeHands } = await import("../../mcp/handshake.ts");
  return shakeHands({ argv, cwd, env, deadlineMs, clock, version });
}

const nameOf = (client: ClientId): string => `${CLIENTS[client].title}, ${CLIENTS[client].file}`;

const unreadable = ({ client, problem }: Extract<Standing, { problem: string }>): Look =>
  warn(WHAT, "client-settings-unreadable", `${nameOf(client)}: ${inline(problem, 300)}`, `correct ${CLIENTS[client].file}`);

function unstarted(client: ClientId, entry: Readonly<Record<string, unknown>>, start: Extract<Start, { may: false }>): Look {
  const { next, argv } = CLIENTS[client];
  const again = `take the entry out and run skep init --client ${client}`;
  if ("missing" in start) {
    const found = `${nameOf(client)}: there is no program ${quote(start.missing, 200)}`;
    return fail(WHAT, "client-program-missing", found, again);
  }
  const command = entry.command === undefined ? "" : `, ${quote(shellLine(argv(entry)), 200)}`;
  const found = `${nameOf(client)}: not tried, ${start.why}${command}`;
  return warn(WHAT, "client-entry-unverified", found, `${next}, if you trust the command; else ${again}`);
}

function told(client: ClientId, { argv }: Startable, shaken: Handshake, limitMs: number | null, root: string): Look {
  const by = `${nameOf(client)}:`;
  const hand = `${quote(shellLine(argv), 200)} by hand, with SKEP_LOG=debug`;
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  const last = "stderr" in shaken ? lastLine(shaken.stderr) : "";
  const said = last === "" ? "" : `: ${quote(last, 300)}`;
  switch (shaken.outcome) {
    case "answered": {
      if (shaken.name !== SERVER_NAME) {
        const found = `${by} a server ${quote(shaken.name, 60)} answered, which is not skep`;
        return fail(WHAT, "client-wrong-server", found, `take the entry out and run skep init --client ${client}`);
      }
      // npx looks into the folder the client starts it in; doctor does not.
      const local = path.basename(argv[0] ?? "") === "npx" && existsSync(path.join(root, "node_modules/.bin", SERVER_NAME));
      const other = local ? "; here npx starts the skep in node_modules, which was not tried" : "";
      return ok(WHAT, `${by} answers as skep ${inline(shaken.version, 40)} in ${seconds(shaken.ms)}${other}`);
    }
    case "silent": {
      const waited = `${by} no answer in ${seconds(Math.min(limitMs ?? PATIENCE_MS, PATIENCE_MS))}`;
      if (limitMs === null) return fail(WHAT, "client-silent", `${waited}${said}`, hand);
      if (limitMs <= PATIENCE_MS) return fail(WHAT, "client-silent", `${waited}, when the client gives up${said}`, hand);
      return warn(WHAT, "client-silent", `${waited}; the client waits up to ${seconds(limitMs)}${said}`, hand);
    }
    case "exited":
      if (/\bENOTCACHED\b/.test(shaken.stderr)) {
        const found = `${by} npx has not fetched skep on this machine yet, and doctor downloads nothing`;
        return warn(WHAT, "client-not-fetched", found, "npx -y skep --version, which fetches it");
      }
      return fail(WHAT, "client-exited", `${by} ended with ${shaken.why} before it answered${said}`, hand);
    case "refused":
    case "not started":
      return fail(WHAT, "client-exited", `${by} ${shaken.outcome}, ${quote(shaken.why, 300)}${said}`, hand);
  }
}

/** npm ends with the place of its log, which says nothing. */
const lastLine = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.trim())
    .findLast((line) => line !== "" && !line.includes("complete log of this run")) ?? "";
