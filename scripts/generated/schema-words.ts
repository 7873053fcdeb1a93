/** A JSON schema as people read it: an argument's type and limits in words, an answer as a type. */

export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly description?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
}

export interface Field {
  /** `tasks[].id` */
  readonly name: string;
  readonly type: string;
  readonly needed: boolean;
  readonly about: string;
}

/** The fields of an object and of the objects in it, in order. */
export function fieldsOf({ properties = {}, required = [] }: Schema, inside = ""): readonly Field[] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const name = `${inside}${key}`;
    const field = {
      name,
      type: words(schema),
      needed: required.includes(key),
      about: schema.description ?? schema.items?.description ?? "",
    };
    const deeper = schema.items ? fieldsOf(schema.items, `${name}[].`) : fieldsOf(schema, `${name}.`);
    return [field, ...deeper];
  });
}

function words(schema: Schema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (schema.anyOf) return schema.anyOf.map(words).join(" or ");
  switch (schema.type) {
    case "string":
      return ["text", ...(schema.pattern ? [`like \`${schema.pattern}\``] : []), ...limit(schema.minLength, schema.maxLength)].join(", ");
    case "integer":
    case "number":
      return [schema.type === "integer" ? "whole number" : "number", ...limit(schema.minimum, schema.maximum)].join(", ");
    case "boolean":
      return "true or false";
    case "array":
      return [
        `list of ${schema.items?.properties ? "tables" : words(schema.items ?? {})}`,
        ...limit(schema.minItems, schema.maxItems),
      ].join("; ");
    case "object":
      return "table";
    default:
      return "any value";
  }
}

function limit(least: number | undefined, most: number | undefined): readonly string[] {
  const number = (value: number): string => value.toLocaleString("en-US");
  if (least !== undefined && most !== undefined) return [`${number(least)} to ${number(most)}`];
  if (most !== undefined) return [`at most ${number(most)}`];
  return least !== undefined ? [`at least ${number(least)}`] : [];
}

/** `{ swarm: string, url?: string }`, an object in an object on lines of its own. */
export function typeOf(schema: Schema, indent = ""): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.anyOf) return schema.anyOf.map((one) => typeOf(one, indent)).join(" | ");
  const { type = "unknown" } = schema;
  if (typeof type !== "string") return type.map((one) => typeOf({ ...schema, type: one }, indent)).join(" | ");
  if (type === "array") return listOf(schema.items ?? {}, indent);
  if (type === "integer") return "number";
  if (type !== "object") return type;
  const { properties = {}, required = [] } = schema;
  const lines = Object.entries(properties).map(([key, value]) => {
    const about = value.description ? ` // ${value.description}` : "";
    return `${indent}  ${key}${required.includes(key) ? "" : "?"}: ${typeOf(value, `${indent}  `)},${about}`;
  });
  return lines.length === 0 ? "{ … }" : `{\n${lines.join("\n")}\n${indent}}`;
}

function listOf(items: Schema, indent: string): string {
  const one = typeOf(items, indent);
  return items.enum || items.anyOf || typeof items.type === "object" ? `(${one})[]` : `${one}[]`;
}
