/** Every setting with its value and where that comes from. Pure, over the same sources as the config itself. */
import { readYaml, type YamlSource } from "../base/yaml-source.ts";
import { configFields, userFields } from "./fields.ts";
import { type ConfigSources, resolveConfig, type Setting, settingsIn } from "./load.ts";
import { notify } from "./notify-schema.ts";
import { CONFIG_FILE } from "./schema.ts";
import { USER_ONLY } from "./user.ts";

/** `guess`: from the files of the repository, where nothing is set. */
export type From = "default" | "user" | "project" | "environment" | "option" | "guess";

export interface Origin {
  /** The steps of its name; one of a table's own keys may hold a dot. */
  readonly path: readonly string[];
  readonly value: unknown;
  readonly from: From;
  /** `.skep/config.yaml:3:12`, a variable, a file that was guessed from; null: a default. */
  readonly where: string | null;
}

interface Source {
  readonly from: "project" | "user";
  readonly yaml: YamlSource;
}

/** In the order of the schema; a table by name has a line for each value in it. Throws CONFIG_INVALID. */
export function configOrigins(sources: ConfigSources): readonly Origin[] {
  const { text = null, file = CONFIG_FILE, user = null } = sources;
  const config = resolveConfig(sources);
  const set = settingsIn(sources);
  const project = sourceOf("project", text, file);
  const own = user === null ? [] : sourceOf("user", user.text, user.file);
  const shared = configFields().flatMap(({ path }) => leaves(path.split("."), at(config, path.split("."))));
  const notifies = notify.parse(own[0] === undefined ? {} : (at(own[0].yaml.value, ["notify"]) ?? {}));
  const theirs = userFields().map(({ path }) => ({ path: path.split("."), value: at({ notify: notifies }, path.split(".")) }));
  return [
    ...shared.map((leaf) => ({ ...leaf, ...originOf(leaf.path, set, [...project, ...own]) })),
    ...theirs.map((leaf) => ({ ...leaf, ...originOf(leaf.path, [], own) })),
  ];
}

function sourceOf(from: Source["from"], text: string | null, file: string): readonly Source[] {
  return text === null || text.trim() === "" ? [] : [{ from, yaml: readYaml(text, { file, code: "CONFIG_INVALID" }) }];
}

/** The first that says it wins: variables and options, then the files in the order given. */
function originOf(path: readonly string[], set: readonly Setting[], sources: readonly Source[]): Pick<Origin, "from" | "where"> {
  const name = path.join(".");
  const given = set.findLast((setting) => setting.path === name);
  if (given) return { from: given.from.startsWith("option ") ? "option" : "environment", where: given.from };
  const source = sources.find(
    ({ from, yaml }) => at(yaml.value, path) !== undefined && !(from === "project" && USER_ONLY.has(path[0] ?? "")),
  );
  return source ? { from: source.from, where: source.yaml.place(path) } : { from: "default", where: null };
}

/** An empty table is a value of its own. */
function leaves(path: readonly string[], value: unknown): readonly Pick<Origin, "path" | "value">[] {
  if (!isTable(value) || Object.keys(value).length === 0) return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => leaves([...path, key], inner));
}

function at(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isTable(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined), root);
}

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
