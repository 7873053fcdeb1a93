/** The report of a swarm: made from its log whenever somebody asks, and left in its folder when it is over. */
import path from "node:path";
import type { SwarmId } from "../../base/ids.ts";
import { readTexts } from "../../domain/prose.ts";
import { gather, quoted } from "../../domain/retrospect/gather.ts";
import { reportOf } from "../../domain/retrospect/make.ts";
import type { Report } from "../../domain/retrospect/report.ts";
import { writeDurable } from "../../store/file/durable.ts";
import { storeLayout } from "../../store/file/layout.ts";
import type { SwarmHandle } from "../api.ts";
import { documentOf } from "./document.ts";
import { html } from "./html.ts";
import { markdown } from "./markdown.ts";

export const reportMarkdown = (report: Report): string => markdown(documentOf(report));
export const reportHtml = (report: Report): string => html(documentOf(report));

type Source = Pick<SwarmHandle, "events" | "read">;

export async function makeReport(swarm: Source): Promise<Report> {
  const gathered = gather(await swarm.events(0));
  // A text that cannot be read any more is missing in the report; the rest of it still stands.
  const texts = await readTexts(quoted(gathered), (prose) => swarm.read(prose).catch(() => ""));
  return reportOf(gathered, texts);
}

type Written = Source & Pick<SwarmHandle, "id" | "look">;
const placesOf = (home: string, swarm: SwarmId) => {
  const { dir } = storeLayout(home).swarm(swarm);
  return { md: path.join(dir, "report.md"), html: path.join(dir, "report.html") };
};

/**
 * `report.md` and `report.html`. The same log gives the same files, so that doing it again does no harm. The host may write them
 * while somebody lands the work: whoever finds that the log went on meanwhile writes again, so that the last to write knows all.
 */
export async function writeReport(swarm: Written, home: string): Promise<void> {
  const places = placesOf(home, swarm.id);
  for (let written = -1; ; ) {
    const known = await swarm.look(({ seq }) => seq);
    if (known === written) return;
    const report = await makeReport(swarm);
    await writeDurable(places.md, reportMarkdown(report));
    await writeDurable(places.html, reportHtml(report));
    written = known;
  }
}

/** After something happened to a swarm that is over, whether its host has written the first one or not. */
export const renewReport = (swarm: Written, home: string): Promise<void> => writeReport(swarm, home).catch(() => undefined); // what happened counts; skep report shows it from the log
