import { createSwarmBranch } from "../../git/swarm-branch.ts";
import { keepTwins } from "../../git/twins.ts";
import type { EffectHandler } from "./effect.ts";

/** Makes the integration branch at the base commit. An audit has none: it keeps its commits by refs of their own. */
export const openSwarm: EffectHandler<"open_swarm"> = async (_effect, { repo, swarm }) => {
  const { id, base, audit, tasks } = swarm.state;
  if (audit !== null) {
    await keepTwins(
      repo,
      id,
      [...tasks.values()].flatMap(({ id: task, sha }) => (sha === null ? [] : [{ task, sha }])),
    );
    return { record: { type: "record_opened", tip: base } };
  }
  const { tip } = await createSwarmBranch(repo, id, base);
  return { record: { type: "record_opened", tip } };
};
