/** Plain data as TOML: one line per key, everything below it inline. */
export type Toml = string | number | boolean | readonly Toml[] | { readonly [key: string]: Toml | null | undefined };

export const toToml = (table: Readonly<Record<string, Toml | null | undefined>>): string =>
  pairs(table)
    .map((pair) => `${pair}\n`)
    .join("");

const pairs = (table: Readonly<Record<string, Toml | null | undefined>>): string[] =>
  Object.entries(table).flatMap(([key, value]) => (value === null || value === undefined ? [] : [`${quoted(key)} = ${inline(value)}`]));

function inline(value: Toml): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (isList(value)) return `[${value.map(inline).join(", ")}]`;
  return `{ ${pairs(value).join(", ")} }`;
}

const isList = (value: Toml): value is readonly Toml[] => Array.isArray(value);
/** A JSON string is a basic string of TOML, but for one character that only TOML forbids. */
const quoted = (text: string): string => JSON.stringify(text).replaceAll("\u007f", "\\u007f");
