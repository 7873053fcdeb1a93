/** A tool as `tools/list` shows it. Every byte is read by a model or paid for by a client: nothing that says nothing. */
import { z } from "zod";
import { type Audience, annotationsOf, type ToolSpec } from "./define-tool.ts";

export interface JsonObject {
  readonly [key: string]: unknown;
}
export interface ToolEntry {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonObject & { readonly type: "object" };
  readonly outputSchema?: JsonObject & { readonly type: "object" };
  readonly annotations: ReturnType<typeof annotationsOf>;
}

const CACHE = new Map<string, ToolEntry>();

/** An agent has one swarm, so the argument is left out for agents. */
export function toolEntry(tool: ToolSpec, audience: Audience): ToolEntry {
  const key = `${tool.name} ${audience === "operator" ? "operator" : "agent"}`;
  const known = CACHE.get(key);
  if (known) return known;
  const input = audience === "operator" || !("swarm" in tool.input.shape) ? tool.input : tool.input.omit({ swarm: true });
  const { name, title, description } = tool;
  const entry: ToolEntry = {
    ...{ name, title, description },
    inputSchema: schemaOf(input, "input"),
    ...(tool.output ? { outputSchema: schemaOf(tool.output, "output") } : {}),
    annotations: annotationsOf(tool),
  };
  CACHE.set(key, entry);
  return entry;
}

function schemaOf(schema: z.ZodObject, io: "input" | "output"): JsonObject & { readonly type: "object" } {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, override: ({ jsonSchema }) => lean(jsonSchema, io) });
  return json as JsonObject & { readonly type: "object" };
}

function lean(json: Record<string, unknown>, io: "input" | "output"): void {
  // The bounds of a double are no information.
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum;
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
  // An answer may grow a field without breaking anybody; an argument nobody knows is refused.
  if (io === "output") delete json.additionalProperties;
  // Names of a free map are texts in any case.
  delete json.propertyNames;
}
