import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BLANK, codeLines, type Family, familyOf } from "../../src/domain/code-mask.ts";
import { type Candidate, choose, mutations } from "../../src/domain/mutate.ts";

/** The one line of `text` that is asked about, with what is around it. */
const all = (line: string, family: Family = "slashes"): readonly string[] =>
  mutations(line, codeLines(line, family)[0] ?? "", family).map(({ defect, after }) => `${defect}: ${after}`);

test.each<[string, readonly string[], Family?]>([
  ["  if (a === b) {", ["flipped comparison:   if (a !== b) {"]],
  [
    "for (i = 0; i < n; i += 1)",
    ["flipped comparison: for (i = 0; i > n; i += 1)", "off by one: for (i = 0; i <= n; i += 1)", "wrong sign: for (i = 0; i < n; i -= 1)"],
  ],
  ["while (i <= n) {", ["off by one: while (i < n) {"]],
  ["const ok = a && b;", ["and for or: const ok = a || b;"]],
  [
    "    if ready and tries > 0:",
    [
      "flipped comparison:     if ready and tries < 0:",
      "off by one:     if ready and tries >= 0:",
      "and for or:     if ready or tries > 0:",
    ],
    "hash",
  ],
  ["if (!user) return null;", ["inverted condition: if (user) return null;"]],
  ["if (isOpen(door)) close(door);", ["inverted condition: if (!isOpen(door)) close(door);"]],
  ["  if not rows:", ["inverted condition:   if rows:"], "hash"],
  ["  if rows:", ["inverted condition:   if not rows:"], "hash"],
  ["return false;", ["flipped result: return true;"]],
  ["return False", ["flipped result: return True"], "hash"],
  ["const page = await load(url);", ["dropped await: const page = load(url);"]],
  ["return user?.name;", ["dropped null check: return user.name;"]],
  [
    "if (user !== null && user.old) go();",
    [
      "flipped comparison: if (user === null && user.old) go();",
      "and for or: if (user !== null || user.old) go();",
      "dropped null check: if (user.old) go();",
    ],
  ],
  ["if row is not None:", ["flipped comparison: if row is None:"], "hash"],
  ['throw new Error("a && b");', ['dropped error: new Error("a && b");']],
  ["return nil, err", ["dropped error: return nil, nil"]],
  ['raise ValueError("no")', ['dropped error: ValueError("no")'], "hash"],
  ["copy(from, to);", ["swapped arguments: copy(to, from);"]],
  ["const last = start + length;", ["wrong sign: const last = start - length;"]],
])("[review.audit.mutate] %s can be broken in these ways", (line, ways, family = "slashes") => {
  expect(all(line, family)).toEqual(ways);
});

test.each<[string, Family?]>([
  ['import { a, b } from "./a.ts";'],
  ["#include <vector>"],
  ["// if (a === b) and a && b"],
  ["/* a && b */"],
  ['say("a && b", `c < d`);'],
  ["# if a == b and c", "hash"],
  ['log("a and b")', "hash"],
  ["function copy(from, to) {"],
  ["Math.max(a, b);"],
  ['const text = name + " is here";'],
  ["const list: Array<string> = [];"],
  ["}"],
  [""],
])("[review.audit.mutate] %s is left alone", (line, family = "slashes") => {
  expect(all(line, family)).toEqual([]);
});

test("[review.audit.mutate] words inside comments, strings and templates of many lines are no code", () => {
  const text = ["/**", " * a && b", " */", "const a = `", "x < y && z", "`;", "go(a && b);"].join("\n");
  expect(codeLines(text, "slashes").map((line) => line.replaceAll(BLANK, "·"))).toEqual([
    "···",
    "·········",
    "···",
    "const a = ·",
    "··········",
    "·;",
    "go(a && b);",
  ]);
  expect(codeLines('"""\na and b\n"""\nc and d', "hash").map((line) => line.replaceAll(BLANK, "·"))).toEqual([
    "···",
    "·······",
    "···",
    "c and d",
  ]);
});

test("[review.audit.mutate] only files of a known language are code", () => {
  expect(["a.ts", "a.py", "a.GO", "a.md", "Makefile", "a.json", "b.tar.gz"].map(familyOf)).toEqual([
    "slashes",
    "hash",
    "slashes",
    null,
    null,
    null,
    null,
  ]);
});

/** Lines made of what the patterns look for, with words and quotes in between. */
const piece = fc.constantFrom(
  ...[
    "if (",
    "if not ",
    "return ",
    "await ",
    " && ",
    " || ",
    " and ",
    " === ",
    " != ",
    " < ",
    " >= ",
    " + ",
    " += 1",
    "?.",
    "throw new ",
    "raise ",
  ],
  ...["f(a, b)", "err", "true", "False", "x", "user", ")", " {", ":", ";", '"', "'", "`", "//", "#", "/*", "*/", " ", "\t", "é"],
);
const line = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(""));
const family = fc.constantFrom<Family>("slashes", "hash");

describe("for any line", () => {
  test("[review.audit.mutate.property] a mutated line differs in more than white space, is not empty, and keeps its strings and comments", () => {
    fc.assert(
      fc.property(line, family, (text, kind) => {
        const [code = ""] = codeLines(text, kind);
        expect(code.length).toBe(text.length);
        const blanked = (all: string, mask: string): string => [...mask].map((sign, at) => (sign === BLANK ? all[at] : "")).join("");
        for (const { before, after } of mutations(text, code, kind)) {
          expect(before).toBe(text);
          expect(after.trim()).not.toBe("");
          expect(after).not.toContain(BLANK);
          expect(after.replace(/\s/g, "")).not.toBe(text.replace(/\s/g, ""));
          // What was blanked stands there still, in its order.
          let at = 0;
          for (const sign of blanked(text, code)) at = after.indexOf(sign, at) + 1 || Number.POSITIVE_INFINITY;
          expect(at).toBeLessThan(Number.POSITIVE_INFINITY);
        }
        expect(mutations(text, code, kind)).toEqual(mutations(text, code, kind));
      }),
      { numRuns: 500 },
    );
  });

  test("[review.audit.mutate.property] the seed alone chooses, and what was planted least goes first", () => {
    const candidate = (line: number, defect: Candidate["defect"]): Candidate => ({
      file: "a.ts",
      line,
      defect,
      before: "b",
      after: `a${line}`,
    });
    const some = fc.array(fc.tuple(fc.nat({ max: 50 }), fc.constantFrom<Candidate["defect"]>("off by one", "and for or", "wrong sign")), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(some, fc.nat(), fc.array(fc.constantFrom<Candidate["defect"]>("off by one", "and for or")), (pairs, seed, planted) => {
        const given = pairs.map(([at, defect]) => candidate(at, defect));
        const chosen = choose(given, seed, planted);
        expect(choose([...given].reverse(), seed, planted)).toEqual(chosen);
        const used = (one: Candidate | null): number => planted.filter((defect) => defect === one?.defect).length;
        expect(used(chosen)).toBe(Math.min(...given.map(used)));
      }),
    );
    expect(choose([], 1, [])).toBeNull();
    const many = Array.from({ length: 20 }, (_, at) => candidate(at, "off by one"));
    expect(new Set(Array.from({ length: 20 }, (_, seed) => choose(many, seed, [])?.line)).size).toBeGreaterThan(5);
  });
});
