import { createSwarmBranch } from "../../git/swarm-branch.ts";
import type { EffectHandler } from "./effect.ts";

/** Makes the integration branch at the base commit. */
export const openSwarm: EffectHandler<"open_swarm"> = async (_effect, { repo, swarm }) => {
  const { id, base } = swarm.state;
  const { tip } = await createSwarmBranch(repo, id, base);
  return { record: { type: "record_opened", tip } };
};
