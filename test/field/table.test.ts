/** The titles here are what docs/field.md says: failure, colon, what skep does instead. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { failuresTable } from "../../scripts/generated/field.ts";
import failures from "../requirements/field.ts";

const TITLE = /^test\(\s*"\[(field\.[\w-]+)\] (.+?)",/gms;
const folders = [import.meta.dirname, path.join(import.meta.dirname, "../long")];
const files = folders.flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)));
const titles = files
  .filter((file) => file.endsWith(".test.ts") && !file.endsWith("table.test.ts"))
  .flatMap((file) => [...readFileSync(file, "utf8").matchAll(TITLE)].map(([, id = "", title = ""]) => [id, title] as const));

test("[docs.field] each failure on the page has one test, whose title is what the page says", () => {
  expect(titles.length).toBeGreaterThanOrEqual(25);
  expect(titles.map(([id]) => id).sort()).toEqual(Object.keys(failures).sort());
  expect(Object.fromEntries(titles)).toEqual(failures);
  for (const sentence of Object.values(failures)) expect(sentence).toMatch(/^[^:]{15,}: .{10,}$/);
  expect(readFileSync(path.join(import.meta.dirname, "../../docs/field.md"), "utf8")).toContain(failuresTable());
});
