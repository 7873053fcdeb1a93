import { z } from "zod";
import { SkepError } from "../base/errors.ts";
import type { State } from "../domain/model.ts";
import { selfPauseText } from "../domain/self-pause.ts";
import { projectTool } from "./define-tool.ts";
import { isLive } from "./swarm-call.ts";

const PAGE = 20;

export const swarmList = projectTool({
  name: "swarm_list",
  title: "List swarms",
  description: "List the swarms of this project, newest first. Use it to find the id of an ended one; the only live one needs none.",
  audience: ["operator"],
  kind: "read",
  input: z.strictObject({
    live: z.boolean().optional().describe("Only those not ended"),
    cursor: z.string().optional().describe("From more of the last page"),
  }),
  output: z.object({
    swarms: z.array(
      z.object({
        swarm: z.string(),
        title: z.string(),
        status: z.string(),
        merged: z.string(),
        gates: z.int().optional(),
        why: z.string().optional(),
        created: z.string(),
      }),
    ),
    more: z.string().optional(),
  }),
  async handle({ live = false, cursor }, { project }) {
    const rows = [];
    // A place whose swarm never began, since whoever made it died, is no swarm.
    for (const id of await project.swarms()) {
      const handle = await project.open(id);
      const row = await handle.look((state) => (state.status === "none" || (live && !isLive(state)) ? null : rowOf(state)));
      if (row) rows.push(row);
    }
    rows.sort((a, b) => b.at - a.at || (a.swarm < b.swarm ? -1 : 1));
    const from = cursor === undefined ? 0 : rows.findIndex((row) => row.swarm === cursor);
    if (from < 0) throw new SkepError("NO_PAGE", "the cursor names no swarm of this list", "swarm_list without cursor");
    const page = rows.slice(from, from + PAGE);
    const more = rows[from + PAGE]?.swarm;
    return { swarms: page.map(({ at: _, ...row }) => row), ...(more === undefined ? {} : { more }) };
  },
});

function rowOf(state: Readonly<State>) {
  const { id, title, status, createdAt, openGates, byStatus, tasks, itself } = state;
  return {
    ...{ swarm: id, title, status, at: createdAt },
    merged: `${byStatus.merged.size} of ${tasks.size - byStatus.proposed.size}`,
    ...(openGates.size > 0 ? { gates: openGates.size } : {}),
    ...(itself ? { why: selfPauseText(itself) } : {}),
    created: new Date(createdAt).toISOString(),
  };
}
