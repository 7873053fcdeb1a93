/** Role, team and rule files, mutated: a catalog whose every entry can be used, or every problem with file and line. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SkepError } from "../../src/base/errors.ts";
import { ID } from "../../src/base/ids.ts";
import { type Catalog, loadCatalog } from "../../src/catalog/catalog.ts";
import { MAX_PROMPT_BYTES } from "../../src/catalog/roles.ts";
import { shippedFiles } from "../../src/catalog/shipped.ts";
import { TOOLS_BY_DUTY } from "../../src/tools/index.ts";
import { mutated, runs } from "./support/mutate.ts";

const shipped = shippedFiles();
/** As a project would have it: by its own name in its own folder, where it wins over the shipped one. */
const own = (folder: string) => shipped.filter(({ path }) => path.startsWith(`${folder}/`) && !path.includes("/shared/"));

function usable({ roles, teams, rules }: Catalog): void {
  for (const [id, role] of roles) {
    expect(id).toMatch(ID);
    expect(Buffer.byteLength(role.prompt)).toBeLessThanOrEqual(MAX_PROMPT_BYTES);
    for (const tool of role.tools ?? []) expect(TOOLS_BY_DUTY[role.duty]).toContain(tool);
  }
  for (const id of [...teams.keys(), ...rules.keys()]) expect(id).toMatch(ID);
  for (const team of teams.values()) JSON.stringify(team);
}

describe.each(["roles", "templates/teams", "rules"])("[fuzz.roles] a mutated file of %s", (folder) => {
  test("is taken as a whole or refused as a whole", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...own(folder)).chain((file) => fc.tuple(fc.constant(file), mutated([file.text]))),
        ([file, text]) => {
          try {
            usable(loadCatalog({ shipped, project: [{ path: `.skep/${file.path}`, text }], known: { tools: TOOLS_BY_DUTY } }));
          } catch (error) {
            if (!(error instanceof SkepError)) throw error;
            expect(error.code).toBe("CATALOG_INVALID");
            expect(error.message).toMatch(/^[^:]+:\d+ /);
          }
        },
      ),
      runs(10),
    );
  });
});
