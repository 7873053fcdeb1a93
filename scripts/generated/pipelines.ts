/** The pipelines that come with the package. */
import { loadCatalog } from "../../src/catalog/catalog.ts";
import { parsePipeline } from "../../src/catalog/pipelines.ts";
import { shippedFiles, shippedPipelines } from "../../src/catalog/shipped.ts";
import { code, table } from "./table.ts";

export function pipelinesTable(): string {
  const catalog = loadCatalog({ shipped: shippedFiles(), project: [] });
  const rows = shippedPipelines().map((file) => {
    const { value, flaws } = parsePipeline(file, catalog);
    if (value === null) throw new Error(flaws.map(({ place, what }) => `${place} ${what}`).join("\n"));
    const head = value.source.value as { team?: string; phases: { id: string }[] };
    const needed = Object.entries(value.variables).flatMap(([name, { default: usual }]) => (usual === undefined ? [code(name)] : []));
    return [code(value.id), value.title, head.phases.map(({ id }) => id).join(" → "), needed.join(" ") || "nothing", code(head.team ?? "")];
  });
  return table(["pipeline", "for", "phases", "has to be given", "team"], rows);
}
