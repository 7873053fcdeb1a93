/** Files that do harm by what they are: links that lead out, programs without source, workflows that hand out rights. */
import path from "node:path";
import { quote } from "../base/errors.ts";
import { matches } from "../base/glob.ts";
import { type ChangedEntry, contentOf } from "../git/entries.ts";
import { textAt } from "../git/tree.ts";
import type { Change, Finding } from "./check.ts";
import { blocking, note } from "./finding.ts";

const CHECK = "dangerous-output";
const LOOK_INTO_BYTES = 1 << 20;

/** @param binaries changed files in which git sees no lines. */
export async function dangerousFiles(
  change: Change,
  entries: readonly ChangedEntry[],
  binaries: ReadonlySet<string>,
  fileKb: number,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const entry of entries.filter(({ after }) => after !== null)) {
    change.signal.throwIfAborted();
    findings.push(...(await link(change, entry)), ...submodule(entry), ...(await program(change, entry, binaries, fileKb)));
    findings.push(...(await moduleFile(change, entry)), ...(await workflow(change, entry)));
  }
  return findings;
}

async function link(change: Change, { path: file, after, object, size }: ChangedEntry): Promise<readonly Finding[]> {
  if (after !== "link") return [];
  const target = (size ?? 0) > 4096 ? "" : await contentOf(change.worktree, object);
  const leads = path.posix.normalize(path.posix.join(path.posix.dirname(file), target));
  const leaves = target === "" || /^(\/|[a-z]:)/i.test(target) || /^\.\.(\/|$)/.test(leads) || /^\.git(\/|$)/i.test(leads);
  if (!leaves) return [];
  const message = `a link that leads out of the repository, to ${quote(target, 120)}`;
  return [blocking(CHECK, message, "Link to a file of the repository, or copy what is needed.", { file })];
}

function submodule({ path: file, before, after }: ChangedEntry): readonly Finding[] {
  if (after !== "submodule") return [];
  const what = before === "submodule" ? "another commit of a submodule" : "a new submodule";
  return [note(CHECK, `${what}: its code is not part of this diff`, "Say in the summary which commit it is and why.", { file })];
}

/** `update = !command` and `ext::` urls are commands that git runs for whoever clones. */
async function moduleFile(change: Change, { path: file, object, size }: ChangedEntry): Promise<readonly Finding[]> {
  if (file !== ".gitmodules" || (size ?? 0) > LOOK_INTO_BYTES) return [];
  const text = await contentOf(change.worktree, object);
  if (/^\s*update\s*=\s*!|^\s*url\s*=\s*(?:ext::|-)/m.test(text)) {
    return [blocking(CHECK, "a submodule that runs a command on whoever clones", "Give it a plain url and no update command.", { file })];
  }
  return [note(CHECK, "the submodules of the repository are changed", "Say in the summary why.", { file })];
}

const SCRIPT = [
  "**/bin/**",
  "**/scripts/**",
  "**/script/**",
  "**/hooks/**",
  "**/*.{sh,bash,zsh,fish,py,rb,pl,mjs,cjs,js,ts,ps1,bat,cmd}",
  "**/{gradlew,mvnw,configure}",
];
const NATIVE = /\.(exe|dll|so|dylib|com|msi|scr)$/i;

async function program(
  change: Change,
  { path: file, before, after, object, size }: ChangedEntry,
  binaries: ReadonlySet<string>,
  fileKb: number,
): Promise<readonly Finding[]> {
  if (after === "link" || after === "submodule") return [];
  const isBinary = binaries.has(file);
  if (isBinary && (after === "executable" || NATIVE.test(file))) {
    const fix = "Commit the source and build it, or fetch a pinned version in worktree.setup.";
    return [blocking(CHECK, "a program nobody can read", fix, { file })];
  }
  if (isBinary && size !== null && size > fileKb * 1024) {
    const message = `a binary file of ${Math.ceil(size / 1024)} KiB; at most ${fileKb} are allowed`;
    return [blocking(CHECK, message, "Leave it out, make it smaller, or ask for it under checks.dangerous.", { file })];
  }
  if (after !== "executable" || before === "executable" || matches(file, SCRIPT)) return [];
  const start = (size ?? 0) > LOOK_INTO_BYTES ? "" : (await contentOf(change.worktree, object)).slice(0, 2);
  return start === "#!"
    ? []
    : [note(CHECK, "made executable, and is no script", "Take the mode back: git update-index --chmod=-x.", { file })];
}

const CI = [
  ".github/workflows/",
  ".github/actions/",
  ".gitlab-ci.yml",
  ".circleci/",
  ".buildkite/",
  ".travis.yml",
  "azure-pipelines.yml",
  "bitbucket-pipelines.yml",
  "Jenkinsfile",
  ".drone.yml",
];

/** A workflow on `pull_request_target` has the secrets of the project; with the code of a stranger checked out it hands them over. */
async function workflow(change: Change, { path: file }: ChangedEntry): Promise<readonly Finding[]> {
  if (!matches(file, CI)) return [];
  if (file.startsWith(".github/workflows/")) {
    const [now, before] = await Promise.all(
      [change.sha, change.base].map(async (commit) => handsOver((await textAt(change.worktree, commit, file, LOOK_INTO_BYTES)) ?? "")),
    );
    if (now !== null && now !== before) {
      const message =
        now === "stranger" ? "pull_request_target with the code of the pull request checked out" : "pull_request_target with a checkout";
      const fix = "Use pull_request, or do without the checkout: this job has the project's secrets.";
      return [now === "stranger" ? blocking(CHECK, message, fix, { file }) : note(CHECK, message, fix, { file })];
    }
  }
  return [note(CHECK, "what the CI runs is changed", "Say in the summary why.", { file })];
}

function handsOver(text: string): "stranger" | "own" | null {
  const lines = text
    .split("\n")
    .filter((line) => !/^\s*#/.test(line))
    .join("\n");
  if (!/\bpull_request_target\b/.test(lines) || !/\bactions\/checkout\b/.test(lines)) return null;
  return /github\.event\.pull_request\.(?:head|number|merge_commit_sha)|github\.head_ref|refs\/pull\//.test(lines) ? "stranger" : "own";
}
