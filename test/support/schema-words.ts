/** Arguments made from a tool's own schema, so that a new argument of any tool is tried without anybody's thinking of it. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
}

/** Arguments in which every word is the given one, and everything else as small as may be. */
export function wordsOf(schema: Schema, word: string): unknown {
  if (schema.enum) return schema.enum[0];
  if (schema.type === "object") {
    return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, wordsOf(inner, word)]));
  }
  if (schema.type === "array") return [wordsOf(schema.items ?? {}, word)];
  if (schema.type === "integer" || schema.type === "number") return Math.max(1, schema.minimum ?? 1);
  return schema.type === "boolean" ? false : word;
}
