/**
 * No commit of a submission adds a key, token or password. All commits since the base are searched, because what a later one
 * takes out again stays in history. The secret itself is never repeated.
 *
 * `const t = "ghp_…36 characters…"` is found; `const t = process.env.GITHUB_TOKEN` passes.
 */
import path from "node:path";
import { z } from "zod";
import { sha256 } from "../base/ids.ts";
import { type AddedLine, addedLinesInRange } from "../git/added-lines.ts";
import type { Change, Check, Finding } from "./check.ts";
import { blocking, capped, result } from "./finding.ts";

/** @prop allow strings that look like secrets and are none. */
interface SecretOptions {
  readonly allow: readonly string[];
}

const MAX_LINE = 20_000;
/** Comments by which a file would switch the search off. */
const SELF_PARDON = "@secretlint/secretlint-rule-filter-comments";

export const secrets: Check<SecretOptions> = {
  id: "secrets",
  summary: "No added line in any commit holds a key, token or password.",
  options: z.strictObject({ allow: z.array(z.string().min(1)).default([]) }),
  async run(change, options) {
    const lint = await openLint();
    const findings = new Map<string, Finding>();
    for (const text of texts(await addedLinesInRange(change.worktree, change.base, change.sha, await change.diff.added()))) {
      change.signal.throwIfAborted();
      for (const found of await lint(text, options.allow)) findings.set(found.key, findings.get(found.key) ?? toFinding(found, change));
    }
    return result("secrets", change, options, capped([...findings.values()], 20));
  },
};

/** Lines that are searched together. */
interface Text {
  /** Some rules look at kinds of files. It stands in names of the library's timers, where odd characters end the process. */
  readonly name: "text.txt" | ".npmrc" | "package.json" | "data.json";
  readonly lines: readonly AddedLine[];
}

/**
 * All added lines as one text, file by file and commit by commit, because a key can span lines; files that have rules of
 * their own apart. Few texts: for each one the library keeps its timings for as long as the process lives.
 */
function texts(lines: readonly AddedLine[]): readonly Text[] {
  const byPlace = new Map<string, AddedLine[]>();
  for (const line of lines) {
    const place = `${line.commit}\0${line.path}`;
    const own = byPlace.get(place);
    if (own) own.push(line);
    else byPlace.set(place, [line]);
  }
  const special: Text[] = [];
  const rest: AddedLine[] = [];
  const seen = new Set<string>();
  for (const own of byPlace.values()) {
    const content = contentOf(own);
    const key = `${own[0]?.path}\0${content}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const name = nameOf(own[0]?.path ?? "", content);
    if (name === "text.txt") rest.push(...own);
    else special.push({ name, lines: own });
  }
  return rest.length > 0 ? [...special, { name: "text.txt", lines: rest }] : special;
}

const contentOf = (lines: readonly AddedLine[]): string => lines.map((line) => line.text.slice(0, MAX_LINE)).join("\n");

function nameOf(file: string, content: string): Text["name"] {
  const base = path.basename(file);
  if (base === ".npmrc" || base === "package.json") return base;
  // A service account is a whole JSON file; most added lines of one are not.
  return base.endsWith(".json") && /"private_key"/.test(content) ? "data.json" : "text.txt";
}

interface Found {
  readonly key: string;
  readonly kind: string;
  readonly line: AddedLine;
}

/** Loaded when first needed: the rules are the heaviest thing a check brings along. */
async function openLint(): Promise<(text: Text, allow: readonly string[]) => Promise<readonly Found[]>> {
  const [{ lintSource }, preset, { secretLintProfiler }] = await Promise.all([
    import("@secretlint/core"),
    import("@secretlint/secretlint-rule-preset-recommend"),
    import("@secretlint/profiler"),
  ]);
  // It keeps what each rule took on each text for as long as the process lives, and a host lives long.
  secretLintProfiler.mark = () => {};
  // One by one: within the preset no rule can be left out.
  const rules = preset.rules.filter((rule) => rule.meta.id !== SELF_PARDON).map((rule) => ({ id: rule.meta.id, rule }));
  return async ({ name, lines }, allow) => {
    // What is allowed is blotted out at equal length, so that places stay right.
    // Only "\n" ends a line here, or a finding would be laid at the wrong one.
    const plain = contentOf(lines).replace(/[\r\u2028\u2029]/g, " ");
    const content = allow.reduce((left, known) => left.replaceAll(known, " ".repeat(known.length)), plain);
    const source = { filePath: name, content, contentType: "text" as const, ext: path.extname(name) };
    const { messages } = await lintSource({ source, options: { config: { rules }, maskSecrets: true, noPhysicFilePath: true } });
    return messages.map(({ messageId, range }) => {
      const line = lines[content.slice(0, range[0]).split("\n").length - 1];
      if (!line) throw new Error(`a secret of the kind ${messageId} could not be placed`);
      return { key: sha256(`${messageId}\0${line.path}\0${content.slice(...range)}`), kind: messageId, line };
    });
  };
}

function toFinding({ kind, line }: Found, change: Change): Finding {
  const where = line.commit === change.sha ? "" : ` in commit ${line.commit.slice(0, 12)}, which a later one does not undo`;
  const message = `a line was added that holds a secret of the kind ${kind}${where}`;
  const fix = `Read it from the environment instead, and keep it out of every commit: git reset --soft ${change.base.slice(0, 12)}.`;
  return blocking("secrets", message, fix, { file: line.path, line: line.line });
}
