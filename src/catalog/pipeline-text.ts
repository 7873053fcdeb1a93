/**
 * Texts with variables: `{{name}}`, read by LiquidJS and nothing more of it: no tags, so no loops and no files. A text is
 * compiled as it stands in the YAML and filled afterwards, so what a value holds is never read as a template or as YAML.
 */
import { Liquid, type Template } from "liquidjs";

export type VariableValue = string | number | boolean | readonly string[];
export type Values = Readonly<Record<string, VariableValue>>;

export interface TextTemplate {
  /** Variables it names, and where in the text. */
  readonly names: readonly { readonly name: string; readonly offset: number }[];
  /** A text that is one bare variable keeps the type of the value; a longer one is text. */
  fill(values: Values): VariableValue;
}

/** Why a text cannot be read. */
export interface TextFlaw {
  readonly why: string;
  readonly offset: number;
}

/** Far more than an honest brief needs; a text that grows by its filters ends here. */
const LIMIT = 1_000_000;

const engine = new Liquid({
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  parseLimit: LIMIT,
  memoryLimit: LIMIT,
  outputEscape: (value) => (Array.isArray(value) ? value.join(", ") : String(value)),
});
for (const tag of Object.keys(engine.tags)) delete engine.tags[tag];

const BARE = /^\{\{-?\s*([a-z][a-z0-9_]*)\s*-?\}\}$/;

/** Whether LiquidJS would find anything to do in it. */
export const hasTemplate = (text: string): boolean => text.includes("{{") || text.includes("{%");

export function readText(text: string): TextTemplate | TextFlaw {
  let parsed: Template[];
  try {
    parsed = engine.parse(text);
  } catch (error) {
    return flawOf(error, text);
  }
  const bare = BARE.exec(text.trim())?.[1];
  const names = Object.entries(engine.analyzeSync(parsed, { partials: false }).globals).flatMap(([name, uses]) =>
    uses.map(({ location }) => ({ name, offset: offsetOf(text, location.row, location.col) })),
  );
  return {
    names,
    fill: (values) => (bare !== undefined && Object.hasOwn(values, bare) ? (values[bare] ?? "") : engine.renderSync(parsed, values)),
  };
}

/** LiquidJS ends its messages with a place inside the text; ours is in the file. */
function flawOf(error: unknown, text: string): TextFlaw {
  const message = error instanceof Error ? error.message : String(error);
  const [, row = "1", col = "1"] = /, line:(\d+), col:(\d+)$/.exec(message) ?? [];
  const why = /^tag .* not found/.test(message) ? "has a tag; a pipeline has variables alone" : message.replace(/, line:\d+, col:\d+$/, "");
  return { why, offset: offsetOf(text, Number(row), Number(col)) };
}

function offsetOf(text: string, row: number, col: number): number {
  const before = text.split("\n").slice(0, row - 1);
  return before.reduce((sum, line) => sum + line.length + 1, 0) + col - 1;
}
