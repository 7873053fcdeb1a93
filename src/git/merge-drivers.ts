/**
 * Which merge drivers a merge without a checkout could come to, known from the attributes it reads and not from the
 * configuration: each gives way to git's own three-way merge, and the merge needs no further call to git.
 */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { git } from "./git.ts";
import { type Setting, withoutDrivers } from "./safety.ts";

const BUILT_IN: ReadonlySet<string> = new Set(["text", "binary", "union"]);
/** By git folder: where the user keeps attributes for all repositories. Read once: only its path is kept. */
const places = new Map<string, Promise<string>>();

export interface MergeAttributes {
  readonly settings: readonly Setting[];
  readonly env: Readonly<Record<string, string>>;
}

/** @param more text of further attribute files that are looked at. */
export async function mergeAttributes(commonDir: string, more = ""): Promise<MergeAttributes> {
  let place = places.get(commonDir);
  if (!place) {
    place = userAttributes(commonDir);
    places.set(commonDir, place);
    place.catch(() => places.delete(commonDir));
  }
  const own = await place;
  const texts = [own, path.join(commonDir, "info", "attributes"), path.join(commonDir, ".gitattributes")].map(textOf).concat(more);
  const names = new Set(
    texts.flatMap((text) => [...text.matchAll(/\bmerge=(\S+)/g)].flatMap(([, name = ""]) => (BUILT_IN.has(name) ? [] : [name]))),
  );
  return {
    settings: [
      // Exactly the files looked at here, and no driver for what they do not name.
      ["core.attributesFile", own],
      ["merge.default", "text"],
      ...withoutDrivers([...names].map((name) => `merge.${name}.driver`)),
    ],
    env: { GIT_ATTR_NOSYSTEM: "1" },
  };
}

async function userAttributes(commonDir: string): Promise<string> {
  const { out } = await git(commonDir, ["config", "--null", "--type=path", "--get", "core.attributesFile"], { ok: [0, 1] });
  const configured = out.replace(/\0$/, "");
  if (configured !== "") return configured;
  return path.join(process.env.XDG_CONFIG_HOME || path.join(homedir(), ".config"), "git", "attributes");
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // there is none, or git cannot read it either
  }
}
