/** A log with damage of every kind: what counts is what the rule says counts, or the log is refused by name. Never a crash. */
import { closeSync, openSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SkepError } from "../../src/base/errors.ts";
import { encodeCommit } from "../../src/store/commit.ts";
import { LogReader } from "../../src/store/file/log-reader.ts";
import { tempDir } from "../support/temp.ts";
import { mutated, recorded, runs } from "./support/mutate.ts";

const commits = recorded("logs/rules-2-queen.jsonl")
  .slice(0, 12)
  .map((line, index) => {
    const { at, events } = JSON.parse(line) as { at: number; events: readonly unknown[] };
    return encodeCommit(index + 1, `id-${index}`, { at, by: "engine", command: "any", events });
  });

/** The rule in a few lines: the first valid line with the next number counts. */
function counting(text: string): readonly string[] | "refused" {
  const ids: string[] = [];
  for (const line of text.split("\n").slice(0, -1)) {
    let value: Record<string, unknown>;
    try {
      value = JSON.parse(line) as Record<string, unknown>;
    } catch {
      continue;
    }
    if (typeof value !== "object" || value === null || typeof value.v !== "number") continue;
    if (value.v > 1) return "refused";
    const { v, seq, id, at, by, command, key, events } = value;
    const words = [id, by, command].every((one) => typeof one === "string") && (key === undefined || typeof key === "string");
    if (v !== 1 || !Number.isSafeInteger(seq) || !words || typeof at !== "number" || !Array.isArray(events)) continue;
    if ((seq as number) > ids.length + 1) return "refused";
    if (seq === ids.length + 1) ids.push(id as string);
  }
  return ids;
}

const file = path.join(tempDir("log"), "events.jsonl");
const logs = fc.array(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...commits) }, mutated(commits)), { maxLength: 12 });

test("[fuzz.log] a damaged log reads as its rule says, whole or refused", () => {
  fc.assert(
    fc.property(fc.nat({ max: 12 }), logs, fc.boolean(), (whole, more, ended) => {
      const text = [...commits.slice(0, whole), ...more].join("\n") + (ended ? "\n" : "");
      writeFileSync(file, text);
      const fd = openSync(file, "r");
      try {
        const reader = new LogReader(fd, file);
        let read: readonly string[] | "refused";
        try {
          read = reader.refresh().map(({ id }) => id);
          expect(reader.again(0).map(({ id }) => id)).toEqual(read);
        } catch (error) {
          if (!(error instanceof SkepError)) throw error;
          expect(error.code).toMatch(/^LOG_(DAMAGED|NEWER)$/);
          read = "refused";
        }
        // Bytes that are no text come back from a file as the sign for that.
        expect(read).toEqual(counting(Buffer.from(text).toString("utf8")));
      } finally {
        closeSync(fd);
      }
    }),
    runs(150),
  );
});
