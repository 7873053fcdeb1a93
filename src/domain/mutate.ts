/**
 * Known defects, one per line of code: what an audit plants and a reviewer should find. Patterns work on a line whose strings
 * and comments are blanked, so that words are never taken for code. Nothing here is random: a seed chooses.
 */
import { sha256 } from "../base/ids.ts";
import { BLANK, type Family } from "./code-mask.ts";

/** In one or two words, as a report names it. */
export type Defect =
  | "flipped comparison"
  | "off by one"
  | "and for or"
  | "inverted condition"
  | "flipped result"
  | "dropped await"
  | "dropped null check"
  | "dropped error"
  | "swapped arguments"
  | "wrong sign";

interface Mutator {
  readonly defect: Defect;
  readonly families: readonly Family[];
  /** On blanked code. */
  readonly pattern: RegExp;
  /** What stands there instead; null: this one is left alone. */
  readonly put: (match: RegExpExecArray, code: string) => string | null;
}

const BOTH: readonly Family[] = ["slashes", "hash"];
const swap =
  (...pairs: readonly (readonly [string, string])[]) =>
  ([found]: RegExpExecArray): string | null => {
    const word = found.trim();
    const pair = pairs.find((one) => one.includes(word));
    return pair ? found.replace(word, pair[0] === word ? pair[1] : pair[0]) : null;
  };

/** Order is of no matter to these, and a test that compares the other way round says the same. */
const SYMMETRIC = /max|min|equal|same|union|gcd|add|sum|hypot|concat|assert|expect/i;
const DECLARES = /\b(function|def|fn|func|fun|class|sub)\b|=>|[{:]\s*$/;
const NO_CALL = /^(if|for|while|switch|catch|return|typeof|with|and|or|not|in)$/;

const MUTATORS: readonly Mutator[] = [
  { defect: "flipped comparison", families: BOTH, pattern: / (===|!==|==|!=) /g, put: swap(["===", "!=="], ["==", "!="]) },
  { defect: "flipped comparison", families: BOTH, pattern: / (<|>) /g, put: swap(["<", ">"]) },
  { defect: "off by one", families: BOTH, pattern: / (<=|>=) /g, put: ([found]) => found.replace("=", "") },
  { defect: "off by one", families: BOTH, pattern: / (<|>) /g, put: ([found]) => `${found.trimEnd()}= ` },
  { defect: "and for or", families: ["slashes"], pattern: / (&&|\|\|) /g, put: swap(["&&", "||"]) },
  { defect: "and for or", families: ["hash"], pattern: / (and|or) /g, put: swap(["and", "or"]) },
  { defect: "inverted condition", families: ["slashes"], pattern: /\b(if|while) \(!(?=[\w(])/g, put: ([, word]) => `${word} (` },
  {
    defect: "inverted condition",
    families: ["slashes"],
    pattern: /\b(if|while) \((?=[\w.]+(?:\([\w., ]*\))?\))/g,
    put: ([, word]) => `${word} (!`,
  },
  { defect: "inverted condition", families: ["hash"], pattern: /\b(if|while) not (?=\w)/g, put: ([, word]) => `${word} ` },
  {
    defect: "inverted condition",
    families: ["hash"],
    pattern: /\b(if|while) (?!not\b)(?=[\w.]+(?:\([\w., ]*\))?:)/g,
    put: ([, word]) => `${word} not `,
  },
  {
    defect: "flipped result",
    families: BOTH,
    pattern: /\breturn (true|false|True|False)\b/g,
    put: ([found, word = ""]) => found.replace(word, { true: "false", false: "true", True: "False", False: "True" }[word] ?? word),
  },
  { defect: "dropped await", families: BOTH, pattern: /\bawait (?=\w)/g, put: () => "" },
  { defect: "dropped null check", families: ["slashes"], pattern: /(?<=[\w)\]])\?\.(?=[A-Za-z_$])/g, put: () => "." },
  {
    defect: "dropped null check",
    families: ["slashes"],
    pattern: /(?<=[( ])[\w.]+ !==? (?:null|undefined|nil|nullptr) && (?=\S)/g,
    put: () => "",
  },
  { defect: "flipped comparison", families: ["hash"], pattern: / is not None\b/g, put: () => " is None" },
  { defect: "dropped error", families: ["slashes"], pattern: /\bthrow (?=new )/g, put: () => "" },
  {
    defect: "dropped error",
    families: ["slashes"],
    pattern: /\breturn (?:nil, )?err\b(?!\()/g,
    put: ([found]) => found.replace(/err$/, "nil"),
  },
  { defect: "dropped error", families: ["hash"], pattern: /\braise (?=\w+\()/g, put: () => "" },
  {
    defect: "swapped arguments",
    families: BOTH,
    pattern: /\b(\w+)\((\w+), (\w+)\)/g,
    put([, name = "", first, second], code) {
      if (first === second || NO_CALL.test(name) || SYMMETRIC.test(name) || DECLARES.test(code)) return null;
      return `${name}(${second}, ${first})`;
    },
  },
  // A plus beside a string joins words, and a minus there is no slip anybody makes.
  { defect: "wrong sign", families: BOTH, pattern: /(?<=[\w)\]] )[+-](?= [\w(])/g, put: swap(["+", "-"]) },
  { defect: "wrong sign", families: BOTH, pattern: / (\+=|-=) (?=\d)/g, put: swap(["+=", "-="]) },
];

/** Lines that say what a file takes from others, or are for another program. */
const NO_CODE = /^\s*(import|from|require|include|use|using|package|namespace|export \*|export \{|#|@|\*)/;

export interface Mutation {
  readonly defect: Defect;
  readonly before: string;
  readonly after: string;
}

/** Every defect this line can be given. `code` is the line with strings and comments blanked. */
export function mutations(line: string, code: string, family: Family): readonly Mutation[] {
  if (NO_CODE.test(code) || line.length !== code.length) return [];
  return MUTATORS.filter(({ families }) => families.includes(family)).flatMap(({ defect, pattern, put }) =>
    [...code.matchAll(pattern)].flatMap((match) => {
      const { 0: found, index } = match as RegExpExecArray;
      const instead = found.includes(BLANK) ? null : put(match as RegExpExecArray, code);
      if (instead === null) return [];
      const after = line.slice(0, index) + instead + line.slice(index + found.length);
      return bare(after) === bare(line) || bare(after) === "" ? [] : [{ defect, before: line, after }];
    }),
  );
}

const bare = (line: string): string => line.replace(/\s/g, "");

/** A line of a change and one defect it can be given. */
export interface Candidate extends Mutation {
  readonly file: string;
  readonly line: number;
}

/** The seed's choice; defects that were planted less often before go first, so that an audit asks many questions. */
export function choose(all: readonly Candidate[], seed: number, planted: readonly Defect[]): Candidate | null {
  const used = (defect: Defect): number => planted.filter((one) => one === defect).length;
  const rank = ({ defect, file, line, after }: Candidate): string => sha256(`${seed}\0${file}\0${line}\0${defect}\0${after}`);
  // First among kinds, then within the kind: a comparison on every line must not crowd out the one await.
  const kind = ({ defect }: Candidate): string => sha256(`${seed}\0${defect}`);
  const order = (a: Candidate, b: Candidate): number =>
    used(a.defect) - used(b.defect) || compare(kind(a), kind(b)) || compare(rank(a), rank(b));
  return [...all].sort(order)[0] ?? null;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
