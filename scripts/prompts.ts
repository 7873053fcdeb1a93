/**
 * Everything a model reads, gathered for its lint: shipped roles and rules, tools as they are listed, refusals as they stand in
 * the code, the skills of the plugin.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { parse } from "yaml";
import { z } from "zod";
import { loadCatalog, sharedBlocks } from "../src/catalog/catalog.ts";
import { splitFrontMatter } from "../src/catalog/front-matter.ts";
import { lintPrompts, type Prompts, type RefusalText, type SkillText, type ToolText } from "../src/catalog/lint.ts";
import { shippedFiles } from "../src/catalog/shipped.ts";
import { TOOLS } from "../src/tools/index.ts";

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly description?: string;
}

function toolTexts(): readonly ToolText[] {
  return TOOLS.map(({ name, audience, description, input }) => {
    const fields = fieldsOf(z.toJSONSchema(input, { io: "input", unrepresentable: "any" }) as Schema);
    const params = fields.map((field) => ({ name: field.name, text: field.schema.description ?? "" }));
    const values = fields.flatMap((field) => valuesOf(field.schema));
    return { name, audience, description, params, values };
  });
}

function fieldsOf(schema: Schema): { name: string; schema: Schema }[] {
  const here = Object.entries(schema.properties ?? {}).flatMap(([name, child]) => [{ name, schema: child }, ...fieldsOf(child)]);
  return [...here, ...(schema.items ? fieldsOf(schema.items) : []), ...(schema.anyOf ?? []).flatMap(fieldsOf)];
}

const valuesOf = (schema: Schema): string[] => [
  ...(schema.enum ?? []).map(String),
  ...(schema.items ? valuesOf(schema.items) : []),
  ...(schema.anyOf ?? []).flatMap(valuesOf),
];

/** `no(code, message, next)` and `new SkepError(code, message, next)` with literal code and next; what a template fills in is `…`. */
export function refusalTexts(sources: Readonly<Record<string, string>>): readonly RefusalText[] {
  return Object.entries(sources).flatMap(([path, text]) => {
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
    const found: RefusalText[] = [];
    const visit = (node: ts.Node): void => {
      const refusal = refusalAt(node);
      if (refusal) found.push(refusal);
      ts.forEachChild(node, visit);
    };
    visit(file);
    return found;
  });
}

function refusalAt(node: ts.Node): RefusalText | null {
  const refuses =
    (ts.isCallExpression(node) && node.expression.getText() === "no") ||
    (ts.isNewExpression(node) && node.expression.getText() === "SkepError");
  if (!refuses) return null;
  const [code, , next] = (node.arguments ?? []).map(literal);
  return code == null || next == null ? null : { code, next };
}

function literal(node: ts.Expression): string | null {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return null;
  return node.head.text + node.templateSpans.map((span) => `…${span.literal.text}`).join("");
}

const SKILLS = path.resolve(import.meta.dirname, "../plugins/skep/skills");
const front = z.strictObject({ name: z.string(), description: z.string(), "argument-hint": z.string() });

/** A skill is known by its folder; front matter that says otherwise, or more than clients read, is refused. */
export function skillTexts(): readonly SkillText[] {
  return readdirSync(SKILLS).map((folder) => {
    const file = path.join(SKILLS, folder, "SKILL.md");
    const parts = splitFrontMatter({ path: file, text: readFileSync(file, "utf8") });
    if (!("yaml" in parts)) throw new Error(`${file} ${parts.what}; ${parts.fix}`);
    const { name, description } = front.extend({ name: z.literal(folder) }).parse(parse(parts.yaml));
    return { name, description, body: parts.body.trim() };
  });
}

/** @param sources the product's own TypeScript, path → text */
export function gatherPrompts(sources: Readonly<Record<string, string>>): Prompts {
  const shipped = shippedFiles();
  const { roles, rules } = loadCatalog({ shipped, project: [] });
  return {
    roles: [...roles.values()],
    rules: [...rules.values()],
    shared: sharedBlocks(shipped),
    tools: toolTexts(),
    refusals: refusalTexts(sources),
    skills: skillTexts(),
  };
}

export const promptFlaws = (sources: Readonly<Record<string, string>>): readonly string[] => lintPrompts(gatherPrompts(sources));
