/** Settings as other people have them, for each client: what stands in a file, however it is spaced, commented and written. */
import fc from "fast-check";
import { CLIENTS, type ClientId, clientIds } from "../../../src/cli/setup/clients/index.ts";

/** One settings file. */
export interface Settings {
  readonly text: string;
  readonly mode: number;
}

/** What may stand between two signs of JSON with comments; `\n` is replaced by the line break of the file. */
const gap = fc.constantFrom("", " ", "\n", "\n\t", ' // "skep": {}\n', "/* {[, */", "\n  // mine\n  ");

/** Names that are nearly skep's, and entries that are nearly its. */
const foreign = fc.constantFrom(
  '"skep-extra": {"command": "npx", "args": ["-y", "skep", "mcp"]}',
  '"Skep": {"command": "skep"}',
  '"skep.old": {"url": "http://127.0.0.1:1/mcp", "headers": {"a": "}"}}',
  '"db": {"command": "db", "args": ["\\"skep\\"", "// no comment"]}',
);

/** Always JSON with comments: an object, with the client's table of servers or without, doubled keys beside it. */
function jsonFor(table: string): fc.Arbitrary<string> {
  const list = (items: fc.Arbitrary<string>, max: number): fc.Arbitrary<string> =>
    fc
      .tuple(fc.uniqueArray(items, { maxLength: max }), gap, gap, fc.boolean())
      .map(([all, a, b, trails]) => `{${a}${all.join(`${b},${a}`)}${trails && all.length > 0 ? `${b},` : ""}${b}}`);
  const other = fc.constantFrom('"theme": "dark"', '"theme": "light"', '"skep": true', '"x": [1, 2, [],]', `"y": {"${table}": null}`);
  const servers = list(foreign, 3).map((text) => `"${table}": ${text}`);
  return fc.oneof(
    fc.constantFrom("", "\n", "{}", "{ }\n", "{\n}\n", "// nothing yet\n{\n}\n"),
    list(other, 3),
    list(fc.oneof(other, servers), 2).filter((text) => text.split(`"${table}": {`).length <= 2),
    fc.tuple(servers, fc.array(other, { maxLength: 2 }), gap).map(([own, more, a]) => `${a}{${a}${[...more, own].join(`,${a}`)}${a}}${a}`),
  );
}

const tomlBlocks = fc.constantFrom(
  'model = "x" # [mcp_servers.skep]',
  "notes = '''\n[mcp_servers.skep]\ncommand = \"no\"\n'''",
  '[mcp_servers.skep-extra]\ncommand = "npx"\nargs = ["-y", "skep", "mcp"]',
  '[mcp_servers."skep.old"]\nenv = { A = "1", B = "}" } # inline',
  '[mcp_servers]\nflat = { command = "f" }',
  "[[profiles]]\nname = 'a'",
  "# nothing, said at length",
  '[tui]\n\ttheme = "dark"',
);
const toml = fc
  .tuple(fc.uniqueArray(tomlBlocks, { maxLength: 4 }), fc.constantFrom("\n", "\n\n"), fc.constantFrom("", "\n", "\n\n\n"))
  // Keys of no table come first, the table of servers before its parts.
  .map(([blocks, between, end]) => blocks.toSorted((a, b) => rank(a) - rank(b)).join(between) + end);
const rank = (block: string): number => (block.startsWith("[") ? (block.startsWith("[mcp_servers]") ? 1 : 2) : 0);

const written = (text: fc.Arbitrary<string>): fc.Arbitrary<Settings> =>
  fc
    .tuple(text, fc.constantFrom("\n", "\r\n"), fc.boolean(), fc.constantFrom(0o644, 0o600, 0o640, 0o666))
    .map(([body, eol, mark, mode]) => ({ text: (mark ? "\ufeff" : "") + body.replaceAll("\n", eol), mode }));

/** null: the client has no settings yet. */
export const settings: fc.Arbitrary<Readonly<Record<ClientId, Settings | null>>> = fc.record(
  Object.fromEntries(
    clientIds.map((id) => [id, fc.option(written(CLIENTS[id].format === "toml" ? toml : jsonFor(CLIENTS[id].path[0])), { freq: 6 })]),
  ) as Record<ClientId, fc.Arbitrary<Settings | null>>,
);
