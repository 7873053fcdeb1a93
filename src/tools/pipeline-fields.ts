/** What a person gives to a pipeline: shared by preview and start, so that what was shown is what is begun. */
import { z } from "zod";
import { prose, roleId } from "./fields.ts";

export const pipelineRun = {
  name: roleId(),
  goal: prose(20_000).optional().describe("What for, in your words"),
  vars: z.record(z.string(), z.unknown()).optional().describe("Variables"),
  set: z.record(z.string(), z.unknown()).optional().describe("Changes: phase.task.field to value"),
  team: roleId().optional(),
  harness: roleId().optional(),
};
type Given = z.output<z.ZodObject<typeof pipelineRun>>;

export const orderOf = ({ name, goal, vars = {}, set = {}, team, harness }: Given) => ({
  order: { name, vars: goal === undefined ? vars : { ...vars, goal }, set },
  team: team ?? null,
  flags: harness === undefined ? {} : { "harness.default": harness },
});
