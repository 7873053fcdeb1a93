/** Merges two commits without a checkout. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { git, splitZ, type Worktree } from "./git.ts";
import { mergeAttributes } from "./merge-drivers.ts";

export interface MergedTrees {
  /** With conflicts its files hold markers: good for looking, not for committing. */
  readonly tree: string;
  readonly conflict: readonly string[];
}

/**
 * Where git's own merge finds a conflict, it is done once more under the `.gitattributes` of `ours`: `merge=union` and the
 * like may know better. Without a checkout git does not read them by itself.
 *
 * @param commonDir the git folder: a merge driver writes scratch files where it runs, so never the user's checkout.
 */
export async function mergeTrees(commonDir: string, ours: string, theirs: string): Promise<MergedTrees> {
  const plain = await merge(commonDir, ours, theirs, commonDir, "");
  if (plain.conflict.length === 0) return plain;
  const files = await attributeFiles(commonDir, ours);
  if (files.length === 0) return plain;
  const folder = mkdtempSync(path.join(tmpdir(), "skep-merge-"));
  try {
    for (const { name, text } of files) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    const texts = files.map(({ text }) => text).join("\n");
    return await merge({ path: folder, gitDir: commonDir, commonDir }, ours, theirs, commonDir, texts);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function merge(place: string | Worktree, ours: string, theirs: string, commonDir: string, texts: string): Promise<MergedTrees> {
  const args = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours, theirs];
  const { settings, env } = await mergeAttributes(commonDir, texts);
  const { out } = await git(place, args, { ok: [0, 1], drivers: settings, env });
  const [tree = "", ...conflict] = splitZ(out);
  return { tree, conflict: [...new Set(conflict)].filter((name) => name !== "") };
}

/** The attribute files of a commit that say something about merging. Plain files alone: a link could lead anywhere. */
async function attributeFiles(commonDir: string, commit: string): Promise<readonly { readonly name: string; readonly text: string }[]> {
  const entries = splitZ((await git(commonDir, ["ls-tree", "-r", "-z", commit])).out);
  const files: { name: string; text: string }[] = [];
  for (const entry of entries) {
    const [about = "", name = ""] = [entry.slice(0, entry.indexOf("\t")), entry.slice(entry.indexOf("\t") + 1)];
    const [mode = "", , blob = ""] = about.split(" ");
    if (path.posix.basename(name) !== ".gitattributes" || !mode.startsWith("100")) continue;
    const text = (await git(commonDir, ["cat-file", "blob", blob])).out;
    if (/\bmerge\b|\bbinary\b/.test(text)) files.push({ name, text });
  }
  return files;
}
