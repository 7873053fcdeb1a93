/** Files of a commit, as the project had them then: config, roles and teams never come from a checkout or a task's tree. */
import { git, splitZ } from "../git/git.ts";

export interface CommitFile {
  /** Repository-relative, forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** More than that in one folder of settings is no folder of settings. */
const MOST_FILES = 500;

/** Names right in `folder` ("" is the top), without what lies deeper. Symbolic links and submodules are left out. */
export async function fileNames(root: string, commit: string, folder: string): Promise<readonly string[]> {
  const path = folder === "" ? [] : ["--", `${folder}/`];
  const { out } = await git(root, ["ls-tree", "-z", "--full-tree", commit, ...path]);
  return splitZ(out).flatMap((entry) => {
    const [meta = "", name = ""] = entry.split("\t", 2);
    return meta.startsWith("100") ? [name] : [];
  });
}

/** Names of all files of the commit. */
export async function everyFileName(root: string, commit: string): Promise<readonly string[]> {
  return splitZ((await git(root, ["ls-tree", "-r", "-z", "--full-tree", "--name-only", commit])).out);
}

/** null when there is no such file in the commit. */
export async function fileText(root: string, commit: string, path: string): Promise<string | null> {
  const { code, out } = await git(root, ["cat-file", "blob", `${commit}:${path}`], { ok: [0, 128] });
  return code === 0 ? out : null;
}

export async function filesIn(root: string, commit: string, folders: readonly string[]): Promise<readonly CommitFile[]> {
  const names = (await Promise.all(folders.map((folder) => fileNames(root, commit, folder)))).flat().slice(0, MOST_FILES);
  const files = await Promise.all(names.map(async (path) => ({ path, text: (await fileText(root, commit, path)) ?? "" })));
  return files;
}
