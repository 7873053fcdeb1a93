import assert from "node:assert/strict";
import { test } from "node:test";
import { span } from "../src/tick.js";

test("minutes and seconds", () => {
  assert.equal(span(125), "2 min 5 s");
  assert.equal(span(59), "59 s");
});
