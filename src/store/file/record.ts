/** One small JSON file of the host with a schema: replaced as a whole, readable by its owner alone. */
import { readFileSync, rmSync } from "node:fs";
import type { z } from "zod";
import { quote, SkepError } from "../../base/errors.ts";
import { writeDurable } from "./durable.ts";
import { isMissing, storeFault } from "./faults.ts";

export interface FileRecord<T> {
  readonly path: string;
  /** Null when there is none. Throws RECORD_DAMAGED, naming the file, when it does not fit the schema. */
  read(): Promise<T | null>;
  /** Durable when it resolves. */
  write(value: T): Promise<void>;
  remove(): Promise<void>;
}

export function fileRecord<T>(path: string, schema: z.ZodType<T>): FileRecord<T> {
  return {
    path,
    async read() {
      let text: string;
      try {
        text = readFileSync(path, "utf8");
      } catch (error) {
        if (isMissing(error)) return null;
        throw storeFault(error, path);
      }
      const parsed = schema.safeParse(parseJson(text));
      if (parsed.success) return parsed.data;
      const issue = parsed.error.issues[0];
      const where = issue && issue.path.length > 0 ? ` at ${quote(issue.path.join("."))}` : "";
      throw new SkepError(
        "RECORD_DAMAGED",
        `the file ${quote(path, 300)} cannot be read${where}`,
        `delete ${quote(path, 300)} and repeat the call`,
      );
    },
    async write(value) {
      try {
        await writeDurable(path, `${JSON.stringify(schema.parse(value), null, 2)}\n`);
      } catch (error) {
        throw storeFault(error, path);
      }
    },
    async remove() {
      try {
        rmSync(path, { force: true });
      } catch (error) {
        throw storeFault(error, path);
      }
    },
  };
}

/** Undefined, which no record's schema takes, when it is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
