/** What each command prints with `--json`, as types. */
import { z } from "zod";
import { SHAPES } from "../../src/cli/shapes/index.ts";
import { type Schema, typeOf } from "./schema-words.ts";

export const jsonShapes = (): string =>
  Object.entries(SHAPES)
    .map(([name, shapes]) => [
      `## skep ${name}`,
      ...shapes.map(({ when, facts }) => `${when ? `${sentence(when)}:\n\n` : ""}${typed(facts)}`),
    ])
    .map((parts) => parts.join("\n\n"))
    .join("\n\n");

const typed = (facts: z.ZodType): string => `\`\`\`ts\n${typeOf(z.toJSONSchema(facts, { io: "output" }) as Schema)}\n\`\`\``;
const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
