/** Rules about what stands inside one file, read from its syntax tree, so that comments and strings do not count. */
import ts from "typescript";

interface Rule {
  /** Which files it is about. */
  readonly applies: (file: string) => boolean;
  /** What is wrong with this node, or null. */
  readonly wrong: (node: ts.Node, source: ts.SourceFile) => string | null;
}

const inSrc = (file: string): boolean => file.startsWith("src/");
const srcOrTest = (file: string): boolean =>
  (inSrc(file) && !file.startsWith("src/base/")) || (file.startsWith("test/") && /\.tsx?$/.test(file));
const anywhere = (): boolean => true;

const RAW_CALLS: ReadonlySet<string> = new Set(["Date.now", "performance.now", "Math.random", "process.hrtime", "process.hrtime.bigint"]);
const RAW_TIMERS: ReadonlySet<string> = new Set(["setTimeout", "setInterval", "globalThis.setTimeout", "globalThis.setInterval"]);
const RAW_CRYPTO: ReadonlySet<string> = new Set(["randomBytes", "randomUUID", "randomInt", "randomFillSync", "getRandomValues"]);
const SHELL_CALLS: ReadonlySet<string> = new Set(["exec", "execSync"]);

const RULES: readonly Rule[] = [
  { applies: srcOrTest, wrong: rawTime },
  { applies: inSrc, wrong: consoleUse },
  { applies: anywhere, wrong: shell },
  { applies: anywhere, wrong: emptyCatch },
  { applies: (file) => file.startsWith("src/domain/"), wrong: impureImport },
];

export function sourceViolations(file: string, text: string): string[] {
  const rules = RULES.filter((rule) => rule.applies(file));
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const bad: string[] = [];
  const visit = (node: ts.Node): void => {
    for (const rule of rules) {
      const wrong = rule.wrong(node, source);
      if (wrong) bad.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}: ${wrong}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return bad;
}

function rawTime(node: ts.Node, source: ts.SourceFile): string | null {
  if (ts.isCallExpression(node)) {
    const callee = node.expression.getText(source);
    if (RAW_CALLS.has(callee) || RAW_TIMERS.has(callee)) return `${callee}() outside src/base; take a Clock, or sleep() from base/clock.ts`;
  }
  if (ts.isNewExpression(node) && node.expression.getText(source) === "Date" && !node.arguments?.length)
    return "new Date() outside src/base; take a Clock";
  if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) return null;
  const from = node.moduleSpecifier.text;
  if (/^(node:)?timers(\/promises)?$/.test(from)) return `${from} outside src/base; take a Clock, or sleep() from base/clock.ts`;
  if (!/^(node:)?crypto$/.test(from)) return null;
  const raw = valueNames(node).find((name) => RAW_CRYPTO.has(name));
  return raw ? `${raw} outside src/base; mint ids and tokens with base/ids.ts` : null;
}

function consoleUse(node: ts.Node): string | null {
  const used = ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "console";
  return used ? `console.${node.name.text} in src: stdout is for what a command prints; log with base/logger.ts` : null;
}

function shell(node: ts.Node, source: ts.SourceFile): string | null {
  if (ts.isPropertyAssignment(node) && node.name.getText(source) === "shell" && node.initializer.kind === ts.SyntaxKind.TrueKeyword)
    return "shell: true; give the program and its arguments as an array";
  if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) return null;
  if (!/^(node:)?child_process$/.test(node.moduleSpecifier.text)) return null;
  const bad = valueNames(node).find((name) => SHELL_CALLS.has(name));
  return bad ? `${bad} runs a shell; use execFile or spawn with an argument array` : null;
}

function emptyCatch(node: ts.Node, source: ts.SourceFile): string | null {
  const block = ts.isCatchClause(node) ? node.block : catchCallback(node);
  if (!block || block.statements.length > 0) return null;
  const inside = block.getText(source).slice(1, -1);
  return /\/[/*]/.test(inside) ? null : "an empty catch without its reason; say in a comment why nothing is lost";
}

/** The block of `.catch(() => {})`. */
function catchCallback(node: ts.Node): ts.Block | null {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression) || node.expression.name.text !== "catch") return null;
  const [handler] = node.arguments;
  const inline = handler && (ts.isArrowFunction(handler) || ts.isFunctionExpression(handler));
  return inline && ts.isBlock(handler.body) ? handler.body : null;
}

/** domain/ may name base/'s types and pure functions, not its doors to time, randomness and logs. */
function impureImport(node: ts.Node): string | null {
  if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) return null;
  const from = node.moduleSpecifier.text;
  const values = valueNames(node);
  const door = /\/base\/(clock|logger)\.ts$/.test(from)
    ? values[0]
    : values.find((name) => /\/base\/ids\.ts$/.test(from) && name.startsWith("mint"));
  return door ? `domain is pure: ${door} from ${from} belongs to the caller; take its result as part of the command` : null;
}

/** What an import binds at run time, under its exported names; `*` for a namespace, `default` for a default import. */
function valueNames(node: ts.ImportDeclaration): readonly string[] {
  const clause = node.importClause;
  if (!clause || clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return [];
  const names = clause.name ? ["default"] : [];
  const bindings = clause.namedBindings;
  if (!bindings) return names;
  if (ts.isNamespaceImport(bindings)) return [...names, "*"];
  return [
    ...names,
    ...bindings.elements.filter((element) => !element.isTypeOnly).map((element) => (element.propertyName ?? element.name).text),
  ];
}
