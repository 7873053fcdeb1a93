/** Files of a commit as they are in it, whatever the checkout holds. */
import { git, splitZ } from "./git.ts";

/** Names of all files, sorted as git does; symbolic links and submodules are left out. */
export async function filesAt(place: string, commit: string): Promise<readonly string[]> {
  const { out } = await git(place, ["ls-tree", "-r", "-z", "--full-tree", commit]);
  return splitZ(out).flatMap((entry) => (entry.startsWith("100") ? [entry.slice(entry.indexOf("\t") + 1)] : []));
}

/** null when there is no such file, or it is larger than `maxBytes`. */
export async function textAt(place: string, commit: string, path: string, maxBytes: number): Promise<string | null> {
  const name = `${commit}:${path}`;
  const size = await git(place, ["cat-file", "-s", name], { ok: [0, 128] });
  if (size.code !== 0 || Number(size.out) > maxBytes) return null;
  const { code, out } = await git(place, ["cat-file", "blob", name], { ok: [0, 128] });
  return code === 0 ? out : null;
}
