/** The report of a swarm: made from its log whenever somebody asks, and left in its folder when it is over. */
import { existsSync } from "node:fs";
import path from "node:path";
import type { SwarmId } from "../../base/ids.ts";
import { type Texts, textsFrom } from "../../domain/prose.ts";
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

export async function makeReport(swarm: Pick<SwarmHandle, "events" | "read">): Promise<Report> {
  const gathered = gather(await swarm.events(0));
  return reportOf(gathered, await textsOf(swarm, quoted(gathered)));
}

/** A text that cannot be read any more is missing in the report; the rest of it still stands. */
async function textsOf(swarm: Pick<SwarmHandle, "read">, all: ReturnType<typeof quoted>): Promise<Texts> {
  const read = new Map<string, string>();
  for (const prose of all) if (typeof prose !== "string") read.set(prose.artifact, await swarm.read(prose).catch(() => ""));
  return textsFrom(read);
}

type Written = Pick<SwarmHandle, "id" | "events" | "read">;
const placesOf = (home: string, swarm: SwarmId) => {
  const { dir } = storeLayout(home).swarm(swarm);
  return { md: path.join(dir, "report.md"), html: path.join(dir, "report.html") };
};

/** `report.md` and `report.html`. The same log gives the same files, so that doing it again does no harm. */
export async function writeReport(swarm: Written, home: string): Promise<void> {
  const places = placesOf(home, swarm.id);
  const report = await makeReport(swarm);
  await writeDurable(places.md, reportMarkdown(report));
  await writeDurable(places.html, reportHtml(report));
}

/** After something happened to a swarm that is over. Its host writes the first one. */
export async function renewReport(swarm: Written, home: string): Promise<void> {
  if (!existsSync(placesOf(home, swarm.id).md)) return;
  await writeReport(swarm, home).catch(() => undefined); // what happened counts; skep report shows it from the log
}
