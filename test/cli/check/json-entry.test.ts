/** Settings files keep every byte of theirs through an entry that comes and goes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addEntry, removeEntry } from "../../../src/cli/check/json-entry.ts";
import { plainValue, readJson as readTree } from "../../../src/cli/check/json-tree.ts";

const readJson = (text: string) => ({ value: plainValue(readTree(text)) });
const ENTRY = '{"matcher": "Bash", "hooks": [{"type": "command", "command": "skep check --hook claude", "timeout": 60}]}';
const isOurs = (value: unknown): boolean => JSON.stringify(value)?.includes(" --hook claude") === true;

const SETTINGS = {
  "an empty object": "{}",
  "an object of white space": "{\r\n}\r\n",
  "other settings, tabs and a comment": '// mine\n{\n\t"model": "x", // why\n\t"permissions": {"allow": []},\n}\n',
  "hooks that are empty": '{"hooks": {}}',
  "other events": '{\n  "hooks": {\n    "Stop": [{"hooks": []}]\n  },\n  "a": 1\n}',
  "a list that is empty": '{ "hooks": { "PreToolUse": [] } }\n',
  "a list of one space": '{ "hooks": { "PreToolUse": [ ] } }\n',
  "hooks of others": '{\n  "hooks": {\n    "PreToolUse": [\n      {"matcher": "Edit", "hooks": []}\n    ]\n  }\n}\n',
};

describe("[cli.hooks.settings] an entry is put at the end of its list and taken out again byte for byte", () => {
  test.each(Object.entries(SETTINGS))("%s", (_name, text) => {
    const added = addEntry(text, ENTRY, isOurs);
    const { hooks, ...rest } = readJson(added).value as { hooks: Record<string, unknown[]> };
    expect(hooks.PreToolUse?.at(-1)).toEqual(JSON.parse(ENTRY));
    const was = readJson(text).value as { hooks?: Record<string, unknown[]> };
    expect({ ...hooks, PreToolUse: hooks.PreToolUse?.slice(0, -1) }).toEqual({ ...was.hooks, PreToolUse: was.hooks?.PreToolUse ?? [] });
    expect(rest).toEqual(Object.fromEntries(Object.entries(was).filter(([key]) => key !== "hooks")));
    expect(addEntry(added, ENTRY, isOurs)).toBe(added);
    expect(removeEntry(added, isOurs)).toBe(text);
  });

  test("any JSON, however it is spaced and commented", () => {
    const space = fc.constantFrom("", " ", "\n", "\r\n\t", " // c\n", "/* [{ */");
    const text = fc.letrec<{ value: string; list: string; object: string }>((tie) => ({
      value: fc.oneof(fc.constantFrom("1", "null", '"a\\"]"', "-1.5e3"), tie("list"), tie("object")),
      list: fc.tuple(space, fc.array(tie("value"), { maxLength: 2 }), space).map(([a, all, b]) => `[${a}${all.join(`${b},${a}`)}${b}]`),
      object: fc
        .tuple(space, fc.array(tie("value"), { maxLength: 2 }), space)
        .map(([a, all, b]) => `{${a}${all.map((one, n) => `"k${n}"${b}:${a}${one}`).join(`,${a}`)}${b}}`),
    }));
    const list = fc.tuple(text.list);
    const file = fc.oneof(
      text.object,
      fc.tuple(space, text.object).map(([a, hooks]) => `{"x":1,${a}"hooks":${hooks}}`),
      fc.tuple(space, list).map(([a, [all]]) => `${a}{"hooks":${a}{"PreToolUse":${all}${a},}${a}}${a}`),
    );
    fc.assert(
      fc.property(file, (before) => {
        const added = addEntry(before, ENTRY, isOurs);
        expect(readJson(added).value).toMatchObject({ hooks: { PreToolUse: expect.arrayContaining([JSON.parse(ENTRY)]) } });
        expect(removeEntry(added, isOurs)).toBe(before);
      }),
    );
  });

  test("JSON is read as JSON.parse reads it, and what is none is refused", () => {
    fc.assert(fc.property(fc.json(), (json) => void expect(readJson(json).value).toEqual(JSON.parse(json))));
    for (const none of ["", "{", "[1,,2]", "{a: 1}", "1 2", "tru", '"a', "'a'", '{"a" 1}'])
      expect(() => readJson(none)).toThrow(SyntaxError);
  });
});
