/** One merged change, twice: as it was, and with one known defect in a line it added. */
import { codeLines, familyOf } from "../../domain/code-mask.ts";
import { type Candidate, choose, type Defect, mutations } from "../../domain/mutate.ts";
import { addedLines } from "../../git/added-lines.ts";
import type { Repo } from "../../git/git.ts";
import { commitOf } from "../../git/refs.ts";
import { textAt } from "../../git/tree.ts";
import { makeTwin } from "../../git/twins.ts";

export interface Pair {
  readonly base: string;
  readonly clean: string;
  readonly planted: string;
  readonly defect: Candidate;
}

/** null: its commits are gone, or no line of it can be given a defect. */
export async function plantIn(repo: Repo, sha: string, seed: number, before: readonly Defect[]): Promise<Pair | null> {
  const base = await commitOf(repo.commonDir, `${sha}^1`);
  if (base === null) return null;
  const texts = new Map<string, string>();
  const all = await candidates(repo, base, sha, texts);
  const defect = choose(all, seed, before);
  if (defect === null) return null;
  const lines = (texts.get(defect.file) ?? "").split("\n");
  lines[defect.line - 1] = defect.after;
  const replace = { path: defect.file, text: lines.join("\n") };
  const [clean, planted] = [await makeTwin(repo, { base, sha, replace: null }), await makeTwin(repo, { base, sha, replace })];
  return { base, clean, planted, defect };
}

/** A larger file is hardly written by hand. */
const LARGEST_BYTES = 512 * 1024;
/** A wrong test is caught by running it; what others wrote or a program made nobody reviews line by line. */
const NOT_REVIEWED =
  /(^|\/)(tests?|__tests__|spec|fixtures?|vendor|third_party|node_modules|dist|build)\/|[._-](test|spec|min|gen|generated|pb)\.|(^|\/)test_|_pb2\./i;

async function candidates({ commonDir }: Repo, base: string, sha: string, texts: Map<string, string>): Promise<readonly Candidate[]> {
  const added = (await addedLines(commonDir, base, sha)).filter(({ path }) => familyOf(path) !== null && !NOT_REVIEWED.test(path));
  const found: Candidate[] = [];
  for (const path of new Set(added.map((one) => one.path))) {
    const family = familyOf(path);
    const text = await textAt(commonDir, sha, path, LARGEST_BYTES);
    // What is no UTF-8 would be written back as something else.
    if (family === null || text === null || text.includes("\uFFFD")) continue;
    texts.set(path, text);
    const [lines, code] = [text.split("\n"), codeLines(text, family)];
    for (const { line } of added.filter((one) => one.path === path))
      found.push(...mutations(lines[line - 1] ?? "", code[line - 1] ?? "", family).map((one) => ({ ...one, file: path, line })));
  }
  return found;
}
