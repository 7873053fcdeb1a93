/** The user's branch and the swarm's work in one tree, or a refusal that names the files both sides changed. */
import { quote, SkepError } from "../../base/errors.ts";
import { DEFAULT_RULES } from "../../domain/commit-rules.ts";
import type { Repo } from "../git.ts";
import { userPerson } from "../identity.ts";
import { mergeTrees } from "../merge-trees.ts";
import { mannerOf, ownCommit } from "../own-commit.ts";
import { swarmBranch } from "../refs.ts";
import type { LandOrder, Standing } from "./strategy.ts";

const NAMES_SHOWN = 10;

export function named(files: readonly string[]): string {
  const more = files.length > NAMES_SHOWN ? ` and ${files.length - NAMES_SHOWN} more` : "";
  return `${files
    .slice(0, NAMES_SHOWN)
    .map((name) => quote(name))
    .join(", ")}${more}`;
}

/** Throws LAND_CONFLICT; nothing was changed then. */
export async function joinedTree(repo: Repo, { swarm, tip }: LandOrder, { target, old }: Standing): Promise<string> {
  const { tree, conflict } = await mergeTrees(repo.commonDir, old, tip);
  if (conflict.length === 0) return tree;
  const why = `both ${quote(target)} and the swarm changed ${named(conflict)} in ways that do not fit together`;
  throw new SkepError("LAND_CONFLICT", why, `git switch ${target} && git merge ${swarmBranch(swarm)}, and decide these files`);
}

/** A commit of the user's: their identity, and signed and shown to their hooks as config says. */
export async function userCommit(
  repo: Repo,
  { rules = DEFAULT_RULES }: LandOrder,
  tree: string,
  parents: readonly string[],
  message: string,
): Promise<string> {
  const [person, manner] = await Promise.all([userPerson(repo.root), mannerOf(repo, rules)]);
  return ownCommit(repo, tree, parents, { message, author: person, committer: person }, manner);
}
