import { describe, expect, test } from "vitest";
import { errorsIn } from "../../scripts/generated/errors.ts";
import { fillRegions } from "../../scripts/generated/regions.ts";
import { typeOf } from "../../scripts/generated/schema-words.ts";
import { table } from "../../scripts/generated/table.ts";

describe("[ground.generated.regions] generated regions are replaced and everything around them kept", () => {
  const render = (name: string) => (name === "one" || name === "two" ? `<${name}>` : null);
  const region = (name: string, content = "old") => `<!-- generated:${name} -->\n${content}\n<!-- /generated:${name} -->`;

  test("both regions, and a second run changes nothing", () => {
    const { text, names, problems } = fillRegions(`a\n${region("one")}\nb\n${region("two", "")}\nc`, render);
    expect(text).toBe(`a\n${region("one", "<one>")}\nb\n${region("two", "<two>")}\nc`);
    expect([names, problems]).toEqual([["one", "two"], []]);
    expect(fillRegions(text, render).text).toBe(text);
  });

  test.each([
    ["unknown", region("typo"), "nothing renders generated:typo"],
    ["without an end", "<!-- generated:one -->\n", "generated:one has no <!-- /generated:one -->"],
    ["nested", `<!-- generated:one -->\n${region("two")}\n<!-- /generated:one -->`, "generated:two stands inside another region"],
    ["twice", `${region("one")}\n${region("one")}`, "generated:one stands twice"],
  ])("a region %s is a problem", (_what, text, problem) => {
    expect(fillRegions(text, render).problems).toEqual([problem]);
  });
});

test("[ground.generated.table] a cell cannot end its column or its row", () => {
  expect(table(["a"], [["x | y\nz"]])).toBe("| a |\n| --- |\n| x \\| y z |");
});

test("[ground.generated.types] a type reads as TypeScript has it, also where there are several", () => {
  const count = { type: ["integer", "null"] };
  const properties = { count, ways: { type: "array", items: { enum: ["a", "b"] } }, counts: { type: "array", items: count } };
  expect(typeOf({ type: "object", properties, required: ["count"] })).toBe(
    '{\n  count: number | null,\n  ways?: ("a" | "b")[],\n  counts?: (number | null)[],\n}',
  );
});

test("[ground.generated.errors] error codes are found with their fixed words, wherever they are made", () => {
  const text = `
    const CODE = "ONE_CODE";
    throw new SkepError(CODE, \`no \${thing} here\`, "look again");
    return no("TWO_CODE", late ? "too late" : "too early", next);
    other("NOT_ONE", "x", "y");
    return { code: "THREE_CODE", message, next: "call it again", retryable: true };
    const rows = { a: [403, "FOUR_CODE", "not here", "elsewhere"], b: ["NOT_FOUR", "x", "y"] };
    no("lower", "x", "y");
  `;
  expect(errorsIn("src/x.ts", text)).toEqual([
    { code: "ONE_CODE", says: "no … here", next: "look again" },
    { code: "TWO_CODE", says: "too late", next: "…" },
    { code: "THREE_CODE", says: "…", next: "call it again" },
    { code: "FOUR_CODE", says: "not here", next: "elsewhere" },
  ]);
});
