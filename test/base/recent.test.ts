import { expect, test } from "vitest";
import { Recent } from "../../src/base/recent.ts";

test("what was not used for longest is forgotten first; an answer may be null", () => {
  const recent = new Recent<string | null>(2);
  recent.set("a", null);
  recent.set("b", "b");
  expect(recent.get("a")).toBeNull();
  recent.set("c", "c");
  expect(["a", "b", "c"].map((key) => recent.get(key))).toEqual([null, undefined, "c"]);
  recent.set("a", "new");
  recent.set("d", "d");
  expect(["a", "c", "d"].map((key) => recent.get(key))).toEqual(["new", undefined, "d"]);
  recent.delete("d");
  expect(recent.get("d")).toBeUndefined();
});
