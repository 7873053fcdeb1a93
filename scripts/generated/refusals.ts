/**
 * What a tool can be refused with: the codes made in its handler, in what that calls by name, and in what decides on the
 * command it submits. Read from the sources along imports; what the store, git or the host may add is everybody's.
 */
import path from "node:path";
import ts from "typescript";
import { readTree } from "../architecture.ts";
import { errorAt } from "./errors.ts";

const DECIDE = "src/domain/decide.ts";
/** `services.land(…)`: a port, by the file in which the real one stands. */
const PORTS: Readonly<Record<string, string>> = {
  services: "src/tools/project-services.ts",
  project: "src/engine/project.ts",
  mail: "src/store/file/mail.ts",
};
const PORT = new RegExp(`(?:^|\\.)(${Object.keys(PORTS).join("|")})\\.(\\w+)$`);

export class Refusals {
  readonly #files = new Map<string, ts.SourceFile>();
  readonly #memo = new Map<string, Readonly<Record<string, ts.Node | string>>>();

  constructor(root: string) {
    for (const [file, text] of Object.entries(readTree(root, ["src"])))
      this.#files.set(file, ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  }

  /** The codes of the tool that `file` exports, in order. */
  of(file: string): readonly string[] {
    const codes = new Set<string>();
    const seen = new Set<ts.Node>();
    const source = this.#files.get(file);
    if (!source) throw new Error(`${file} is no source of this repository`);
    for (const node of source.statements) if (!ts.isImportDeclaration(node)) this.#walk(node, file, codes, seen);
    return [...codes].sort();
  }

  #walk(node: ts.Node, file: string, codes: Set<string>, seen: Set<ts.Node>): void {
    if (seen.has(node)) return;
    seen.add(node);
    const source = this.#files.get(file);
    if (!source || ts.isTypeNode(node)) return;
    const made = errorAt(node, source);
    if (made) codes.add(made.code);
    for (const [next, where] of this.#leadsTo(node, file)) this.#walk(next, where, codes, seen);
    ts.forEachChild(node, (child) => this.#walk(child, file, codes, seen));
  }

  /** The declarations a node stands for: an imported or own name, a method behind a port, the deciding of a command. */
  #leadsTo(node: ts.Node, file: string): readonly (readonly [ts.Node, string])[] {
    if (ts.isIdentifier(node)) return this.#declaration(node.text, file);
    if (ts.isPropertyAccessExpression(node)) {
      const [, port = "", method = ""] = file.startsWith("src/tools/") ? (PORT.exec(node.getText()) ?? []) : [];
      const real = PORTS[port];
      return real === undefined ? [] : this.#named(real, method, ts.isMethodDeclaration).map((one) => [one, real] as const);
    }
    if (ts.isPropertyAssignment(node) && node.name.getText() === "type" && file.startsWith("src/tools/")) {
      const value = ts.isStringLiteral(node.initializer) ? node.initializer.text : null;
      return this.#named(DECIDE, value, ts.isCaseClause).map((one) => [one, DECIDE] as const);
    }
    return [];
  }

  #named<N extends ts.CaseClause | ts.MethodDeclaration>(file: string, name: string | null, is: (node: ts.Node) => node is N): N[] {
    const found: N[] = [];
    const visit = (node: ts.Node): void => {
      if (is(node) && nameOf(node) === name) found.push(node);
      ts.forEachChild(node, visit);
    };
    const source = this.#files.get(file);
    if (source && name !== null) visit(source);
    return found;
  }

  #declaration(name: string, file: string): readonly (readonly [ts.Node, string])[] {
    const known = this.#names(file)[name];
    if (known === undefined) return [];
    if (typeof known !== "string") return [[known, file]];
    return this.#declaration(name, known);
  }

  /** Names at the top of a file: what they are, or the file they come from. */
  #names(file: string): Readonly<Record<string, ts.Node | string>> {
    const before = this.#memo.get(file);
    if (before) return before;
    const names: Record<string, ts.Node | string> = Object.create(null) as Record<string, ts.Node | string>;
    for (const node of this.#files.get(file)?.statements ?? []) {
      if (ts.isFunctionDeclaration(node) && node.name) names[node.name.text] = node;
      if (ts.isVariableStatement(node))
        for (const { name, initializer } of node.declarationList.declarations)
          if (ts.isIdentifier(name) && initializer) names[name.text] = initializer;
      const from = (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier;
      if (from && ts.isStringLiteral(from) && from.text.startsWith("."))
        for (const name of namesIn(node)) names[name] = path.posix.join(path.posix.dirname(file), from.text);
    }
    this.#memo.set(file, names);
    return names;
  }
}

const nameOf = (node: ts.CaseClause | ts.MethodDeclaration): string =>
  ts.isCaseClause(node) ? (ts.isStringLiteral(node.expression) ? node.expression.text : "") : node.name.getText();

function namesIn(node: ts.ImportDeclaration | ts.ExportDeclaration): readonly string[] {
  const named = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : node.exportClause;
  if (!named || !(ts.isNamedImports(named) || ts.isNamedExports(named))) return [];
  return named.elements.filter(({ isTypeOnly }) => !isTypeOnly).map(({ name }) => name.text);
}
