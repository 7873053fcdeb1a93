import { expect, test } from "vitest";
import { lostLines } from "../../src/git/lost-lines.ts";
import { makeKit } from "./kit.ts";

const START = ["export function total(items) {", "  return items.length;", "}", ""].join("\n");
const TASK = ["export function total(items, tax) {", "  const sum = items.length;", "  return sum * tax;", "}", ""].join("\n");
const MERGED = [
  "export function total(items) {",
  "  if (items === null) throw new TypeError('no items');",
  "  return items.length;",
  "}",
  "",
].join("\n");

/** Both sides changed `total.js`; the result is what the resolver made of it. */
async function resolved(result: Readonly<Record<string, string>>) {
  const { repo, seat } = await makeKit();
  const base = repo.commit({ "total.js": START });
  const [dev, other, third] = [await seat("dev-0"), await seat("dev-1"), await seat("resolver-0")];
  await dev.open("t1", 1, base);
  dev.write({ "total.js": TASK, "tax.js": "export const TAX = 1.2;\n" });
  const task = await dev.sha("t1", 1, base);
  await other.open("t2", 1, base);
  other.write({ "total.js": MERGED });
  const merged = await other.sha("t2", 1, base);
  const opened = await third.open("t1", 2, merged, task);
  expect(opened.conflict).toEqual(["total.js"]);
  third.write(result);
  return lostLines(repo.commonDir, { task, merged, result: await third.sha("t1", 2, merged) });
}

test("[resolver.lost] lines that either side added and the result lacks, with their side", async () => {
  expect(await resolved({ "total.js": MERGED })).toEqual({
    lines: [
      { path: "total.js", side: "task", text: "export function total(items, tax) {" },
      { path: "total.js", side: "task", text: "  const sum = items.length;" },
      { path: "total.js", side: "task", text: "  return sum * tax;" },
    ],
    total: 3,
  });
  const { lines } = await resolved({ "total.js": TASK });
  expect(lines).toEqual([{ path: "total.js", side: "merged", text: "  if (items === null) throw new TypeError('no items');" }]);
}, 30_000);

test("[resolver.lost.moved] nothing is lost that stands elsewhere or is indented in another way", async () => {
  const both = [
    "import { check } from './check.js';",
    "export function total(items, tax) {",
    "    const sum = items.length;",
    "    return sum * tax;",
    "}",
    "",
  ].join("\n");
  const check = "export function check(items) {\n  if (items === null) throw new TypeError('no items');\n}\n";
  expect(await resolved({ "total.js": both, "check.js": check })).toEqual({ lines: [], total: 0 });
}, 30_000);
