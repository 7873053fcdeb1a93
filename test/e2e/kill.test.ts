/** The kill matrix leaves no effect out; its runs are in the long suite. */
import { expect, test } from "vitest";
import { EFFECTS } from "../../src/engine/effects/index.ts";
import { OF_MODES, OF_STALLS, OF_WARNINGS, ORDER } from "./support/kill-matrix.ts";

test("[e2e.kill.complete] the kill matrix names every effect", () => {
  expect([...ORDER, ...OF_STALLS, ...OF_WARNINGS, ...OF_MODES].sort()).toEqual(Object.keys(EFFECTS).sort());
});
