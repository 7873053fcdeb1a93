/** The tables in docs/security.md, of threats and of floods: data, held against the promises and so against their tests. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { PARTS } from "../requirements.ts";

const page = readFileSync(path.resolve(import.meta.dirname, "../../docs/security.md"), "utf8");
/** The cells of a table between two marks. */
const rowsOf = (mark: string): readonly (readonly string[])[] =>
  (new RegExp(`<!-- ${mark} -->(.*?)<!-- /${mark} -->`, "s").exec(page)?.[1] ?? "")
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2)
    .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "").trim()));
const rows = rowsOf("threats");
const known = new Set(PARTS.flatMap(({ promises }) => Object.keys(promises)));
const idsIn = (cell: string): readonly string[] => cell.split(", ").filter((id) => id !== "");

/** Who the threat model is about. */
const THREATS = ["task text", "repository", "agent", "other users", "web pages", "anybody"];

test("[security.table] every row has a threat, a promise in words, and promises with tests", () => {
  expect(rows.length).toBeGreaterThan(20);
  for (const [from = "", what = "", held = "", ...more] of rows) {
    expect([from, THREATS.includes(from), what.length > 10, more.length]).toEqual([from, true, true, 0]);
    expect(idsIn(held).length, what).toBeGreaterThan(0);
    expect(idsIn(held).filter((id) => !known.has(id))).toEqual([]);
  }
  expect(THREATS.filter((threat) => !rows.some(([from]) => from === threat))).toEqual([]);
});

test("[security.table] every promise of security, fuzzing and floods stands in it", () => {
  const listed = new Set(rows.flatMap(([, , held = ""]) => idsIn(held)));
  expect([...known].filter((id) => /^(security|fuzz|flood)\./.test(id) && !listed.has(id) && !id.endsWith(".table"))).toEqual([]);
});

test("[flood.table] each limit in the table has a refusal of skep's, a line of doctor, and promises with tests", () => {
  const root = path.resolve(import.meta.dirname, "../..");
  const read = (name: string): string => readFileSync(path.join(root, name), "utf8");
  const [codes, schema, doctor] = [read("docs/reference.md"), read("src/config/floods-schema.ts"), read("src/cli/doctor/floods.ts")];
  const limits = rowsOf("floods");
  expect(limits.length).toBeGreaterThan(10);
  const word = (cell: string): string | undefined => /^`([\w.]+)`$/.exec(cell)?.[1];
  for (const [what = "", most = "", refusal = "", look = "", held = "", ...more] of limits) {
    expect(more, what).toEqual([]);
    if (what !== "connections to the endpoint") expect(codes, what).toContain(`| \`${word(refusal)}\` |`);
    expect(doctor, what).toMatch(new RegExp(`"${word(look)}",\n`));
    const setting = word(most);
    if (setting !== undefined) expect(schema, what).toContain(`\n    ${setting.replace("floods.", "")}: most(`);
    expect(idsIn(held).length, what).toBeGreaterThan(0);
    expect(idsIn(held).filter((id) => !known.has(id))).toEqual([]);
  }
});
