/** The built site asks nobody for anything: what a page loads lies beside it. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { SIDEBAR } from "../../site/.vitepress/sidebar.ts";
import { start } from "../cli/support/skep.ts";
import { tempDir } from "../support/temp.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** Elements and rules that load; a link a reader may follow is none. */
const LOADS = /<(?:script|img|link|iframe|source)\b[^>]*\b(?:src|href)="(?:https?:)?\/\/|url\(["']?(?:https?:)?\/\/|@import\s+["']https?:/i;

test("[docs.site.alone] every page is built, with its search, and loads nothing from elsewhere", async () => {
  const out = tempDir("site");
  const vitepress = path.join(ROOT, "node_modules/.bin/vitepress");
  const { code, stderr } = await start([vitepress, "build", "site", "--outDir", out, "--logLevel", "error"], { cwd: ROOT }).ended;
  expect(code, stderr).toBe(0);
  const files = readdirSync(out, { recursive: true, encoding: "utf8" });
  for (const { link } of SIDEBAR.flatMap(({ items }) => items)) expect(files).toContain(`${link.slice(1)}.html`);
  expect(files.some((name) => name.includes("localSearchIndex"))).toBe(true);
  const loading = files.filter((name) => /\.(html|css)$/.test(name) && LOADS.test(readFileSync(path.join(out, name), "utf8")));
  expect(loading).toEqual([]);
});
