/** Changes of somebody's files, between the moment they are shown and the one they are made. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { changeText, type FileChange, perform } from "../../../src/cli/check/file-change.ts";
import { writeFiles } from "../../support/repo.ts";
import { tempDir } from "../../support/temp.ts";

test.each([
  ["a file that was edited", { "b.json": "theirs" }],
  ["a file that was not there", { "new/c.json": "theirs" }],
  ["a hook that came", { "hook.kept": "theirs" }],
])("[setup.shown] %s since it was shown stays as it is, and nothing is written", (_, meanwhile) => {
  const root = tempDir("files");
  const at = (name: string): string => path.join(root, name);
  writeFiles(root, { "a.json": "a", "b.json": "b", hook: "old" });
  const changes: readonly FileChange[] = [
    { kind: "write", path: at("a.json"), before: "a", after: "A" },
    { kind: "write", path: at("b.json"), before: "b", after: null },
    { kind: "write", path: at("new/c.json"), before: null, after: "C" },
    { kind: "rename", path: at("hook"), to: at("hook.kept") },
    { kind: "write", path: at("hook"), before: null, after: "new" },
  ];
  writeFiles(root, meanwhile);
  const [[name, text]] = Object.entries(meanwhile) as [[string, string]];
  expect(() => perform(changes)).toThrow(expect.objectContaining({ code: "FILE_CHANGED", message: expect.stringContaining(name) }));
  expect([readFileSync(at("a.json"), "utf8"), readFileSync(at(name), "utf8"), readFileSync(at("hook"), "utf8")]).toEqual([
    "a",
    text,
    "old",
  ]);

  const other = tempDir("same");
  writeFiles(other, { "a.json": "a", "b.json": "b", hook: "old" });
  perform(changes.map((change) => JSON.parse(JSON.stringify(change).replaceAll(root, other)) as FileChange));
  expect(["a.json", "new/c.json", "hook.kept", "hook"].map((name) => readFileSync(path.join(other, name), "utf8"))).toEqual([
    "A",
    "C",
    "old",
    "new",
  ]);
  expect(existsSync(path.join(other, "b.json"))).toBe(false);
});

test("[setup.refused] a change that cannot be made is named with its file and why; what came before it is there", () => {
  const root = tempDir("unwritable");
  const at = (name: string): string => path.join(root, name);
  // A file takes the place where the folder of the next one would be: also root cannot write there.
  const changes: readonly FileChange[] = [
    { kind: "write", path: at("settings"), before: null, after: "a" },
    { kind: "write", path: at("settings/mcp.json"), before: null, after: "b" },
    { kind: "write", path: at("c.json"), before: null, after: "c" },
  ];
  const message = expect.stringMatching(/^".*\/settings\/mcp\.json" could not be changed: E\w+: /);
  const next = "mend that, then the same command; skep uninstall takes out what was written";
  expect(() => perform(changes)).toThrow(expect.objectContaining({ code: "FILE_UNWRITABLE", message, next }));
  expect(readFileSync(at("settings"), "utf8")).toBe("a");
  expect(existsSync(at("c.json"))).toBe(false);
});

test("[setup.shown] a text that would redraw the terminal, or overwrite what stands on its line, is shown as it is", () => {
  const before = "{} // \u001b[2J\u202e";
  const after = "{}\t// x\rharmless\r\n";
  expect(changeText({ kind: "write", path: "/p/a.json", before, after })).toBe(
    "change /p/a.json\n- {} // \\u001b[2J\\u202e\n+ {}\t// x\\rharmless\r",
  );
});
