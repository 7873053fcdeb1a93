/**
 * Texts that were valid once: recorded streams, shipped files. Random bytes are refused at the first character; these get far
 * into a parser before something is wrong with them.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";

/** Runs of one property. `SKEP_FUZZ=50 npx vitest run test/fuzz` runs fifty times as many. */
export const runs = (few: number): { readonly numRuns: number } => ({ numRuns: few * Math.max(1, Number(process.env.SKEP_FUZZ ?? 1)) });

/** Lines of a file below `test/fixtures`. */
export const recorded = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) =>
    readFileSync(path.resolve(import.meta.dirname, "../../fixtures", name), "utf8")
      .split("\n")
      .filter(Boolean),
  );

/** What has broken parsers before: ends, controls, brackets, numbers that are none, names every object has. */
const SHARDS = [
  ...[
    "\u0000",
    "\n",
    "\r",
    "\u2028",
    "\ufeff",
    "\u001b[2J",
    "\u202e",
    "\ud800",
    "é",
    "\\",
    '"',
    "'",
    "`",
    "---",
    "...",
    "|",
    ">",
    "&a ",
    "*a ",
  ],
  ...["{", "}", "[", "]", ":", ": ", ",", "- ", "#", "!!js/function ", "<<: *a", "null", "true", "-1", "1e999", "0x10", "9007199254740993"],
  ...["__proto__", "constructor", "toString", "../", "/etc/passwd", "--upload-pack=x", "$(x)", "[".repeat(200), "a".repeat(5_000)],
];
const shard = fc.oneof(fc.constantFrom(...SHARDS), fc.string({ unit: "binary", maxLength: 8 }));
const cut = fc.tuple(fc.nat({ max: 10_000 }), fc.nat({ max: 40 }), shard);

/** One of `texts` with a few places cut, doubled or filled with something else. */
export const mutated = (texts: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...texts), fc.array(fc.tuple(fc.constantFrom("cut", "fill", "double", "end"), cut), { maxLength: 4 }))
    .map(([text, changes]) =>
      changes.reduce((now, [how, [where, length, piece]]) => {
        const at = Math.floor((where / 10_001) * (now.length + 1));
        if (how === "cut") return now.slice(0, at) + now.slice(at + length);
        if (how === "fill") return now.slice(0, at) + piece + now.slice(at + length);
        if (how === "double") return now.slice(0, at + length) + now.slice(at);
        return now.slice(0, at);
      }, text),
    );

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, true, "", -1, 0.5, 1e300, "\u001b[2J\u202e", "../meta", [], {}, [null], [[{}]], { __proto__: null, type: [] }),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constant("x".repeat(20_000)),
  fc.jsonValue({ maxDepth: 2 }),
);

/** A value in which a few parts, at any depth, are something else, are gone, or have come in. */
export const mutatedValue = (values: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc
    .tuple(
      fc.constantFrom(...values),
      fc.array(fc.tuple(fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 5 }), odd), { maxLength: 3 }),
    )
    .map(([value, changes]) => changes.reduce<unknown>((now, [steps, put]) => changed(now, steps, put), value));

function changed(value: unknown, [step = 0, ...rest]: readonly number[], put: unknown): unknown {
  if (typeof value !== "object" || value === null) return put;
  const keys = Object.keys(value);
  const at = step % (keys.length + 1);
  const key = keys[at] ?? (Array.isArray(value) ? String(keys.length) : "more");
  const inner = (value as Record<string, unknown>)[key];
  const next = rest.length === 0 || inner === undefined ? put : changed(inner, rest, put);
  if (Array.isArray(value)) return Object.assign([...value], { [key]: next });
  return { ...value, [key]: next };
}

/** The same text with numbers no honest program tells. */
const misnumbered = (lines: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...lines), fc.constantFrom("-7", "1e999", "-1e999", "1e308", "0.5"), fc.nat({ max: 3 }))
    .map(([line, number, keep]) => {
      let seen = 0;
      return line.replace(/(?<=":)-?\d+(\.\d+)?/g, (old) => (seen++ % 4 < keep ? old : number));
    });

/** Recorded lines of JSON: some with other values, some with other text. */
export const mutatedLine = (lines: readonly string[]): fc.Arbitrary<string> => {
  const values = lines.flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as unknown] : []));
  return fc.oneof(
    { weight: 4, arbitrary: mutatedValue(values).map((value) => JSON.stringify(value)) },
    { weight: 2, arbitrary: mutated(lines) },
    { weight: 2, arbitrary: misnumbered(lines) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
  );
};
