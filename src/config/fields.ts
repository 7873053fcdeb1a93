/** The fields of the config as a flat list, read from the schema: names for the environment, rows for the docs. */
import { z } from "zod";
import { notify } from "./notify-schema.ts";
import { configSchema } from "./schema.ts";

export interface ConfigField {
  /** `limits.attempts` */
  readonly path: string;
  /** `whole number`, `text or null`, `list of …` */
  readonly type: string;
  readonly default: unknown;
  readonly about: string;
  /** `SKEP_LIMITS_ATTEMPTS`; null where a value does not fit in one variable. */
  readonly env: string | null;
}

interface Node {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Node[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly default?: unknown;
  readonly description?: string;
}

let cached: readonly ConfigField[] | null = null;

/** Every field that holds a value, in the order of the schema. */
export function configFields(): readonly ConfigField[] {
  cached ??= fieldsOf(z.toJSONSchema(configSchema, { io: "input" }) as Node, []);
  return cached;
}

/** What stands in a person's own config alone. No variable sets it: a project's tools set variables. */
export const userFields = (): readonly ConfigField[] =>
  fieldsOf(z.toJSONSchema(notify, { io: "input" }) as Node, ["notify"]).map((field) => ({ ...field, env: null }));

function fieldsOf(node: Node, path: readonly string[]): ConfigField[] {
  if (!node.properties) return [fieldOf(node, path)];
  return Object.entries(node.properties).flatMap(([key, child]) => fieldsOf(child, [...path, key]));
}

function fieldOf(node: Node, path: readonly string[]): ConfigField {
  return {
    path: path.join("."),
    type: typeName(node),
    default: node.default,
    about: node.description ?? "",
    env: isScalar(node) ? `SKEP_${path.map(upperSnake).join("_")}` : null,
  };
}

const upperSnake = (key: string): string => key.replace(/([A-Z])/g, "_$1").toUpperCase();

function isScalar(node: Node): boolean {
  if (node.anyOf) return node.anyOf.every(isScalar);
  return node.type !== "array" && node.type !== "object" && node.type !== undefined;
}

const NAMES: Readonly<Record<string, string>> = {
  integer: "whole number",
  number: "number",
  string: "text",
  boolean: "true or false",
  null: "null",
};

function typeName(node: Node): string {
  if (node.anyOf) return node.anyOf.map(typeName).join(" or ");
  if (node.enum) return node.enum.map(String).join(" or ");
  if (node.type === "array") return `list of ${node.items ? typeName(node.items) : "values"}`;
  if (node.type === "object") return node.properties ? `{${Object.keys(node.properties).join(", ")}}` : "table by name";
  return NAMES[node.type ?? ""] ?? "any";
}
