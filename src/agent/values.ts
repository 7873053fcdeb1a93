/** Values in a playbook: `${name}` and `${a.b.0}` from what is known, lists made with `each`, captures from an answer. */
import { quote } from "../base/errors.ts";

export type Vars = Readonly<Record<string, unknown>>;

/** The script asks for something it cannot have; ends the turn with the reason. */
export class ScriptFault extends Error {}

const WHOLE = /^\$\{([^}]+)\}$/;
const PART = /\$\{([^}]+)\}/g;

/**
 * A string that is one `${…}` keeps the value's own type; inside a longer string it becomes text.
 * `{each: <path or number>, give: {...}}` is a list with one entry per item, where `${item}` and `${n}` (from 1) are known.
 */
export function fill(value: unknown, vars: Vars): unknown {
  if (typeof value === "string") {
    const whole = WHOLE.exec(value)?.[1];
    return whole === undefined ? value.replace(PART, (_, path: string) => asText(need(vars, path))) : need(vars, whole);
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, vars));
  if (typeof value !== "object" || value === null) return value;
  if ("each" in value && "give" in value) return each(value.each, value.give, vars);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, vars)]));
}

export function fillText(text: string, vars: Vars): string {
  return asText(fill(text, vars));
}

function each(over: unknown, give: unknown, vars: Vars): unknown[] {
  const source = typeof over === "string" ? need(vars, over) : over;
  const items = typeof source === "number" ? Array.from({ length: source }, () => null) : source;
  if (!Array.isArray(items)) throw new ScriptFault(`each needs a list or a number, ${quote(String(over))} is neither`);
  return items.map((item, index) => fill(give, { ...vars, item, n: index + 1 }));
}

function need(vars: Vars, path: string): unknown {
  const value = at(vars, path.trim());
  if (value === undefined) throw new ScriptFault(`nothing is known as ${quote(path)}`);
  return value;
}

/** The value at a dotted path, undefined when there is none. */
export function at(root: unknown, path: string): unknown {
  let value = root;
  for (const key of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** `/regexp/` takes the first group (or the whole match) from the text; anything else is a path in the structured answer. */
export function capture(how: string, answer: { readonly text: string; readonly structured: unknown }): unknown {
  const pattern = /^\/(.+)\/([imsu]*)$/s.exec(how);
  const found = pattern ? matched(new RegExp(pattern[1] ?? "", pattern[2]), answer.text) : at(answer.structured, how);
  if (found === undefined) throw new ScriptFault(`the answer has no ${quote(how)}: ${quote(answer.text)}`);
  return found;
}

function matched(pattern: RegExp, text: string): string | undefined {
  const match = pattern.exec(text);
  return match?.[1] ?? match?.[0];
}
