/** Merges and undos of a TestSwarm as the host does them: by the product's own effects, on its real integration branch. */
import path from "node:path";
import type { EngineCommand } from "../../../src/domain/commands.ts";
import type { World } from "../../../src/engine/effects/effect.ts";
import { mergeTask } from "../../../src/engine/effects/merge-task.ts";
import { undoTask } from "../../../src/engine/effects/undo-task.ts";
import { verifyMerge } from "../../../src/engine/effects/verify-merge.ts";
import { settingsOf } from "../../../src/engine/settings.ts";
import { createSwarmBranch } from "../../../src/git/swarm-branch.ts";
import type { Override, TestSwarm } from "./swarm.ts";

const PERSON = { name: "Ada", email: "ada@example.invalid" };

export async function realMerges({ swarm, root }: TestSwarm): Promise<Override> {
  const repo = { root, commonDir: path.join(root, ".git") };
  await createSwarmBranch(repo, swarm.id, swarm.state.base);
  // All that these use of a host's world, where the project has no command to check with.
  const world = { swarm, repo, committer: PERSON, settings: await settingsOf(swarm) } as unknown as World;
  const record = async (done: Promise<{ record: EngineCommand }>): Promise<EngineCommand> => (await done).record;
  return (effect) => {
    if (effect.kind === "verify_merge") return record(verifyMerge(effect, world));
    if (effect.kind === "merge_task") return record(mergeTask(effect, world));
    if (effect.kind === "undo_task") return record(undoTask(effect, world));
    return undefined;
  };
}
