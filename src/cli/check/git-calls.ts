/**
 * Whether a shell line commits or pushes, and what the commit will hold. Only read, never run. In doubt it is all of the
 * worktree: more is looked at than is committed, never less.
 */
export interface GitCalls {
  readonly commit: "staged" | "worktree" | null;
  readonly push: boolean;
}

/** `git`, its own options, the subcommand and what follows. */
const CALL = /^(?:\w+=\S*\s+)*(?:[\w./~-]*\/)?git(?:\s+(?:-[cC]\s+\S+|--?[\w-]+(?:=\S+)?))*\s+([a-z][\w-]*)(.*)$/;
const LOOKS = /^(status|diff|log|show|branch|fetch|rev-parse|config|remote|tag)$/;
const HARMLESS = /^(cd|echo|true|pwd|ls|cat)\b/;
/** Programs that run what they are given, quoted or not. */
const RUNS_TEXT = /\b(sh|bash|zsh|dash|eval|xargs|env|sudo|exec|time|command)\b/;
const TAKES_A_VALUE =
  /^(-[A-Za-z]*[mFCct]|--(message|file|author|date|reuse-message|reedit-message|fixup|squash|template|trailer|cleanup))$/;
/** Short options may stand together: `-am`. */
const MORE_THAN_STAGED = /^(-[A-Za-z]*[aiop][A-Za-z]*|--(all|include|only|patch|interactive|pathspec-from-file))(=|$)/;

export function gitCalls(line: string): GitCalls {
  let commit: GitCalls["commit"] = null;
  let push = false;
  let changes = false;
  for (const part of parts(line)) {
    const [, verb, rest = ""] = CALL.exec(part) ?? [];
    if (verb === undefined) {
      const [, hidden] = /\bgit\b.*\b(commit|push)\b/.exec(part) ?? [];
      if (hidden === "commit") commit = "worktree";
      push ||= hidden === "push";
      changes ||= !HARMLESS.test(part);
    } else if (verb === "push") push = true;
    else if (verb === "commit") commit = changes || commit === "worktree" || !isPlain(rest) ? "worktree" : "staged";
    else changes ||= !LOOKS.test(verb);
  }
  return { commit, push };
}

/** The commands of a line, with what is quoted in them as one word: a message is no command. */
function parts(line: string): readonly string[] {
  const runsText = RUNS_TEXT.test(line.replace(/'[^']*'|"(?:\\[\s\S]|[^"\\])*"/g, ""));
  const plain = runsText ? line.replace(/["'`\\]/g, " ") : line.replace(/\\[\s\S]/g, "x").replace(/'[^']*'|"[^"]*"/g, "x");
  return plain
    .split(/[;&|\n(){}`]+/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function isPlain(rest: string): boolean {
  const words = rest.split(/\s+/).filter((word) => word !== "");
  return words.every((word, at) => {
    if (TAKES_A_VALUE.test(words[at - 1] ?? "") && !MORE_THAN_STAGED.test(words[at - 1] ?? "")) return true;
    return word.startsWith("-") && word !== "--" && !MORE_THAN_STAGED.test(word);
  });
}
