import { SkepError } from "../../src/base/errors.ts";
import { type Catalog, loadCatalog } from "../../src/catalog/catalog.ts";
import type { SourceFile } from "../../src/catalog/problems.ts";
import type { KnownNames } from "../../src/catalog/roles.ts";
import { shippedFiles } from "../../src/catalog/shipped.ts";

export const ROLE = `---
id: tester
title: Tester
duty: worker
version: 1
preset: guarded
---
You test.
`;
/** Fields of a pattern beside the pattern. */
export const SHOWN = "message: m, fix: f, example: a, counter: b";
export const TEAM = `id: pair
title: A pair
seats:
  - role: queen
  - role: reviewer
  - role: developer
`;

export const RULE = `---
id: house
title: House rules
version: 1
tier: project
---
- Errors carry the next step.
- No default exports,
  as names get lost.
`;

export const rule = (text: string, name = "house"): SourceFile => ({ path: `.skep/rules/${name}.md`, text });
export const role = (text: string, name = "tester"): SourceFile => ({ path: `.skep/roles/${name}.md`, text });
export const team = (text: string, name = "pair"): SourceFile => ({ path: `.skep/templates/teams/${name}.yaml`, text });

export const load = (...project: readonly SourceFile[]): Catalog => loadCatalog({ shipped: shippedFiles(), project });

/** `CODE: message | next` of the error a load throws. */
export function refusal(project: readonly SourceFile[], known: KnownNames = {}, shipped = shippedFiles()): string {
  try {
    loadCatalog({ shipped, project, known });
  } catch (error) {
    if (error instanceof SkepError) return `${error.code}: ${error.message} | ${error.next}`;
    throw error;
  }
  throw new Error("the catalog was accepted");
}
