import fc from "fast-check";
import { expect, test } from "vitest";
import { matches } from "../../src/base/glob.ts";
import { mayOverlap } from "../../src/domain/overlap.ts";

test.each([
  ["src/a.ts", "src/a.ts", true],
  ["src/", "src/deep/a.ts", true],
  ["src/**", "test/a.ts", false],
  ["src/*.ts", "src/*.md", false],
  ["**", "anything", true],
  ["./docs/", "docs/x.md", true],
  ["src/a.ts", "src/ab.ts", false],
  ["src/lib", "src/lib/a.ts", true],
  ["src/lib", "src/*/a.ts", true],
  ["src/lib", "src/library/a.ts", false],
  ["src/l", "src/lib/**", false],
  ["**/lib", "**/*.ts", true],
  ["src/a.ts", "**/*.{js,ts}", true],
  ["src/a.md", "**/*.{js,ts}", false],
  ["src/*.md", "{src,test}/**/*.{js,ts}", false],
  ["test/lib", "{src,test}/**/*.{js,ts}", true],
  ["docs/@(a|b).md", "docs/b.md", true],
  ["", "anything", true],
])("[domain.plan.overlap] %s and %s may overlap: %s", (a, b, expected) => {
  expect(mayOverlap(a, b)).toBe(expected);
  expect(mayOverlap(b, a)).toBe(expected);
});

const folder = fc.constantFrom("src", "lib", "a", "b");
const file = fc.constantFrom("a.ts", "b.md", "a.test.ts", "Makefile");
const path = fc.tuple(fc.array(folder, { maxLength: 3 }), file);

/** One of the patterns that name the path. */
const naming = ([folders, name]: readonly [readonly string[], string]): fc.Arbitrary<string> => {
  const step = (text: string): fc.Arbitrary<string> =>
    fc.constantFrom(
      text,
      "*",
      `{${text},other}`,
      `@(${text}|other)`,
      `${text.slice(0, 1)}*`,
      `*${text.slice(-2)}`,
      `[${text[0]}x]${text.slice(1)}`,
    );
  const whole = fc.tuple(...[...folders, name].map(step)).map((steps) => steps.join("/"));
  const end = fc.constantFrom(`**/${name}`, `**/*${name.slice(-3)}`, "**");
  const cut = fc
    .nat(folders.length)
    .chain((n) => fc.tuple(fc.constant(folders.slice(0, n)), end).map(([first, last]) => [...first, last].join("/")));
  const above = fc
    .nat(folders.length)
    .chain((n) => fc.constantFrom("", "/", "/**").map((slash) => (n === 0 ? "**" : folders.slice(0, n).join("/") + slash)));
  return fc.tuple(fc.constantFrom("", "./"), fc.oneof(whole, cut, above)).map(([dot, pattern]) => dot + pattern);
};

test("[domain.plan.overlap.sound] two patterns that name the same file are never said to be apart", () => {
  const pair = path.chain((one) => fc.tuple(fc.constant([...one[0], one[1]].join("/")), naming(one), naming(one)));
  fc.assert(
    fc.property(pair, ([name, a, b]) => {
      expect([matches(name, [a]), matches(name, [b])]).toEqual([true, true]);
      expect([a, b, mayOverlap(a, b)]).toEqual([a, b, true]);
    }),
    { numRuns: 500 },
  );
});
