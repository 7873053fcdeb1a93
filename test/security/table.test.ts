/** The table of threats in docs/security.md: data, held against the promises and so against their tests. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { PARTS } from "../requirements.ts";

const page = readFileSync(path.resolve(import.meta.dirname, "../../docs/security.md"), "utf8");
const table = /<!-- threats -->(.*?)<!-- \/threats -->/s.exec(page)?.[1] ?? "";
const rows = table
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (from|---)/.test(line))
  .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "").trim()));
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
  expect([...known].filter((id) => /^(security|fuzz|flood)\./.test(id) && !listed.has(id) && id !== "security.table")).toEqual([]);
});
