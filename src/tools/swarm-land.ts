import { z } from "zod";
import { SkepError } from "../base/errors.ts";
import { swarmTool } from "./define-tool.ts";
import { repeated } from "./fields.ts";
import { isLive, refused } from "./swarm-call.ts";

export const swarmLand = swarmTool({
  name: "swarm_land",
  title: "Land the work",
  description:
    "Bring the merged work of an ended swarm to your branch, by fast-forward. The only call that touches your checkout. Refused when your branch went on meanwhile or local changes are in the way.",
  audience: ["operator"],
  kind: "write",
  input: z.strictObject({}),
  output: z.object({ swarm: z.string(), sha: z.string(), target: z.string(), repeated: repeated(), warning: z.string().optional() }),
  async handle(_, { swarm, services }) {
    const state = await swarm.look((now) => ({
      live: isLive(now),
      status: now.status,
      merged: now.byStatus.merged.size,
      landed: now.landed,
    }));
    if (state.live)
      throw new SkepError("WRONG_STATUS", `the swarm is ${state.status}; land it when it has ended`, "swarm_wait, or swarm_stop first");
    if (state.merged === 0) throw new SkepError("NOTHING_TO_LAND", "no task of this swarm was merged", "task_list, to see how they ended");
    const { sha, target, repeated, warning } = await services.land(swarm);
    const answer = await swarm.submit({ type: "record_landed", sha }, { kind: "operator" });
    if (!answer.ok) throw refused(answer.refusal);
    return { swarm: swarm.id, sha, target, ...(repeated ? { repeated } : {}), ...(warning === null ? {} : { warning }) };
  },
});
