import { z } from "zod";
import { projectTool } from "./define-tool.ts";
import { next, prose, repeated, roleId, swarmId } from "./fields.ts";
import { programKey } from "./keys.ts";

export const swarmCreate = projectTool({
  name: "swarm_create",
  title: "Start a swarm",
  description:
    "Start a swarm of coding agents on a goal in this git repository. Say what shall be true at the end and what to leave alone. A queen plans, a reviewer gates, workers build on branches of their own; your checkout stays untouched. Then follow it with swarm_wait. The same goal and team again: the swarm already made.",
  audience: ["operator"],
  kind: "write",
  openWorld: true,
  input: z.strictObject({
    goal: prose(20_000),
    team: roleId().optional().describe("Team; omit for the project's default"),
    harness: roleId().optional().describe("Agent CLI for all roles, e.g. claude"),
    automation: z.int().min(1).max(3).optional().describe("2: user approves plan, landing; 3: tasks"),
    continueFrom: swarmId().optional().describe("Ended swarm to go on from: the new queen reads what it left"),
  }),
  output: z.object({
    swarm: z.string(),
    title: z.string(),
    status: z.string(),
    branch: z.string(),
    unseen: z.array(z.string()).optional().describe("Uncommitted files no agent will see"),
    estimate: z.string().optional().describe("Probable cost, by earlier swarms"),
    missing: z.string().optional().describe("Earlier merged work the base lacks"),
    room: z.string().optional().describe("Too much is kept on disk; tell the user"),
    repeated: repeated(),
    next: next(),
  }),
  async handle({ goal, team, harness, automation, continueFrom }, call) {
    const key = programKey(call);
    const flags = { ...(harness === undefined ? {} : { "harness.default": harness }), ...(automation === undefined ? {} : { automation }) };
    const from = continueFrom === undefined ? {} : { continueFrom };
    const made = await call.project.create({ goal, team: team ?? null, flags, ...from, ...(key === undefined ? {} : { key }) });
    const facts = await made.handle.look(({ id, title, status, branch, estimate }) => ({
      ...{ swarm: id, title, status, branch },
      ...(estimate === null ? {} : { estimate }),
    }));
    return {
      ...facts,
      ...(made.unseen.length > 0 ? { unseen: [...made.unseen] } : {}),
      ...(made.missing ? { missing: made.missing } : {}),
      ...(made.room ? { room: made.room } : {}),
      ...(made.repeated ? { repeated: true } : {}),
      next: `swarm_wait with swarm ${facts.swarm}`,
    };
  },
});
