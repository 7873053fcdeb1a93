import assert from "node:assert/strict";
import { test } from "node:test";
import { groupBy, sum } from "../src/index.js";

test("groups keep the order of their first item", () => {
  const groups = groupBy(["b1", "a1", "b2"], (item) => item.charAt(0));
  assert.deepEqual([...groups], [["b", ["b1", "b2"]], ["a", ["a1"]]]);
});

test("the sum of nothing is zero", () => {
  assert.equal(sum([]), 0);
  assert.equal(sum([1, 2]), 3);
});
