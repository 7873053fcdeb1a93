import { z } from "zod";
import { SkepError } from "../base/errors.ts";
import { LAND_STRATEGIES } from "../domain/landing.ts";
import { swarmTool } from "./define-tool.ts";
import { repeated } from "./fields.ts";
import { askToLand } from "./land-question.ts";
import { isLive, refused } from "./swarm-call.ts";

export const swarmLand = swarmTool({
  name: "swarm_land",
  title: "Land the work",
  description:
    "Bring the merged work of an ended swarm to your branch, when the user wants it. The only call that touches your checkout; the answer says how to go back. Refused when your branch went elsewhere, or local changes are in the way. pull-request opens one with gh instead.",
  audience: ["operator"],
  kind: "write",
  openWorld: true,
  input: z.strictObject({
    strategy: z.enum(LAND_STRATEGIES).optional().describe("Omit for the project's own (fast-forward unless configured)"),
  }),
  output: z.object({
    swarm: z.string(),
    sha: z.string(),
    target: z.string(),
    strategy: z.string(),
    url: z.string().optional(),
    back: z.string().optional(),
    repeated: repeated(),
    warning: z.string().optional(),
  }),
  async handle({ strategy: wanted }, call) {
    const { swarm, services } = call;
    const state = await swarm.look((now) => ({
      live: isLive(now),
      status: now.status,
      merged: now.byStatus.merged.size,
      landed: now.landed,
    }));
    if (state.live)
      throw new SkepError("WRONG_STATUS", `the swarm is ${state.status}; land it when it has ended`, "swarm_wait, or swarm_stop first");
    if (state.merged === 0) throw new SkepError("NOTHING_TO_LAND", "no task of this swarm was merged", "task_list, to see how they ended");
    await askToLand(call);
    const { sha, target, strategy, repeated, back, url, warning } = await services.land(swarm, wanted);
    // The branch may have gone on since: where the work came to it is what stays recorded.
    const known = repeated && url === null && state.landed !== null;
    const record = { type: "record_landed", sha, strategy, ...(url === null ? {} : { url }) } as const;
    const answer = known ? null : await swarm.submit(record, { kind: "operator" });
    if (answer?.ok === false) throw refused(answer.refusal);
    if (answer) await services.renewReport(swarm);
    return {
      ...{ swarm: swarm.id, sha, target, strategy },
      ...(url === null ? {} : { url }),
      ...(back === null ? {} : { back }),
      ...(repeated ? { repeated } : {}),
      ...(warning === null ? {} : { warning }),
    };
  },
});
