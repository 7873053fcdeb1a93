/** The entries named skep that stand in the settings of MCP clients, and which of them doctor may start. Reads files, writes none. */
import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { parse as parseToml } from "smol-toml";
import { describeError, SkepError } from "../../base/errors.ts";
import { runningProgram } from "../../engine/host/program.ts";
import { findProgram } from "../../harness/find-program.ts";
import type { Env } from "../../harness/harness.ts";
import { TOOLSETS } from "../../tools/toolset.ts";
import { plain, plainValue, readJson } from "../check/json-tree.ts";
import { CLIENTS, type ClientId, clientIds } from "./clients/index.ts";
import { BOM } from "./format.ts";
import { readOwn } from "./own-file.ts";
import { PUBLISHED } from "./program.ts";

type Table = Readonly<Record<string, unknown>>;

export type Standing = { readonly client: ClientId } & (
  | { readonly entry: Table }
  /** Why its settings cannot be read. */
  | { readonly problem: string }
);

/** Those that have one; a client without settings here, or without the entry, is left out. */
export function standingEntries(root: string): readonly Standing[] {
  return clientIds.flatMap((client): readonly Standing[] => {
    try {
      const entry = entryOf(root, client);
      return entry === null ? [] : [{ client, entry }];
    } catch (error) {
      if (error instanceof SkepError || error instanceof SyntaxError) return [{ client, problem: describeError(error) }];
      throw error;
    }
  });
}

function entryOf(root: string, client: ClientId): Table | null {
  const { file, format, path: at } = CLIENTS[client];
  const { text } = readOwn(root, file);
  if (text === null || text.trim() === "") return null;
  const all = format === "json" ? plainValue(readJson(text)) : tomlValue(text);
  const found = at.reduce<unknown>((inner, key) => (isTable(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined), all);
  return found === undefined ? null : isTable(found) ? found : {};
}

function tomlValue(text: string): unknown {
  try {
    return plain(parseToml(text.startsWith(BOM) ? text.slice(1) : text));
  } catch (error) {
    throw new SyntaxError(error instanceof Error ? (error.message.split("\n")[0] ?? "no TOML") : "no TOML");
  }
}

const isTable = (value: unknown): value is Table => typeof value === "object" && value !== null && !Array.isArray(value);

export type Start =
  | { readonly may: true; readonly argv: readonly string[]; readonly cwd: string; readonly env: Readonly<Record<string, string>> }
  | { readonly may: false; readonly missing: string }
  | { readonly may: false; readonly why: string };

/** What else an entry may bring that decides what runs. */
const STEERING = ["env", "envFile", "env_vars", "environment", "cwd", "url", "httpUrl", "serverUrl"] as const;

/**
 * A repository can name any program in such an entry, and looking must not start it. What is started is skep alone: the program
 * that runs now, by whatever name, or `npx -y skep`. The latter from the person's home folder, since npx takes programs,
 * settings and a registry from the folder it is started in; and without the network, since looking downloads nothing.
 */
export function startOfEntry(client: ClientId, entry: Table, { root, env }: { readonly root: string; readonly env: Env }): Start {
  const steering = STEERING.filter((name) => entry[name] !== undefined && !isEmpty(entry[name]));
  if (steering.length > 0) return { may: false, why: `it brings ${steering.join(", ")}` };
  const [named, ...args] = entry.command === undefined ? [] : CLIENTS[client].argv(entry);
  if (named === undefined) return { may: false, why: "it names no program" };
  const own = withoutRepository(env, root);
  const program = findProgram(named, own);
  if (program === null) {
    if (findProgram(named, env) !== null || (named.includes("/") && !path.isAbsolute(named)))
      return { may: false, why: "its program is one of the repository" };
    return { may: false, missing: named };
  }
  const real = realpathSync(program);
  const [skepProgram, ...flags] = runningProgram().map(realOf);
  const script = flags.at(-1);
  if (real === script && isMcp(args)) return { may: true, argv: [program, ...args], cwd: root, env: own };
  if (real === skepProgram && flags.every((flag, n) => realOf(args[n]) === flag) && isMcp(args.slice(flags.length)))
    return { may: true, argv: [program, ...args], cwd: root, env: own };
  if (isBelow(real, root)) return { may: false, why: "its program is one of the repository" };
  const [npx, ...published] = PUBLISHED;
  if (named === npx && published.every((word, n) => args[n] === word) && isMcp(args.slice(published.length)))
    return { may: true, argv: [program, ...args], cwd: homedir(), env: { ...own, SKEP_PROJECT: root, npm_config_offline: "true" } };
  return { may: false, why: "doctor cannot tell that its command is skep" };
}

const realOf = (word = ""): string => (path.isAbsolute(word) && existsSync(word) ? realpathSync(word) : word);

const isMcp = ([command, ...rest]: readonly string[]): boolean =>
  command === "mcp" && (rest.length === 0 || (rest.length === 2 && rest[0] === "--toolset" && TOOLSETS.some((set) => set === rest[1])));

const isEmpty = (value: unknown): boolean => typeof value === "object" && value !== null && Object.keys(value).length === 0;

/** Programs that start programs look for them on the PATH, and npm puts folders of the repository there. */
function withoutRepository(env: Env, root: string): Readonly<Record<string, string>> {
  const folders = (env.PATH ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder) && !isBelow(realOf(folder), root));
  const own = Object.entries(env).flatMap(([name, value]): readonly (readonly [string, string])[] =>
    value === undefined ? [] : [[name, value]],
  );
  return { ...Object.fromEntries(own), PATH: folders.join(path.delimiter) };
}

function isBelow(place: string, root: string): boolean {
  const real = realpathSync(root);
  return place === real || place.startsWith(real + path.sep);
}
