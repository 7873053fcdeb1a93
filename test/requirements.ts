/** Every promise of the product, one file per part. Written by `npm run generate` from the folder beside it. */
import type { PromisePart } from "../scripts/promises.ts";
import catalog from "./requirements/catalog.ts";
import checks from "./requirements/checks.ts";
import config from "./requirements/config.ts";
import domain from "./requirements/domain.ts";
import engine from "./requirements/engine.ts";
import git from "./requirements/git.ts";
import ground from "./requirements/ground.ts";
import harness from "./requirements/harness.ts";
import host from "./requirements/host.ts";
import proc from "./requirements/proc.ts";
import prompts from "./requirements/prompts.ts";
import store from "./requirements/store.ts";

export const PARTS: readonly PromisePart[] = [
  { name: "catalog", promises: catalog },
  { name: "config", promises: config },
  { name: "domain", promises: domain },
  { name: "engine", promises: engine },
  { name: "git", promises: git },
  { name: "ground", promises: ground },
  { name: "harness", promises: harness },
  { name: "host", promises: host },
  { name: "proc", promises: proc },
  { name: "prompts", promises: prompts },
  { name: "store", promises: store },
  { name: "checks", promises: checks },
];
