/** `skep report [swarm]`: what a swarm did, what stopped what, who did it, what it cost and what to learn from it. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describeError, quote, SkepError } from "../base/errors.ts";
import type { Report } from "../domain/retrospect/report.ts";
import { makeReport, reportHtml, reportMarkdown } from "../engine/report/write.ts";
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { withDesk } from "./shell/desk.ts";
import { EXIT, UsageError } from "./shell/exit.ts";
import { jsonText } from "./shell/terminal.ts";

interface Options extends Common {
  readonly html?: true;
  readonly out?: string;
}

export const run = command<Options>("report", {
  about:
    "Show what a swarm did: its timeline, the attempts of each task, what every gate caught, cost by seat and phase, where the work is, and what went wrong more than once. It is made from the log, so it can be had of a running swarm too; report.md and report.html lie in the folder of an ended one.",
  args: [["[swarm]", "its id; the live one, else the newest, when left out"]],
  options: [["--html", "as one HTML page instead of Markdown"], ["--out <file>", "write it to this file"], PROJECT, JSON_OUT],
  examples: ["skep report", "skep report s-7k2m9q --html --out report.html", "skep report --json"],
  act([named], { project, json, html, out }) {
    if (json && html) throw new UsageError("--html and --json are two forms of one report", "skep report --html, or skep report --json");
    return withDesk({ project, acts: false }, async (desk) => {
      const report = await makeReport(await desk.swarm(named));
      const text = json ? jsonText({ ...report }) : trimmed(report, html);
      if (out === undefined) desk.terminal.print(text);
      else {
        write(out, `${text}\n`);
        desk.terminal.note(`The report of ${report.swarm} is in ${quote(path.resolve(out), 400)}`);
      }
      return EXIT.ok;
    });
  },
});

/** Without its last line break, which printing adds. */
const trimmed = (report: Report, html?: true): string => (html ? reportHtml(report) : reportMarkdown(report)).trimEnd();

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const next = "name a file in a folder that you may write to";
    throw new SkepError(
      "REPORT_NOT_WRITTEN",
      `the report cannot be written to ${quote(file, 200)}: ${quote(describeError(error), 200)}`,
      next,
    );
  }
}
