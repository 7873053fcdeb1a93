/**
 * The one order of settings: defaults ← the user's own file ← the project's ← environment ← flags. Pure: the caller reads
 * the project's text from the swarm's base commit, and passes the user's and the environment in. Every problem is found at once and named with its place and fix.
 */
import { parse as parseYaml } from "yaml";
import type { z } from "zod";
import { quote, SkepError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { readYaml, type YamlSource } from "../base/yaml-source.ts";
import { configFields } from "./fields.ts";
import { CONFIG_FILE, type Config, configSchema } from "./schema.ts";
import { USER_ONLY, type UserText, userSchema } from "./user.ts";

export interface ConfigSources {
  /** The text of the file, null when the project has none. */
  readonly text?: string | null;
  /** How errors name the file. */
  readonly file?: string;
  /** The user's own, null when there is none. */
  readonly user?: UserText | null;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Dotted path → value, as the command line gives it: `{"limits.attempts": "3"}`. */
  readonly flags?: Readonly<Record<string, unknown>>;
}

export interface Setting {
  readonly path: string;
  readonly value: unknown;
  /** How an error names where it came from. */
  readonly from: string;
}

const CODE = "CONFIG_INVALID";
const MOST_PROBLEMS = 8;

const invalid = (message: string, next: string): SkepError => new SkepError(CODE, message, next);

export function resolveConfig({ text = null, file = CONFIG_FILE, user = null, env = {}, flags = {} }: ConfigSources): Config {
  const own = user === null ? {} : fromFile(user.text, user.file, userSchema);
  const base = fromFile(text, file, configSchema);
  const settings = settingsIn({ env, flags });
  const merged = layered(own, base);
  for (const name of USER_ONLY) delete merged[name];
  for (const setting of settings) put(merged, setting.path.split("."), setting.value);
  const result = configSchema.safeParse(merged);
  if (result.success) return result.data;
  throw refusal(result.error.issues.map((issue) => ({ where: originOf(issue, settings, file), what: describe(issue, merged) })));
}

/** What is set one by one, the later winning. */
export const settingsIn = ({ env = {}, flags = {} }: ConfigSources): readonly Setting[] => [...fromEnv(env), ...fromFlags(flags)];

type Table = Record<string, unknown>;

/** What a file says; throws what is wrong with it. */
function fromFile(text: string | null, file: string, schema: z.ZodType): Table {
  const source = text === null || text.trim() === "" ? null : readYaml(text, { file, code: CODE });
  const value = source?.value ?? {};
  if (source) refuseFile(source, value, file, schema);
  return value as Table;
}

/** Tables are laid into each other, anything else takes the place of what was below. Only known keys have come so far. */
function layered(below: Table, above: Table): Table {
  const all = structuredClone(below);
  for (const [key, value] of Object.entries(above))
    all[key] = isTable(value) && isTable(all[key]) ? layered(all[key], value) : structuredClone(value);
  return all;
}

const isTable = (value: unknown): value is Table => typeof value === "object" && value !== null && !Array.isArray(value);

/** The file alone must be right, also where a variable or flag would cover its mistake. */
function refuseFile(source: YamlSource, value: unknown, file: string, schema: z.ZodType): void {
  const result = schema.safeParse(value);
  if (result.success) return;
  throw refusal(
    result.error.issues.flatMap((issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => ({ where: source.keyPlace(issue.path, key), what: unknownKey(issue.path, key) }))
        : [{ where: source.place(issue.path), what: describe(issue, value) }],
    ),
    `correct ${file} there`,
  );
}

function fromEnv(env: Readonly<Record<string, string | undefined>>): Setting[] {
  const known = new Map(configFields().flatMap((field) => (field.env ? [[field.env, field.path] as const] : [])));
  const sections = new Set(
    [...known.values()].filter((path) => path.includes(".")).map((path) => `SKEP_${path.split(".")[0]?.toUpperCase()}_`),
  );
  return Object.entries(env).flatMap(([name, value]) => {
    const path = known.get(name);
    if (value === undefined || value === "") return [];
    if (path) return [{ path, value: scalar(value), from: name }];
    // Other SKEP_ variables have other readers; one that begins like a section of the config can only be meant for it.
    if (![...sections].some((section) => name.startsWith(section))) return [];
    throw invalid(`${name} sets nothing${meant(name, known.keys())}`, `unset ${name} or correct its name`);
  });
}

function fromFlags(flags: Readonly<Record<string, unknown>>): Setting[] {
  const known = new Set(configFields().map((field) => field.path));
  return Object.entries(flags).map(([path, value]) => {
    if (!known.has(path)) throw invalid(`there is no setting ${quote(path)}${meant(path, known)}`, "correct the option's name");
    return { path, value: typeof value === "string" ? scalar(value) : value, from: `option ${path}` };
  });
}

/** `5`, `true` and `null` are what they look like, anything else is text: the same reading as in the file. */
function scalar(text: string): unknown {
  if (!/^(null|~|true|false|[-+.\d][\d.eE+-]*)$/.test(text)) return text;
  return parseYaml(text);
}

/** Paths come from the schema's own list, so no key of a prototype is ever named. */
function put(into: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [head = "", ...rest] = path;
  if (rest.length === 0) {
    into[head] = value;
    return;
  }
  const next = into[head] ?? {};
  into[head] = next;
  put(next as Record<string, unknown>, rest, value);
}

function originOf(issue: z.core.$ZodIssue, settings: readonly Setting[], file: string): string {
  const path = issue.path.join(".");
  // A flag stands after a variable in the list and wins.
  return settings.findLast((setting) => path === setting.path || path.startsWith(`${setting.path}.`))?.from ?? file;
}

function describe(issue: z.core.$ZodIssue, value: unknown): string {
  const path = issue.path.join(".") || "the file";
  const given = issue.path.reduce<unknown>((at, step) => (at as Record<PropertyKey, unknown> | undefined)?.[step], value);
  const got = given === undefined || typeof given === "object" ? "" : `, got ${quote(String(given), 60)}`;
  return `${path}: ${issue.message.replace(/^Invalid input: /, "")}${got}`;
}

function unknownKey(path: readonly PropertyKey[], key: string): string {
  if (path.length === 0 && USER_ONLY.has(key))
    return `${key} is no project's to set: what runs or posts on your machine belongs in your own ~/.config/skep/config.yaml`;
  const prefix = path.length > 0 ? `${path.join(".")}.` : "";
  // Siblings are found by their paths; a list index or a name of a table has no path of its own and no suggestion.
  const siblings = configFields()
    .filter((field) => field.path.startsWith(prefix))
    .map((field) => field.path.slice(prefix.length).split(".")[0] ?? "");
  return `${prefix ? `${path.join(".")} has` : "there is"} no setting ${quote(key, 60)}${meant(key, new Set(siblings))}`;
}

function meant(word: string, known: Iterable<string>): string {
  const guess = nearest(word, known);
  return guess ? `; did you mean ${guess}?` : "";
}

function refusal(problems: readonly { where: string; what: string }[], next = "correct the value"): Error {
  const shown = problems.slice(0, MOST_PROBLEMS).map(({ where, what }) => `${where}: ${what}`);
  const more = problems.length > shown.length ? `; and ${problems.length - shown.length} more` : "";
  return invalid(`${shown.join("; ")}${more}`, next);
}
