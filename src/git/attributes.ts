/** What the `.gitattributes` of a commit say of paths. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { git, splitZ } from "./git.ts";
import { filesAt } from "./tree.ts";

/** Those of `paths` for which `commit` sets the attribute, whatever a checkout's own files say. */
export async function withAttribute(place: string, commit: string, name: string, paths: readonly string[]): Promise<ReadonlySet<string>> {
  const files = await filesAt(place, commit);
  if (paths.length === 0 || !files.some((file) => path.posix.basename(file) === ".gitattributes")) return new Set();
  // Through an index of its own: `check-attr --source` needs git 2.40.
  const folder = mkdtempSync(path.join(tmpdir(), "skep-index-"));
  try {
    const env = { GIT_INDEX_FILE: path.join(folder, "index") };
    await git(place, ["read-tree", commit], { env });
    const input = paths.map((one) => `${one}\0`).join("");
    const { out } = await git(place, ["check-attr", "--cached", "-z", "--stdin", name], { env, input });
    const parts = splitZ(out);
    return new Set(parts.filter((_part, at) => at % 3 === 0 && ["set", "true"].includes(parts[at + 2] ?? "")));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
