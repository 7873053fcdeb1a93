/** Arguments of every tool, mutated: refused in words, or accepted with every id an id and every file inside the repository. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SkepError } from "../../src/base/errors.ts";
import { ID } from "../../src/base/ids.ts";
import { TOOLS } from "../../src/tools/index.ts";
import { toolEntry } from "../../src/tools/json-schema.ts";
import { validInput } from "../../src/tools/validate.ts";
import { type Schema, wordsOf } from "../support/schema-words.ts";
import { mutatedValue, runs } from "./support/mutate.ts";

const IDS = new Set(["task", "agent", "gate", "role", "id", "after", "replaces", "proposal"]);
const inside = (file: string): boolean => !/^([/~]|[a-z]:)|[\\\0\n\r]/i.test(file) && !file.split("/").includes("..");

/** Every text below a name, with that name. */
function texts(value: unknown, name: string): readonly (readonly [string, string])[] {
  if (typeof value === "string") return [[name, value]];
  if (Array.isArray(value)) return value.flatMap((one) => texts(one, name));
  return typeof value === "object" && value !== null ? Object.entries(value).flatMap(([key, one]) => texts(one, key)) : [];
}

describe("[fuzz.tool-input] mutated arguments", () => {
  test.each(TOOLS.map((tool) => [tool.name, tool] as const))("%s", (name, tool) => {
    const schema = toolEntry(tool, tool.audience[0] ?? "operator").inputSchema as Schema;
    const valid = wordsOf(schema, "t1");
    fc.assert(
      fc.property(mutatedValue([valid, wordsOf(schema, "src/a.ts"), {}, null, []]), (args) => {
        let input: Record<string, unknown>;
        try {
          input = validInput(tool, args);
        } catch (error) {
          if (!(error instanceof SkepError)) throw error;
          expect(error).toMatchObject({ code: "BAD_INPUT", next: `${name} with this mended` });
          // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
          expect(error.message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/);
          expect(error.message.length).toBeLessThan(4_000);
          return;
        }
        for (const [field, text] of texts(input, "")) {
          if (IDS.has(field) && !(name === "inbox_read" || name === "finding_verify"))
            expect([field, text]).toEqual([field, expect.stringMatching(ID)]);
          if (field === "files") expect([text, inside(text)]).toEqual([text, true]);
        }
        expect(Buffer.byteLength(JSON.stringify(input))).toBeLessThan(1024 * 1024);
      }),
      runs(25),
    );
  });
});
