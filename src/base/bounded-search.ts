/**
 * Regular expressions of a project over texts of agents. Together the two can run for years, and nothing in the language
 * stops one; in a context of its own it can be ended.
 */
import vm from "node:vm";

/** For one expression over all texts. */
const SEARCH_MS = 2_000;

/** Indices of texts that match, at most `max`. Throws when the expression is none or does not come to an end. */
export function hits(pattern: string, texts: readonly string[], max: number, flags: "u" | "um" = "u"): readonly number[] {
  const code = `
    const expression = new RegExp(pattern, flags);
    const hits = [];
    for (let i = 0; i < texts.length && hits.length < max; i += 1) if (expression.test(texts[i])) hits.push(i);
    hits.join();`;
  return bounded(code, { pattern, flags, texts, max })
    .split(",")
    .filter((part) => part !== "")
    .map(Number);
}

/** The first group of the last match, or the whole match where there is no group. Null: no match. Throws like `hits`. */
export function lastGroup(pattern: string, text: string): string | null {
  const code = `
    let found = "";
    for (const match of text.matchAll(new RegExp(pattern, "gmu"))) found = "=" + (match[1] ?? match[0]);
    found;`;
  const found = bounded(code, { pattern, text });
  return found === "" ? null : found.slice(1);
}

const bounded = (code: string, names: object): string => String(vm.runInNewContext(code, names, { timeout: SEARCH_MS }));

/** Whether it is an expression at all, with the flags they are searched with. */
export function isRegExp(text: string): boolean {
  try {
    return new RegExp(text, "u") instanceof RegExp;
  } catch {
    return false; // whoever asks names the field and the line
  }
}

/** What to say of an expression whose search threw: what was not searched does not pass. */
export const whyUnusable = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT" ? "took too long" : "cannot be used";
