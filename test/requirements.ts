/**
 * Every promise of the product, one file per part. A new file is imported and listed here by hand; coverage.test.ts
 * compares this list with the folder, so that a forgotten line is red and not quietly missing.
 */
import type { PromisePart } from "../scripts/promises.ts";
import config from "./requirements/config.ts";
import ground from "./requirements/ground.ts";
import proc from "./requirements/proc.ts";
import store from "./requirements/store.ts";

export const PARTS: readonly PromisePart[] = [
  { name: "config", promises: config },
  { name: "ground", promises: ground },
  { name: "proc", promises: proc },
  { name: "store", promises: store },
];
