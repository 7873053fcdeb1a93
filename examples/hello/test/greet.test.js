import assert from "node:assert/strict";
import { test } from "node:test";
import { greet } from "../src/greet.js";

test("English is what is spoken when nothing is said", () => {
  assert.equal(greet("Ada"), "Hello, Ada!");
});

test("an unknown language is refused by name", () => {
  assert.throws(() => greet("Ada", "tlh"), /no greeting in tlh/);
});
