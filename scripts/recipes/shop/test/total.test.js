import assert from "node:assert/strict";
import { test } from "node:test";
import { total } from "../src/total.js";

test("orders are added up", () => {
  assert.equal(total([{ total: 5 }, { total: 7 }]), 12);
});
