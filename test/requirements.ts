/** Every promise of the product, one file per part. Written by `npm run generate` from the folder beside it. */
import type { PromisePart } from "../scripts/promises.ts";
import config from "./requirements/config.ts";
import domain from "./requirements/domain.ts";
import ground from "./requirements/ground.ts";
import host from "./requirements/host.ts";
import proc from "./requirements/proc.ts";
import store from "./requirements/store.ts";

export const PARTS: readonly PromisePart[] = [
  { name: "config", promises: config },
  { name: "domain", promises: domain },
  { name: "ground", promises: ground },
  { name: "host", promises: host },
  { name: "proc", promises: proc },
  { name: "store", promises: store },
];
