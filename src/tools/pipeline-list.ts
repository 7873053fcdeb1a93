import { z } from "zod";
import { projectTool } from "./define-tool.ts";

export const pipelineList = projectTool({
  name: "pipeline_list",
  title: "List pipelines",
  description:
    "List the pipelines of this project with their variables: plans for goals of a known shape. Look here before swarm_create; then pipeline_preview.",
  audience: ["operator"],
  kind: "read",
  input: z.strictObject({}),
  output: z.object({ pipelines: z.array(z.looseObject({})), problems: z.array(z.string()) }),
  async handle(_, { project }) {
    const { pipelines, problems } = await project.pipelines();
    return { pipelines: pipelines.map((one) => ({ ...one, variables: [...one.variables] })), problems: [...problems] };
  },
});
