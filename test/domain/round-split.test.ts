import fc from "fast-check";
import { expect, test } from "vitest";
import { placesIn, type RoundHunk, roundSection, splitRound } from "../../src/domain/round-split.ts";

const hunk = fc.record({
  path: fc.constantFrom("a.ts", "b.ts"),
  oldLine: fc.nat(200),
  removed: fc.nat(5),
  line: fc.nat(200),
  added: fc.nat(5),
});
const place = fc.record({ file: fc.constantFrom("a.ts", "b.ts", "c.ts"), line: fc.option(fc.nat(200)) });

test("[review.round.split] each change is told once, and beside a finding only in its file and within ten lines of its place", () => {
  fc.assert(
    fc.property(fc.array(hunk), fc.array(place), (hunks, places) => {
      const { answers, beyond } = splitRound(hunks, places);
      expect(answers.length + beyond.length).toBe(hunks.length);
      const distance = (one: RoundHunk, line: number): number =>
        Math.max(one.oldLine - line, line - (one.oldLine + Math.max(one.removed, 1) - 1), 0);
      const beside = (one: RoundHunk): boolean =>
        places.some(({ file, line }) => file === one.path && (line === null || distance(one, line) <= 10));
      expect(answers.every(beside)).toBe(true);
      expect(beyond.some(beside)).toBe(false);
    }),
  );
});

test("[review.round.split] places are those of findings that count; what goes beyond stands first and is cut in the open", () => {
  const review = JSON.stringify({
    findings: [
      { file: "a.ts", line: 3, blocks: true },
      { file: "b.ts", line: null, blocks: true },
      { file: "c.ts", line: 1, blocks: false },
      { file: 7 },
    ],
  });
  expect(placesIn(review)).toEqual([
    { file: "a.ts", line: 3 },
    { file: "b.ts", line: null },
  ]);
  expect(placesIn("not json")).toEqual([]);
  const at = (path: string, line: number) => ({ path, oldLine: line, removed: 1, line, added: 2 });
  expect(roundSection(splitRound([at("a.ts", 4), at("a.ts", 90), at("c.ts", 1)], placesIn(review)), 1)).toEqual([
    "Beyond the findings; nobody has read this yet:",
    "- a.ts:90 +2 -1",
    "[1 more]",
    "Beside a finding:",
    "- a.ts:4 +2 -1",
  ]);
  expect(roundSection({ answers: [], beyond: [] }, 5)).toEqual(["Nothing changed since the last review but what was merged meanwhile."]);
});
