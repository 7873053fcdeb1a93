/**
 * Which shell commands a guarded or read-only session may run, for CLIs that ask before each: words are read without a shell,
 * and what only a shell could expand or chain is refused.
 */
import type { LaunchOrder } from "./harness.ts";
import { isOutside } from "./inside.ts";

/** Beginnings of argument lists. What reads is kept to the worktree, `git diff` too: it compares any two files there are. */
const READING = ["git status", "git diff", "git log", "git show", "git ls-files", "head", "ls", "pwd"].map((line) => line.split(" "));
const WRITING = ["git add", "git commit"].map((line) => line.split(" "));
/** `--output` and every abbreviation of it that git takes would write anywhere. */
const WRITES_A_FILE = /^--out/;

/** null: allowed. */
export function commandRefusal(
  { preset, commands, cwd }: Pick<LaunchOrder, "preset" | "commands" | "cwd">,
  command: string | readonly string[],
): string | null {
  const parts = typeof command === "string" ? wordsOf(command) : (unwrapped(command) ?? [command]);
  if (parts === null) return "only single commands, or commands joined by &&, without redirections or substitutions";
  const free = [...(preset === "guarded" ? WRITING : []), ...commands];
  const bad = parts.find((argv) => {
    if (argv[0] === "git" && argv.some(isOutput)) return true;
    if (free.some((start) => begins(argv, start))) return false;
    return !READING.some((start) => begins(argv, start)) || argv.some((word) => namesOutside(cwd, word));
  });
  return bad ? `${(bad.join(" ") || "an empty command").slice(0, 200)} is not among the commands of this session` : null;
}

/** A word by itself, or what is joined to an option: `--file=…`, `-f…`. */
const namesOutside = (cwd: string, word: string): boolean =>
  [word, ...(word.startsWith("-") ? [word.slice(2), word.slice(word.indexOf("=") + 1)] : [])].some((name) => isOutside(cwd, name));
const isOutput = (word: string): boolean => WRITES_A_FILE.test(word);
const begins = (argv: readonly string[], start: readonly string[]): boolean => start.every((word, index) => argv[index] === word);

/** `["bash", "-lc", "git status"]` is the command inside it. */
function unwrapped(argv: readonly string[]): readonly (readonly string[])[] | null | undefined {
  const [shell = "", flag = "", line] = argv;
  return /(^|\/)(ba|z|da)?sh$/.test(shell) && /^-l?c$/.test(flag) && line !== undefined && argv.length === 3 ? wordsOf(line) : undefined;
}

/** Argument lists of a command line; null when it needs a shell for more than quotes and `&&`. */
function wordsOf(line: string): readonly (readonly string[])[] | null {
  const parts: string[][] = [[]];
  let rest = line.trim();
  while (rest !== "") {
    const joint = /^&&\s*/.exec(rest);
    if (joint) {
      parts.push([]);
      rest = rest.slice(joint[0].length);
      continue;
    }
    // One word: bare characters, '…' and "…" in any order.
    const word = /^(?![~#!])(?:[^\s'"\\$`;&|<>(){}]|'[^']*'|"[^"\\$`!]*")+/.exec(rest);
    if (!word) return null;
    parts.at(-1)?.push(word[0].replace(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ""));
    rest = rest.slice(word[0].length);
    const gap = /^[^\S\n]+/.exec(rest);
    if (!gap && rest !== "" && !rest.startsWith("&&")) return null;
    rest = rest.slice(gap?.[0].length ?? 0);
  }
  return parts.some((part) => part.length === 0) ? null : parts;
}
