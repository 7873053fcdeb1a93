/** Settings files of other people, through an entry that comes and goes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EntryPath, Format } from "../../../src/cli/setup/format.ts";
import { json } from "../../../src/cli/setup/json-file.ts";
import { toml } from "../../../src/cli/setup/toml-file.ts";

const VALUE = { command: "npx", args: ["-y", "skep", "mcp"], timeout: 60 };
const SERVER: EntryPath = ["mcpServers", "skep"];
const HOOK: EntryPath = ["hooks", "Stop", "-"];

/** In, there once, and out again. Answers the text with the entry. */
function through(format: Format, text: string, path: EntryPath): string {
  const { text: added, ...span } = format.add(text, path, VALUE);
  expect(format.find(added, path, VALUE)).toBe("same");
  expect(format.remove(added, path, VALUE, span)).toBe(text);
  return added;
}

const JSON_FILES = {
  nothing: "",
  "a byte order mark alone": "\ufeff",
  "an empty object": "{}",
  "white space and CRLF": "\ufeff{\r\n}\r\n",
  "a comment alone": "{\n  // none yet\n}\n",
  "other servers, tabs, comments": '// mine\n{\n\t"mcpServers": {\n\t\t"a": {"command": "a"} // why\n\t},\n\t"x": 1\n}\n',
  "trailing commas": '{\n  "mcpServers": {\n    "a": {"url": "b",}, // c\n  },\n}\n',
  "one line": '{"mcpServers": {"a": {}}}',
  "CRLF and a comma on the next line": '{\r\n  "y": [1]\r\n  , "mcpServers": {}\r\n}\r\n',
  "a block comment": '{\n  "mcpServers": { "a": 1 /* one, two */ } /* end */\n}',
};

describe("[setup.format] JSON", () => {
  test.each(Object.entries(JSON_FILES))("%s", (_, text) => {
    const added = through(json, text, SERVER);
    for (const word of text.match(/\/\/ \w+|\/\*.*?\*\/|"[axy]"/g) ?? []) expect(added).toContain(word);
    through(json, text, HOOK);
  });

  test("however it is spaced and commented", () => {
    const space = fc.constantFrom("", " ", "\n", "\r\n\t", " // c\n", "/* [{ */");
    const text = fc.letrec<{ value: string; list: string; object: string }>((tie) => ({
      value: fc.oneof(fc.constantFrom("1", "null", '"a\\"]"', "-1.5e3"), tie("list"), tie("object")),
      list: fc.tuple(space, fc.array(tie("value"), { maxLength: 2 }), space).map(([a, all, b]) => `[${a}${all.join(`${b},${a}`)}${b}]`),
      object: fc
        .tuple(space, fc.array(tie("value"), { maxLength: 2 }), space, fc.boolean())
        .map(
          ([a, all, b, comma]) =>
            `{${a}${all.map((one, n) => `"k${n}"${b}:${a}${one}`).join(`${a},${b}`)}${comma && all.length > 0 ? `${b},` : ""}${b}}`,
        ),
    }));
    const file = fc.oneof(
      text.object,
      fc.tuple(space, text.object).map(([a, inner]) => `{"x":1,${a}"mcpServers":${inner},"hooks"${a}:${a}{}}`),
      fc.tuple(space, text.list).map(([a, inner]) => `${a}{"hooks":${a}{"Stop":${inner}${a},}${a}}${a}`),
    );
    fc.assert(fc.property(file, fc.constantFrom(SERVER, HOOK), (before, path) => void through(json, before, path)));
  });

  test("what was changed around the entry stays, and the entry goes; a changed entry stays", () => {
    const { text, ...span } = json.add('{"mcpServers": {}}', SERVER, VALUE);
    const more = text.replace('"skep"', '"other": {"command": "o"}, // mine\n    "skep"');
    expect(json.remove(more, SERVER, VALUE, span)).toMatch(/"other": \{"command": "o"\}.*\/\/ mine/s);
    expect(json.remove(more, SERVER, VALUE, span)).not.toContain("skep");
    expect(json.remove(text.replace('"npx"', '"bunx"'), SERVER, VALUE, span)).toBeNull();
  });

  test.each([
    ["{", "line 1"],
    ['{\n  "a": 1\n  "b": 2\n}', "line 3"],
    ["[]", "line 1: it is no object"],
    ['{\n\n"mcpServers": []}', "line 3: mcpServers is no object"],
    ["{'a': 1}", "line 1"],
    [`${"[".repeat(100_000)}`, "line 1"],
    ['{"mcpServers": {}, "a": 1, "mcpServers": 1}', "line 1: mcpServers is no object"],
  ])("no such file: %.30s", (text, why) => {
    expect(() => json.add(text, SERVER, VALUE)).toThrow(SyntaxError);
    expect(() => json.add(text, SERVER, VALUE)).toThrow(why);
  });
});

const TOML_PATH: EntryPath = ["mcp_servers", "skep"];

describe("[setup.format] TOML", () => {
  test.each(["", "\ufeff", "# mine", 'model = "x" # why\n', '[mcp_servers.a]\r\ncommand = "a"\r\n', "a = [\n  1, # one\n]\n\n\n"])(
    "%j",
    (text) => {
      expect(through(toml, text, TOML_PATH).startsWith(text)).toBe(true);
    },
  );

  test("any tables, with and without a line break at the end", () => {
    const line = fc.constantFrom("# c", "", "a = 1", 'b = "x" # y', "[t]", "[t.u]", "[[list]]", "k = { z = [1, 2] }", "m = '''\nskep\n'''");
    const file = fc.tuple(fc.uniqueArray(line), fc.constantFrom("\n", "\r\n"), fc.boolean());
    fc.assert(
      fc.property(file, ([lines, eol, ends]) => {
        const text = lines.join(eol) + (ends ? eol : "");
        const isToml = (() => {
          try {
            return toml.find(text, TOML_PATH, VALUE) === "absent";
          } catch {
            return false; // [t] after [t.u] and the like
          }
        })();
        fc.pre(isToml);
        through(toml, text, TOML_PATH);
      }),
    );
  });

  test("a key that was added to the entry, or another value, leaves it alone; tables around it do not", () => {
    const { text, ...span } = toml.add("[a]\nb = 1\n", TOML_PATH, VALUE);
    expect(toml.remove(`${text}enabled = false\n`, TOML_PATH, VALUE, span)).toBeNull();
    expect(toml.remove(text.replace("npx", "bunx"), TOML_PATH, VALUE, span)).toBeNull();
    expect(toml.remove(`# top\n${text}[c]\n`, TOML_PATH, VALUE, span)).toBe("# top\n[a]\nb = 1\n[c]\n");
  });

  test.each([
    ["a = 1\nb = \n", "line 2"],
    ["mcp_servers = { a = {} }\n", "no table [mcp_servers.skep] can stand there"],
    ["a = 1\na = 2\n", "line 2"],
  ])("no such file: %j", (text, why) => {
    expect(() => toml.add(text, TOML_PATH, VALUE)).toThrow(SyntaxError);
    expect(() => toml.add(text, TOML_PATH, VALUE)).toThrow(why);
  });
});
