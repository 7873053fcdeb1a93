/**
 * git's own hooks, `pre-commit` and `pre-push`: a small script of skep's. A hook that was there is kept beside it under another
 * name, called first, and put back on removal.
 */
import { existsSync, lstatSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { quote, SkepError } from "../../base/errors.ts";
import { shellLine } from "../../base/shell-line.ts";
import { git, splitZ } from "../../git/git.ts";
import type { Checkout } from "../../git/own-change.ts";
import type { FileChange } from "./file-change.ts";
import type { PlanHook } from "./install.ts";

const NAMES = ["pre-commit", "pre-push"] as const;
type Name = (typeof NAMES)[number];

const MARK = "# skep check: this file is skep's. What was here before comes back with: skep check --remove git";
/** How many folders were made for the hooks stands in them, so that as many go. */
const OWN_FOLDERS = /^# the folder is skep's, too(?:, and (\d+) above it)?$/m;
/** Such a script finds its work by its own name, so it cannot be called under another. */
const KNOWS_ITS_NAME = /basename[^\n]*\$\{?0|\$\{0##|husky|\$\(dirname[^\n]*\$0"?\)"?\/h\b/;

export const gitHooks: PlanHook = async (place, verb, program) => {
  const set = await hooksPath(place);
  const usual = path.join(place.commonDir, "hooks");
  if (verb === "install") {
    const folder = set === null ? usual : folderToUse(set);
    const changes = NAMES.flatMap((name) => put(folder, name, program));
    return { changes, note: "git commit --no-verify and git push --no-verify go past it." };
  }
  // They may have come before core.hooksPath was set; folders of all repositories were never written to.
  const folders = new Set([...(set === null || set.shared ? [] : [set.folder]), usual]);
  return { changes: [...folders].filter(isFolder).flatMap(takeOutAll), note: "" };
};

function put(folder: string, name: Name, program: readonly string[]): readonly FileChange[] {
  const file = path.join(folder, name);
  const kept = keptName(file);
  const text = readOwn(file);
  if (text !== null) {
    const after = script(name, program, ownFolders(text));
    return after === text ? [] : [{ kind: "write", path: file, before: text, after, executable: true }];
  }
  const write = (own: number): FileChange => ({
    kind: "write",
    path: file,
    before: null,
    after: script(name, program, own),
    executable: true,
  });
  if (!lstatSync(file, { throwIfNoEntry: false })) return [write(name === NAMES[0] ? missingFolders(folder) : 0)];
  const byHand = `add this line to it by hand: ${shellLine([...program, "check", "--hook", name])}`;
  if (lstatSync(kept, { throwIfNoEntry: false }))
    throw new SkepError("HOOK_KEPT", `${quote(kept)} is there already, from an earlier hook`, `remove it, or ${byHand}`);
  if (KNOWS_ITS_NAME.test(readFileSync(file, "latin1"))) {
    throw new SkepError(
      "HOOK_NAMED",
      `${quote(file)} finds its work by its own name (husky does), so it cannot be kept under another`,
      byHand,
    );
  }
  return [{ kind: "rename", path: file, to: kept }, write(0)];
}

function takeOutAll(folder: string): readonly FileChange[] {
  const own = Math.max(...NAMES.map((name) => ownFolders(readOwn(path.join(folder, name)) ?? "")));
  return NAMES.flatMap((name) => takeOut(folder, name, own));
}

function takeOut(folder: string, name: Name, emptyFolders: number): readonly FileChange[] {
  const file = path.join(folder, name);
  const text = readOwn(file);
  if (text === null) return [];
  const gone: FileChange = { kind: "write", path: file, before: text, after: null, emptyFolders };
  const kept = keptName(file);
  if (lstatSync(kept, { throwIfNoEntry: false })) return [gone, { kind: "rename", path: kept, to: file }];
  return [gone];
}

/** The folder and those above it that are to be made with it. */
const missingFolders = (folder: string): number => (existsSync(folder) ? 0 : 1 + missingFolders(path.dirname(folder)));

function ownFolders(text: string): number {
  const found = OWN_FOLDERS.exec(text);
  return found ? 1 + Number(found[1] ?? 0) : 0;
}

function ownFoldersLine(count: number): readonly string[] {
  if (count === 0) return [];
  return [`# the folder is skep's, too${count === 1 ? "" : `, and ${count - 1} above it`}`];
}

const keptName = (file: string): string => `${file}.before-skep`;

/** The text of a hook that skep wrote, else null. */
function readOwn(file: string): string | null {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile()) return null;
  const text = readFileSync(file, "utf8");
  return text.split("\n")[1] === MARK ? text : null;
}

/** Agents share this folder, so their sessions and worktrees are told apart before anything of skep's starts. */
function script(name: Name, program: readonly string[], own: number): string {
  const before = `before="$(dirname "$0")/${name}.before-skep"`;
  const call = shellLine([...program, "check", "--hook", name]);
  const body =
    name === "pre-commit"
      ? [before, 'if [ -x "$before" ]; then "$before" "$@" || exit; fi', ...SESSIONS, `exec ${call}`]
      : [
          before,
          // The sign at the end keeps the shell from taking line breaks off.
          'lines="$(cat; echo .)"',
          // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell reads it
          'lines="${lines%.}"',
          `if [ -x "$before" ]; then printf '%s' "$lines" | "$before" "$@" || exit; fi`,
          ...SESSIONS,
          `printf '%s' "$lines" | ${call} "$1"`,
        ];
  return `${["#!/bin/sh", MARK, ...ownFoldersLine(own), ...body].join("\n")}\n`;
}

const SESSIONS = [
  "# Agents of a swarm are checked when they hand in their work.",
  '[ -n "$SKEP_SESSION" ] && exit 0',
  '[ -e "$(git rev-parse --git-dir)/skep.json" ] && exit 0',
];

interface HooksPath {
  readonly folder: string;
  /** Set for all repositories of this user or machine. */
  readonly shared: boolean;
}

/** Where git looks for hooks here: as the user's own files say, not as skep sets it for its own calls. null: nothing is said. */
async function hooksPath(place: Checkout): Promise<HooksPath | null> {
  const args = ["config", "--null", "--show-scope", "--type=path", "--get-all", "core.hooksPath"];
  const fields = splitZ((await git(place.root, args, { ok: [0, 1] })).out);
  let [scope, folder] = ["", ""];
  for (let i = 0; i + 1 < fields.length; i += 2) if (fields[i] !== "command") [scope, folder] = [fields[i] ?? "", fields[i + 1] ?? ""];
  if (folder === "") return null;
  const shared = (scope === "global" || scope === "system") && path.isAbsolute(folder);
  return { folder: path.resolve(place.root, folder), shared };
}

function folderToUse({ folder, shared }: HooksPath): string {
  if (shared)
    throw new SkepError(
      "HOOKS_SHARED",
      `core.hooksPath is ${quote(folder)} for all your repositories, and skep would be in each of them`,
      "git config core.hooksPath .git/hooks for this repository alone, then the same command",
    );
  if (existsSync(folder) && !isFolder(folder))
    throw new SkepError(
      "HOOKS_OFF",
      `core.hooksPath is ${quote(folder)}, which is no folder: git runs no hooks here`,
      "git config --unset core.hooksPath, then the same command",
    );
  return folder;
}

const isFolder = (place: string): boolean => statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
