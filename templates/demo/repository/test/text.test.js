import assert from "node:assert/strict";
import { test } from "node:test";
import { title, words } from "../src/index.js";

test("words ignore blanks around and between", () => {
  assert.deepEqual(words("  milk   and bread "), ["milk", "and", "bread"]);
});

test("a title begins with a capital", () => {
  assert.equal(title("milk"), "Milk");
});
