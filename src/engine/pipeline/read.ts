/** Pipelines as they are at a commit: the shipped ones, and the project's own, which win by id. */
import { quote, SkepError } from "../../base/errors.ts";
import { nearest } from "../../base/nearest.ts";
import type { Catalog } from "../../catalog/catalog.ts";
import { type Flaw, flawText, pipelineError } from "../../catalog/pipeline-flaws.ts";
import { type Pipeline, parsePipeline } from "../../catalog/pipelines.ts";
import type { SourceFile } from "../../catalog/problems.ts";
import { idOfPath } from "../../catalog/roles.ts";
import { shippedPipelines } from "../../catalog/shipped.ts";
import { filesIn } from "../base-files.ts";
import type { PipelineList } from "./order.ts";

const PIPELINE_FOLDER = ".skep/templates/pipelines";

/** File by id; a project's own takes the place of a shipped one even when it is broken. */
async function sources(root: string, base: string): Promise<ReadonlyMap<string, SourceFile>> {
  const own = (await filesIn(root, base, [PIPELINE_FOLDER])).filter(({ path }) => path.endsWith(".yaml"));
  return new Map([...shippedPipelines(), ...own].map((file) => [idOfPath(file.path, ".yaml") ?? file.path, file]));
}

/** Throws NO_PIPELINE, or PIPELINE_INVALID with everything that is wrong with its file. */
export async function readPipeline(root: string, base: string, name: string, catalog: Catalog): Promise<Pipeline> {
  const files = await sources(root, base);
  const file = files.get(name);
  if (!file) {
    const known = [...files.keys()];
    const meant = nearest(name, known);
    const next = `the same call with the pipeline ${meant ?? known[0]}, or add ${PIPELINE_FOLDER}/<name>.yaml and commit it`;
    throw new SkepError("NO_PIPELINE", `there is no pipeline ${quote(name, 60)}; known are ${known.join(", ")}`, next);
  }
  const read = parsePipeline(file, catalog);
  if (read.value === null) throw pipelineError(read.flaws);
  return read.value;
}

export async function listPipelines(root: string, base: string, catalog: Catalog): Promise<PipelineList> {
  const flaws: Flaw[] = [];
  const pipelines = [...(await sources(root, base)).values()].flatMap((file) => {
    const read = parsePipeline(file, catalog);
    flaws.push(...read.flaws);
    if (read.value === null) return [];
    const { id: name, title, about, variables } = read.value;
    return [{ name, title, about, variables: Object.entries(variables).map(variableLine), own: file.path.startsWith(".skep/") }];
  });
  return { pipelines, problems: flaws.map(flawText) };
}

function variableLine([name, { type, about, default: usual, choices }]: [string, Pipeline["variables"][string]]): string {
  const kind = choices === undefined ? type : choices.join("|");
  return `${name} (${kind}${usual === undefined ? ", needed" : `, ${JSON.stringify(usual)}`}): ${about}`;
}
