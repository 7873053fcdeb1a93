import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { packageRoot, shippedFiles } from "../../src/catalog/shipped.ts";
import { tempDir } from "../support/temp.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

test("[catalog.shipped.place] the package's files are found from the sources and from the bundle", () => {
  expect(packageRoot()).toBe(ROOT);
  const installed = tempDir("installed");
  for (const folder of ["roles", "rules", "templates"]) cpSync(path.join(ROOT, folder), path.join(installed, folder), { recursive: true });
  writeFileSync(path.join(installed, "package.json"), "{}");
  mkdirSync(path.join(installed, "dist", "chunks"), { recursive: true });
  for (const from of ["dist", "dist/chunks"]) expect(packageRoot(path.join(installed, from))).toBe(installed);
  expect(shippedFiles(installed)).toEqual(shippedFiles(ROOT));
});

test("[catalog.shipped.missing] a package without its roles says so", () => {
  expect(() => packageRoot(tempDir("empty"))).toThrow(expect.objectContaining({ code: "CATALOG_INVALID", next: "install skep again" }));
});
