/** The report of an audit of reviewers: read from its log, as facts and as text. */
import { SkepError } from "../../base/errors.ts";
import { shellLine } from "../../base/shell-line.ts";
import type { AuditManifest } from "../../domain/audit.ts";
import { type AuditOutcome, type AuditRow, type AuditSums, auditReviews, type Judged, scoreAudit } from "../../domain/audit-score.ts";
import { fileName, inline } from "../../domain/foreign.ts";
import type { State } from "../../domain/model.ts";
import { pointLine, pointsIn } from "../../domain/points.ts";
import { readTexts } from "../../domain/prose.ts";
import type { LiveSwarm } from "../../engine/host/context.ts";
import type { Terminal } from "../shell/terminal.ts";
import { cost } from "./ending.ts";

/** A review somebody should look at. */
export interface Told extends Judged {
  /** What it would have sent the work back for. */
  readonly said: readonly string[];
  /** Shows the change as it was merged. */
  readonly look: string;
}
export interface AuditReport {
  readonly audit: string;
  readonly status: State["status"];
  readonly team: string;
  readonly seed: number;
  readonly sums: AuditSums;
  readonly rows: readonly AuditRow[];
  /** Planted defects nobody was sure of, or nobody saw. */
  readonly missed: readonly Told[];
  /** Good changes that would have gone back. */
  readonly alarms: readonly Told[];
  readonly judged: readonly Judged[];
  /** Given up, or not yet done. */
  readonly unreviewed: readonly string[];
  readonly spent: { readonly usd: number; readonly tokens: number };
}

/** Throws NO_AUDIT. */
export async function auditReport(swarm: LiveSwarm): Promise<AuditReport> {
  const facts = await swarm.look(({ audit, status, team, spent: { usd, tokens } }) => ({ audit, status, team, spent: { usd, tokens } }));
  const { audit, status, team, spent } = facts;
  if (audit === null) throw new SkepError("NO_AUDIT", `${swarm.id} is no audit: it has work of its own`, `skep status ${swarm.id}`);
  const manifest = JSON.parse(await swarm.read(audit)) as AuditManifest;
  const found = auditReviews((await swarm.events(0)).flatMap(({ events }) => events));
  const texts = await readTexts(found, (prose) => swarm.read(prose));
  const { rows, judged, unreviewed, ...sums } = scoreAudit(manifest, found, texts);
  const told = (...outcomes: readonly AuditOutcome[]): readonly Told[] =>
    judged
      .filter(({ outcome }) => outcomes.includes(outcome))
      .map((one) => {
        const text = found.reviews.find(({ task }) => task === one.task)?.text ?? "";
        return { ...one, said: saidIn(texts(text)), look: lookAt(one) };
      });
  const about = { audit: swarm.id, status, team, seed: manifest.seed };
  return { ...about, sums, rows, missed: told("missed", "unsure").filter(isPlanted), alarms: told("alarm"), judged, unreviewed, spent };
}

const isPlanted = ({ planted }: Judged): boolean => planted !== null;

const saidIn = (review: string): readonly string[] =>
  pointsIn(review)
    .filter(({ blocks }) => blocks)
    .map((point) => pointLine(point, 160));

const lookAt = ({ from, planted }: Judged): string =>
  shellLine(["git", "show", from.sha.slice(0, 12), ...(planted === null ? [] : ["--", planted.file])]);

export function auditText(report: AuditReport, terminal: Pick<Terminal, "paint">): string {
  const { audit, status, team, seed, sums, unreviewed, spent } = report;
  const lines = [
    `${terminal.paint("bold", audit)} ${status}: the reviewers of ${team}, seed ${seed}`,
    `  caught       ${of(sums.caught, sums.planted)} planted ${plural("defect", sums.planted)}; named but not sure: ${sums.unsure}; missed: ${sums.missed}`,
    `  false alarms ${of(sums.alarms, sums.clean)} good ${plural("change", sums.clean)}; doubted: ${sums.doubted}`,
    `  cost         ${cost(spent)}`,
    ...(unreviewed.length === 0 ? [] : [`  no review    ${unreviewed.join(", ")}`]),
    "",
    ...table(report.rows),
    ...section("Not caught", report.missed),
    ...section("False alarms", report.alarms),
  ];
  return lines.join("\n");
}

const of = (some: number, all: number): string => `${some} of ${all}`;
const plural = (word: string, count: number): string => (count === 1 ? word : `${word}s`);

function table(rows: readonly AuditRow[]): readonly string[] {
  const head = ["harness", "model", "caught", "not sure", "missed", "false alarms", "cost"];
  const cells = rows.map((row) => [
    inline(row.harness, 40),
    row.model === null ? "its default" : inline(row.model, 60),
    of(row.caught, row.planted),
    String(row.unsure),
    String(row.missed),
    of(row.alarms, row.clean),
    cost(row),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  return [head, ...cells].map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd());
}

function* section(title: string, all: readonly Told[]): Iterable<string> {
  if (all.length > 0) yield `\n${title}`;
  for (const { task, from, planted, seat, outcome, said, look } of all) {
    const what = planted === null ? "good change" : `${planted.defect} at ${fileName(planted.file)}:${planted.line}`;
    const how = outcome === "unsure" ? ", named but not sure" : "";
    yield `  ${task} ${what}${how}, read by ${seat}: ${from.task} of ${from.swarm} ${JSON.stringify(inline(from.title, 80))}`;
    if (planted !== null) yield `    - ${inline(planted.before.trim(), 160)}\n    + ${inline(planted.after.trim(), 160)}`;
    for (const one of said) yield `    it said: ${one}`;
    yield `    look: ${look}`;
  }
}
