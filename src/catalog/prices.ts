/** The price table of the package: one file with its date. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { readYaml } from "../base/yaml-source.ts";
import type { Price } from "../domain/price.ts";
import { packageRoot } from "./shipped.ts";

const PRICES_FILE = "templates/prices.yaml";

const dollars = z.number().min(0).max(10_000);
const schema = z.strictObject({
  asOf: z.string().regex(/^\d{4}-\d\d-\d\d$/),
  sources: z.array(z.url()).min(1),
  prices: z.array(z.strictObject({ model: z.string().min(1), input: dollars, cached: dollars.optional(), output: dollars })),
});

export interface PriceTable {
  /** The day the prices were looked up. */
  readonly asOf: string;
  readonly sources: readonly string[];
  readonly prices: readonly Price[];
}

export function shippedPrices(root = packageRoot()): PriceTable {
  const text = readFileSync(path.join(root, PRICES_FILE), "utf8");
  return schema.parse(readYaml(text, { file: PRICES_FILE, code: "CATALOG_INVALID" }).value);
}
