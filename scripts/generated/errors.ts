/** Every code an error or a refusal of the product can carry, read from where it is made. */
import ts from "typescript";
import { readTree } from "../architecture.ts";
import { code, table } from "./table.ts";

interface Made {
  readonly code: string;
  readonly says: string;
  readonly next: string;
}

/**
 * What makes one: `new SkepError(code, message, next)`, its subclasses by `super`, the log reader's `#fail`, the domain's
 * `no(…)`; beside them a fault written as `{ code, message, next }` and a row `[status, code, message, next]`.
 */
const MAKERS: ReadonlySet<string> = new Set(["SkepError", "super", "this.#fail", "no"]);
const CODE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;

export function errorsTable(root: string): string {
  const found = new Map<string, Made>();
  for (const [file, text] of Object.entries(readTree(root, ["src"])).sort(([a], [b]) => (a < b ? -1 : 1)))
    for (const made of errorsIn(file, text)) if (words(made) > words(found.get(made.code))) found.set(made.code, made);
  const rows = [...found.values()].sort((a, b) => (a.code < b.code ? -1 : 1)).map((made) => [code(made.code), made.says, made.next]);
  return table(["code", "says, for example", "what to do"], rows);
}

/** How much of an error is readable here; the most telling place stands for its code. */
function words(made: Made | undefined): number {
  return made ? `${made.says} ${made.next}`.replace(/…/g, "").length : -1;
}

export function errorsIn(file: string, text: string): readonly Made[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const constants = stringConstants(source);
  const found: Made[] = [];
  const visit = (node: ts.Node): void => {
    const made = errorAt(node, source, constants);
    if (made) found.push(made);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The error that is made at this very node. */
export function errorAt(node: ts.Node, source: ts.SourceFile, constants: ReadonlyMap<string, string> = new Map()): Made | null {
  const [name, says, next] = partsOf(node, source).map((part) => (part ? textOf(part, constants) : "…"));
  return name && CODE.test(name) ? { code: name, says: says ?? "", next: next ?? "" } : null;
}

/** Code, message and next step of an error made here; empty for every other node. */
function partsOf(node: ts.Node, source: ts.SourceFile): readonly (ts.Expression | undefined)[] {
  if (ts.isNewExpression(node) || ts.isCallExpression(node))
    return MAKERS.has(node.expression.getText(source)) ? (node.arguments ?? []).slice(0, 3) : [];
  if (ts.isArrayLiteralExpression(node)) {
    const [status, ...parts] = node.elements;
    return status && ts.isNumericLiteral(status) && parts.length === 3 ? parts : [];
  }
  if (!ts.isObjectLiteralExpression(node)) return [];
  const values = new Map(
    node.properties.map((one) => [one.name?.getText(source), ts.isPropertyAssignment(one) ? one.initializer : undefined]),
  );
  return ["code", "message", "next"].every((name) => values.has(name))
    ? [values.get("code"), values.get("message"), values.get("next")]
    : [];
}

/** The fixed words of a message; what it computes is an ellipsis. */
function textOf(node: ts.Expression, constants: ReadonlyMap<string, string>): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isIdentifier(node)) return constants.get(node.text) ?? "…";
  if (ts.isTemplateExpression(node)) return node.head.text + node.templateSpans.map((span) => `…${span.literal.text}`).join("");
  if (ts.isConditionalExpression(node)) return textOf(node.whenTrue, constants);
  return "…";
}

function stringConstants(source: ts.SourceFile): ReadonlyMap<string, string> {
  const constants = new Map<string, string>();
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations)
      if (ts.isIdentifier(name) && initializer && ts.isStringLiteralLike(initializer)) constants.set(name.text, initializer.text);
  }
  return constants;
}
