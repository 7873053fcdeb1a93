/** The roles, teams, rules and pipelines that come with the package, wherever this code runs from: the sources or the bundle. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { SkepError } from "../base/errors.ts";
import type { SourceFile } from "./problems.ts";

const FOLDERS = ["roles", "roles/shared", "templates/teams", "rules"] as const;
/** Read only by those who want one. */
const PIPELINES = ["templates/pipelines"] as const;

/** The package's root: `src/catalog/` and `dist/` are both below it, at different depths. */
export function packageRoot(from = path.dirname(fileURLToPath(import.meta.url))): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, "package.json")) && existsSync(path.join(folder, "roles", "shared"))) return folder;
    if (path.dirname(folder) === folder)
      throw new SkepError("CATALOG_INVALID", "the roles of the package are missing", "install skep again");
  }
}

/** Read anew on each call: it is a handful of small files, and a swarm pins what it uses. */
export const shippedFiles = (root = packageRoot()): readonly SourceFile[] => filesOf(root, FOLDERS);
export const shippedPipelines = (root = packageRoot()): readonly SourceFile[] => filesOf(root, PIPELINES);

function filesOf(root: string, folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(root, folder))
      .filter((name) => /\.(md|yaml)$/.test(name))
      .sort()
      .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(path.join(root, folder, name), "utf8") })),
  );
}
