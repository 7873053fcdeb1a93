import { expect, test } from "vitest";
import { lasted } from "../../src/base/lasted.ts";

test.each([
  [0, "0 s"],
  [59_400, "59 s"],
  [59_600, "1 min 0 s"],
  [119_700, "2 min 0 s"],
  [3_599_900, "1 h 0 min"],
  [90_061_000, "25 h 1 min"],
])("[retrospect.sums] %d ms lasted %s: no minute has 60 seconds", (ms, text) => expect(lasted(ms)).toBe(text));
