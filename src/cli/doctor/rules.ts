/** The rules that hold in the commit that is checked out, and whether what they declare does what it says. */
import { countDeclared, selfTest } from "../../catalog/self-test.ts";
import { listed } from "../../domain/foreign.ts";
import { baseCatalog } from "../../engine/base-catalog.ts";
import { type DoctorCheck, fail, ok } from "./check.ts";

export const rules: DoctorCheck = async ({ settings, project }) => {
  // Whatever is wrong with the files themselves is said by the look at the config.
  if (settings === null || settings instanceof Error || project instanceof Error) return [];
  const catalog = await baseCatalog({ root: project.root, base: project.head });
  const flaws = selfTest(catalog);
  if (flaws.length > 0)
    return flaws
      .slice(0, 5)
      .map(({ file, what, fix }) =>
        fail("rules", "rule-flawed", `${file} ${what}`, `${fix}, and commit it: a pattern that is wrong stops honest work`),
      );
  const ids = settings.rules.map(({ id }) => id);
  return [ok("rules", `${ids.length} hold here: ${listed(ids, 20)}; ${countDeclared(catalog)} patterns and globs proven`)];
};
