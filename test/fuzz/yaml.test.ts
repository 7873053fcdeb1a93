/** Settings of a project, mutated: accepted as exactly what the schema says, or refused with the place, and soon. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SkepError } from "../../src/base/errors.ts";
import { readYaml } from "../../src/base/yaml-source.ts";
import { limitsOf } from "../../src/config/effective.ts";
import { configFields } from "../../src/config/fields.ts";
import { resolveConfig } from "../../src/config/load.ts";
import { configSchema } from "../../src/config/schema.ts";
import { mutated, runs } from "./support/mutate.ts";

const DOCS = path.resolve(import.meta.dirname, "../../docs");
const pages = readdirSync(DOCS, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md"));
const examples = pages.flatMap((name) =>
  [...readFileSync(path.join(DOCS, name), "utf8").matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = ""]) => text),
);
const every = `${configFields()
  .filter(({ env, path: name }) => env !== null && name.split(".").length === 2)
  .map(({ path: name, default: value }) => `${name.split(".")[0]}:\n  ${name.split(".")[1]}: ${JSON.stringify(value)}`)
  .filter((text, index, all) => all.findIndex((other) => other.split(":")[0] === text.split(":")[0]) === index)
  .join("\n")}\n`;
const bombs = [
  "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
  "team: &t minimal\nland:\n  remote: *t\n",
  "? [a]\n: b\n",
  "<<: {team: solo}\n",
];

test("[fuzz.yaml] a mutated text is plain data or an error of the reader's own code with its file", () => {
  fc.assert(
    fc.property(mutated([...examples, every, ...bombs]), (text) => {
      try {
        const source = readYaml(text, { file: "f.yaml", code: "CONFIG_INVALID" });
        JSON.stringify(source.value);
        source.place(["limits", "attempts", 0]);
      } catch (error) {
        expect(error).toMatchObject({ name: "SkepError", code: "CONFIG_INVALID", message: expect.stringMatching(/^f\.yaml/) });
      }
    }),
    runs(150),
  );
});

test("[fuzz.yaml] a config that is accepted keeps to its schema and to every limit of it", () => {
  fc.assert(
    fc.property(mutated([every, ...examples]), (text) => {
      let config: ReturnType<typeof resolveConfig>;
      try {
        config = resolveConfig({ text });
      } catch (error) {
        if (error instanceof SkepError && error.code === "CONFIG_INVALID") return;
        throw error;
      }
      expect(configSchema.safeParse(config).success).toBe(true);
      for (const value of Object.values(limitsOf(config))) if (typeof value === "number") expect(value).toBeGreaterThan(0);
    }),
    runs(80),
  );
});
