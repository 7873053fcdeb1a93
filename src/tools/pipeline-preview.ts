import { z } from "zod";
import { projectTool } from "./define-tool.ts";
import { next } from "./fields.ts";
import { orderOf, pipelineRun } from "./pipeline-fields.ts";

export const pipelinePreview = projectTool({
  name: "pipeline_preview",
  title: "Preview a pipeline",
  description:
    "Show what pipeline_start would do with the same arguments, and every problem with its place. Starts nothing. Then pipeline_start.",
  audience: ["operator"],
  kind: "read",
  input: z.strictObject(pipelineRun),
  output: z.looseObject({ waves: z.array(z.array(z.looseObject({}))), problems: z.array(z.string()), next: next() }),
  async handle(given, { project }) {
    const { order, team, flags } = orderOf(given);
    const { waves, problems, worth, ...preview } = await project.previewPipeline({ ...order, team, flags });
    return {
      ...preview,
      waves: waves.map((wave) => wave.map((task) => ({ ...task }))),
      worth: [...worth],
      problems: [...problems],
      next: problems.length === 0 ? "pipeline_start with the same arguments" : "mend the problems, then pipeline_preview again",
    };
  },
});
