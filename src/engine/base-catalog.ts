/** Roles, teams and rules as they are at a commit, and which of the rules hold there. */
import { quote, SkepError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { type Catalog, loadCatalog, PROJECT_FOLDERS } from "../catalog/catalog.ts";
import type { KnownNames } from "../catalog/roles.ts";
import { activeRules, type Rule } from "../catalog/rules.ts";
import { shippedFiles } from "../catalog/shipped.ts";
import { CHECKS } from "../checks/index.ts";
import { CONFIG_FILE } from "../config/schema.ts";
import { everyFileName, filesIn } from "./base-files.ts";

export interface CatalogOrder {
  readonly root: string;
  readonly base: string;
  /** Tools by duty, for role files that name some. */
  readonly tools?: KnownNames["tools"];
}

/** Throws CATALOG_INVALID with what to correct. */
export async function baseCatalog({ root, base, tools }: CatalogOrder): Promise<Catalog> {
  const project = await filesIn(root, base, PROJECT_FOLDERS);
  return loadCatalog({ shipped: shippedFiles(), project, known: { ...(tools ? { tools } : {}), checks: Object.keys(CHECKS) } });
}

/** The rules that hold at the commit. Throws NO_RULE when the config switches off one there is not. */
export async function baseRules(catalog: Catalog, off: readonly string[], { root, base }: CatalogOrder): Promise<readonly Rule[]> {
  const known = [...catalog.rules.keys()];
  const unknown = off.find((id) => !known.includes(id));
  if (unknown === undefined) return activeRules(catalog.rules.values(), await everyFileName(root, base), off);
  const meant = nearest(unknown, known);
  throw new SkepError(
    "NO_RULE",
    `there is no rule ${quote(unknown)}, which rules.off names; known are ${known.join(", ")}`,
    meant ? `write ${meant} under rules.off in ${CONFIG_FILE}` : `remove it from rules.off in ${CONFIG_FILE}`,
  );
}
