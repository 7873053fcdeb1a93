/**
 * Commits made beside all branches for an audit: a merged change once more, as it was or with one file replaced. Objects alone;
 * refs of their own keep them while they are reviewed, and no checkout or branch knows of them.
 */
import { SkepError } from "../base/errors.ts";
import type { SwarmId, TaskId } from "../base/ids.ts";
import { git, gitLine, type Repo, splitZ } from "./git.ts";
import { SKEP } from "./identity.ts";
import { auditRoot, changeRefs, dateOf, treeOf } from "./refs.ts";
import { commitTree } from "./save.ts";

export interface TwinOrder {
  /** What the change was made on: its parent. */
  readonly base: string;
  /** The merged change. */
  readonly sha: string;
  /** null: as it was. */
  readonly replace: { readonly path: string; readonly text: string } | null;
}

/** The same order always gives the same commit, and nothing but its tree tells the two kinds apart. */
export async function makeTwin({ commonDir }: Repo, { base, sha, replace }: TwinOrder): Promise<string> {
  const whole = await treeOf(commonDir, sha);
  const tree = replace === null ? whole : await withText(commonDir, whole, replace.path.split("/"), replace.text);
  const date = await dateOf(commonDir, base);
  return commitTree(commonDir, tree, [base], { message: "change", author: SKEP, committer: SKEP, date });
}

/** The tree with the text of one file replaced; every entry beside the way there stays as it is. */
async function withText(commonDir: string, tree: string, [name = "", ...below]: readonly string[], text: string): Promise<string> {
  const { out } = await git(commonDir, ["ls-tree", "-z", tree]);
  const entries = splitZ(out);
  const at = entries.findIndex((entry) => entry.slice(entry.indexOf("\t") + 1) === name);
  const [mode = "", type = "", old = ""] = (entries[at] ?? "").split(/[ \t]/);
  // A name that is no UTF-8 would come back as another one.
  if (type !== (below.length === 0 ? "blob" : "tree") || out.includes("\uFFFD"))
    throw new SkepError("NO_TWIN", "a file of the change cannot be replaced in its tree", "report this as a bug of skep");
  const made =
    below.length === 0
      ? await gitLine(commonDir, ["hash-object", "-w", "--stdin"], { input: text })
      : await withText(commonDir, old, below, text);
  const input = entries.map((entry, index) => (index === at ? `${mode} ${type} ${made}\t${name}\0` : `${entry}\0`)).join("");
  return gitLine(commonDir, ["mktree", "-z", "--missing"], { input });
}

/** Safe to repeat. */
export async function keepTwins({ commonDir }: Repo, swarm: SwarmId, twins: readonly { readonly task: TaskId; readonly sha: string }[]) {
  const changes = twins.map(({ task, sha }) => ({ ref: `${auditRoot(swarm)}/${task}`, to: sha }));
  await changeRefs(commonDir, changes, "skep: audit");
}

/** Safe to repeat; says nothing when there are none. */
export async function dropTwins({ commonDir }: Repo, swarm: SwarmId): Promise<void> {
  const { out } = await git(commonDir, ["for-each-ref", "--format=%(refname)", `${auditRoot(swarm)}/`]);
  const changes = out.split("\n").flatMap((ref) => (ref === "" ? [] : [{ ref, to: null }]));
  await changeRefs(commonDir, changes, "skep: audit over");
}
