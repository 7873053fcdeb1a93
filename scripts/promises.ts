/**
 * The gate between what the product promises (test/requirements/*.ts) and what the tests show. A test cites a promise by
 * beginning its title with the id in brackets, several one after another if it shows several.
 */
import ts from "typescript";

export interface Citation {
  readonly id: string;
  readonly file: string;
  readonly line: number;
}

/** One part's promises: the file they stand in, id → sentence. */
export interface PromisePart {
  readonly name: string;
  readonly promises: Readonly<Record<string, string>>;
}

const ID_FORM = /^[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+$/;
const CITED = /^((?:\[[^\]\s]+\]\s*)+)/;
/** Written this way a test does not run, so it shows nothing. */
const NOT_RUN: ReadonlySet<string> = new Set(["skip", "todo"]);
const RUNNERS: ReadonlySet<string> = new Set(["test", "it", "describe", "suite"]);

/** Every id cited by a test that runs. Keys of `files` are paths, values their text. */
export function citations(files: Readonly<Record<string, string>>): readonly Citation[] {
  return Object.entries(files).flatMap(([file, text]) => (text.includes("[") ? citationsIn(file, text) : []));
}

function citationsIn(file: string, text: string): Citation[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Citation[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
      for (const id of idsOf(node)) found.push({ id, file, line });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function idsOf(call: ts.CallExpression): readonly string[] {
  const title = titleOf(call.arguments[0]);
  const names = calleeNames(call.expression);
  if (!title || !RUNNERS.has(names[0] ?? "") || names.some((name) => NOT_RUN.has(name))) return [];
  const brackets = CITED.exec(title)?.[1] ?? "";
  return [...brackets.matchAll(/\[([^\]]+)\]/g)].map((match) => match[1] ?? "");
}

/** The fixed beginning of a title; what a template computes after it does not matter. */
function titleOf(node: ts.Node | undefined): string | null {
  if (!node) return null;
  if (ts.isStringLiteralLike(node)) return node.text;
  return ts.isTemplateExpression(node) ? node.head.text : null;
}

/** `test.each(rows)` → ["test", "each"]. */
function calleeNames(node: ts.Expression): readonly string[] {
  if (ts.isIdentifier(node)) return [node.text];
  if (ts.isPropertyAccessExpression(node)) return [...calleeNames(node.expression), node.name.text];
  if (ts.isCallExpression(node) || ts.isTaggedTemplateExpression(node))
    return calleeNames(ts.isCallExpression(node) ? node.expression : node.tag);
  return [];
}

/** What is wrong between promises and tests; empty when each promise is shown and each citation known. */
export function promiseProblems(parts: readonly PromisePart[], cited: readonly Citation[]): readonly string[] {
  const owner = new Map<string, string>();
  const problems: string[] = [];
  for (const { name, promises } of parts) {
    for (const [id, sentence] of Object.entries(promises)) {
      const first = owner.get(id);
      if (first) problems.push(`${name}: ${id} is promised twice, first in ${first}`);
      owner.set(id, first ?? name);
      if (!ID_FORM.test(id)) problems.push(`${name}: ${id} is no requirement id; write part.thing.promise in lower case`);
      if (!sentence.trim()) problems.push(`${name}: ${id} promises nothing; write one sentence`);
    }
  }
  const shown = new Set(cited.map((citation) => citation.id));
  for (const [id, name] of owner)
    if (!shown.has(id)) problems.push(`${name}: ${id} has no test; begin a title with [${id}] or drop the promise`);
  for (const { id, file, line } of cited)
    if (!owner.has(id)) problems.push(`${file}:${line}: [${id}] is promised nowhere; add its sentence to test/requirements/`);
  return problems;
}
