/**
 * Proves that what data files declare does what their authors meant: each pattern finds its example and leaves its counter-example
 * alone, each list of globs names its example path and not the other. One list; another kind of item is one line more.
 */
import { hits, whyUnusable } from "../base/bounded-search.ts";
import { quote } from "../base/errors.ts";
import { matches } from "../base/glob.ts";
import type { Catalog } from "./catalog.ts";
import type { ProvenPattern } from "./patterns.ts";
import type { Problem } from "./problems.ts";

/** Globs with a path they name and one they do not. */
export interface ProvenGlobs {
  readonly globs: readonly string[];
  readonly example: string;
  readonly counter: string;
}
type Shown = Pick<ProvenPattern, "pattern" | "example" | "counter">;
/** What one file declares and can be held to. */
export interface Declared {
  readonly file: string;
  readonly patterns: readonly Shown[];
  readonly globs: readonly ProvenGlobs[];
}

const DECLARED: readonly ((catalog: Catalog) => readonly Declared[])[] = [declaredByRules, declaredByRoles];

/** Everything that does not do what it says; empty when all is proven. */
export const selfTest = (catalog: Catalog): readonly Problem[] => DECLARED.flatMap((of) => of(catalog)).flatMap(prove);

/** How much there was to prove. */
export const countDeclared = (catalog: Catalog): number =>
  DECLARED.flatMap((of) => of(catalog)).reduce((sum, { patterns, globs }) => sum + patterns.length + globs.length, 0);

function declaredByRules({ rules }: Catalog): readonly Declared[] {
  return [...rules.values()].map(({ file, patterns, paths, example, counter }) => ({
    file,
    patterns,
    globs: paths !== null && example !== null && counter !== null ? [{ globs: paths, example, counter }] : [],
  }));
}

/** An output is known by a line of it, or by its path alone. */
function declaredByRoles({ roles }: Catalog): readonly Declared[] {
  return [...roles.values()].map(({ file, forbiddenPatterns, requiredOutputs }) => ({
    file,
    patterns: [
      ...forbiddenPatterns,
      ...requiredOutputs.flatMap(({ content, example, counter }) => (content === null ? [] : [{ pattern: content, example, counter }])),
    ],
    globs: requiredOutputs.flatMap(({ path, content, example, counter }) =>
      content === null ? [{ globs: [path], example, counter }] : [],
    ),
  }));
}

function prove({ file, patterns, globs }: Declared): readonly Problem[] {
  const problem = (what: string, fix: string): Problem => ({ file, line: 1, what, fix });
  return [
    ...patterns.flatMap((one) => flawsOf(one).map(([what, fix]) => problem(what, fix))),
    ...globs.flatMap(({ globs: list, example, counter }) => [
      ...(matches(example, list)
        ? []
        : [problem(`has paths that do not name their example ${quote(example)}`, "correct the globs or the example")]),
      ...(matches(counter, list)
        ? [problem(`has paths that name their counter-example ${quote(counter)}`, "narrow the globs or correct the counter")]
        : []),
    ]),
  ];
}

function flawsOf({ pattern, example, counter }: Shown): readonly (readonly [what: string, fix: string])[] {
  try {
    const found = hits(pattern, [example, counter], 2);
    return [
      ...(found.includes(0)
        ? []
        : [[`has the pattern ${quote(pattern)}, which does not find its example`, "correct the pattern or the example"] as const]),
      ...(found.includes(1)
        ? [[`has the pattern ${quote(pattern)}, which finds its counter-example`, "narrow the pattern or correct the counter"] as const]
        : []),
    ];
  } catch (error) {
    return [[`has the pattern ${quote(pattern)}, which ${whyUnusable(error)}`, "write a simpler one"]];
  }
}
