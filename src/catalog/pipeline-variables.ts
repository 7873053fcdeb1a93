/** The variables of a pipeline: what a person fills in, each with a type and a default or an example. */
import { z } from "zod";
import { quote } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import type { Values, VariableValue } from "./pipeline-text.ts";

const VARIABLE = /^[a-z][a-z0-9_]{0,39}$/;
/** Always there: what the person wants, in their words. A pipeline may declare it to give it a default. */
export const GOAL = "goal";

const LONGEST = 20_000;
const value = z.union([z.string().max(LONGEST), z.number(), z.boolean(), z.array(z.string().min(1).max(1024)).max(50)]);

export const variableSchema = z.strictObject({
  type: z.enum(["string", "int", "number", "bool", "enum", "list"]).default("string"),
  about: z.string().min(1).max(200),
  default: value.optional(),
  /** Stands in for it where the pipeline is checked without being run. */
  example: value.optional(),
  choices: z.array(z.string().min(1).max(100)).min(1).max(50).optional(),
});
export type Variable = z.output<typeof variableSchema>;
export type Variables = Readonly<Record<string, Variable>>;

const UNDECLARED: Variable = { type: "string", about: "what shall be true at the end", example: "An example goal" };

export const withGoal = (declared: Variables): Variables =>
  Object.hasOwn(declared, GOAL) ? declared : { [GOAL]: UNDECLARED, ...declared };

/** A value as the variable wants it, or why it is none. Text from a command line is read by the type. */
function readValue(variable: Variable, given: unknown): { readonly value: VariableValue } | { readonly why: string } {
  const { type, choices = [] } = variable;
  switch (type) {
    case "string":
      return typeof given === "string" && given.length <= LONGEST ? { value: given } : { why: `a text of at most ${LONGEST} characters` };
    case "enum":
      return choices.includes(String(given)) ? { value: String(given) } : { why: `one of ${choices.join(", ")}` };
    case "bool":
      if (typeof given === "boolean") return { value: given };
      return given === "true" || given === "false" ? { value: given === "true" } : { why: "true or false" };
    case "int":
    case "number": {
      const number = typeof given === "string" && given.trim() !== "" ? Number(given) : given;
      const fits = typeof number === "number" && Number.isFinite(number) && (type === "number" || Number.isInteger(number));
      return fits ? { value: number } : { why: type === "int" ? "a whole number" : "a number" };
    }
    case "list": {
      const list = typeof given === "string" ? listOf(given) : given;
      const read = z.array(z.string().min(1).max(1024)).max(50).safeParse(list);
      return read.success ? { value: read.data } : { why: "a list of at most 50 texts: a,b or a JSON list" };
    }
  }
}

/** `a, b` or `["a", "b, c"]`. */
function listOf(text: string): unknown {
  if (!text.trimStart().startsWith("[")) return text.split(",").flatMap((item) => item.trim() || []);
  try {
    return JSON.parse(text);
  } catch {
    return null; // no list, which is what is then said
  }
}

/** What is wrong with the declarations themselves: `[variable, what, fix]`. */
export function variableProblems(declared: Variables): readonly (readonly [string, string, string])[] {
  return Object.entries(declared).flatMap(([name, variable]): (readonly [string, string, string])[] => {
    if (!VARIABLE.test(name)) return [[name, "is no name of a variable", "a letter, then letters, digits and _, lower case"]];
    if ((variable.type === "enum") !== (variable.choices !== undefined))
      return [[name, "must have `choices` exactly when it is an enum", "add or remove them"]];
    if (variable.default === undefined && variable.example === undefined)
      return [[name, "has neither `default` nor `example`", "give it one, so that the pipeline can be checked"]];
    return [variable.default, variable.example].flatMap((one) => {
      const read = one === undefined ? { value: "" } : readValue(variable, one);
      return "why" in read ? [[name, `has a value that does not fit: it is ${read.why}`, `make it ${read.why}`] as const] : [];
    });
  });
}

/** The values a run works with, or one sentence and its remedy for each that is wrong. */
export function valuesFor(
  declared: Variables,
  given: Readonly<Record<string, unknown>>,
): { readonly values: Values; readonly problems: readonly (readonly [string, string, string])[] } {
  const values: Record<string, VariableValue> = {};
  const problems: (readonly [string, string, string])[] = [];
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(declared, name)) continue;
    const meant = nearest(name, Object.keys(declared));
    problems.push([
      name,
      `is no variable of this pipeline${meant ? `, perhaps ${meant}` : ""}`,
      `it has ${Object.keys(declared).join(", ")}`,
    ]);
  }
  for (const [name, variable] of Object.entries(declared)) {
    const wanted = Object.hasOwn(given, name) ? given[name] : variable.default;
    const read = wanted === undefined ? { why: null } : readValue(variable, wanted);
    if ("value" in read) values[name] = read.value;
    else if (read.why === null)
      problems.push([name, `is missing: ${variable.about}`, name === GOAL ? "say the goal in your words" : `give ${name} a value`]);
    else problems.push([name, `cannot be ${quote(String(wanted), 60)}: it is ${read.why}`, `make it ${read.why}`]);
  }
  return { values, problems };
}

/** Defaults, and examples where there is none: enough to compile it without a person. */
export const exampleValues = (declared: Variables): Values =>
  valuesFor(
    declared,
    Object.fromEntries(
      Object.entries(declared).flatMap(([name, { default: usual, example }]) => (usual === undefined ? [[name, example]] : [])),
    ),
  ).values;
