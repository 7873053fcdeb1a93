/** `skep gc`: shows what ended swarms left in the repository, and removes it when a person says so. */
import { systemClock } from "../base/clock.ts";
import { quote } from "../base/errors.ts";
import { count, inline } from "../domain/foreign.ts";
import { planTidying, retentionOf, type Tidying, tidy } from "../engine/gc.ts";
import type { RetentionItem } from "../engine/retention.ts";
import type { GcItem } from "../git/gc.ts";
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { type Desk, withDesk } from "./shell/desk.ts";
import { EXIT, UsageError } from "./shell/exit.ts";
import { jsonText } from "./shell/terminal.ts";

const DAY_MS = 86_400_000;
const MB = 1024 * 1024;

type Options = Common & { dryRun?: true; olderThan?: string; archiveAfter?: string; unmerged?: true; yes?: true };

export const run = command<Options>("gc", {
  about:
    "Show, then remove, what ended swarms left in the repository: branches whose work is merged or kept elsewhere, landed integration branches, leftover worktrees (what is uncommitted in them is saved first), old backup refs, old transcripts; swarms that ended long ago and have nothing left to land are packed into an archive. When all that is kept has more than its room, younger ones go the same way, the oldest first, and old archives for good. Live swarms and branches of yours are never touched. What counts as old stands under retention in .skep/config.yaml.",
  options: [
    ["--dry-run", "only show"],
    ["--older-than <days>", "what counts as old; retention.days when left out"],
    ["--archive-after <days>", "after how long ended swarms are packed away; retention.archiveDays when left out"],
    ["--unmerged", "also what is old and holds work that nothing else holds; branches are kept as backup refs first"],
    ["--yes", "remove without asking"],
    PROJECT,
    JSON_OUT,
  ],
  examples: ["skep gc", "skep gc --older-than 7 --yes", "skep gc --dry-run --json"],
  act(_, { project, json, dryRun = false, olderThan, archiveAfter, unmerged = false, yes = false }) {
    const given = { olderThan: daysOf(olderThan), archiveAfter: daysOf(archiveAfter) };
    return withDesk({ project, acts: true }, async (desk) => {
      const { days, archiveDays, diskMb } = await retentionOf(desk.project.root, process.env);
      const olderThanMs = (given.olderThan ?? days) * DAY_MS;
      const archiveAfterMs = (given.archiveAfter ?? archiveDays) * DAY_MS;
      const order = { now: systemClock.now(), olderThanMs, archiveAfterMs, diskBytes: diskMb * MB, unmerged };
      const plan = await planTidying(desk.project, order);
      const { terminal } = desk;
      if (!json) for (const line of shown(plan, order.now)) terminal.print(line);
      const some = isSome(plan);
      const agreed = some && !dryRun && (yes || (!json && (await agrees(desk))));
      if (agreed) await tidy(desk.project, plan);
      if (json) terminal.print(jsonText({ ...facts(plan), removed: agreed }));
      else if (agreed) terminal.print("Removed.");
      else if (some) terminal.print(`Nothing was removed. Next: ${nextCommand({ olderThan, archiveAfter, unmerged })}`);
      return EXIT.ok;
    });
  },
});

const isSome = ({ remove, worktrees, transcripts, archive, discard }: Tidying): boolean =>
  remove.length + worktrees.length + transcripts.length + archive.length + discard.length > 0;

function daysOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new UsageError(`a number of days is needed, not ${quote(text, 40)}`, "skep gc --older-than 7");
}

async function agrees({ terminal }: Desk): Promise<boolean> {
  if (!terminal.interactive) return false;
  const answer = await terminal.ask("Remove all of this? [y/N] ", new AbortController().signal);
  return /^y(es)?$/i.test(answer?.trim() ?? "");
}

const nextCommand = ({
  olderThan,
  archiveAfter,
  unmerged,
}: Record<"olderThan" | "archiveAfter", string | undefined> & { unmerged: boolean }): string =>
  [
    "skep gc",
    ...(olderThan === undefined ? [] : [`--older-than ${olderThan}`]),
    ...(archiveAfter === undefined ? [] : [`--archive-after ${archiveAfter}`]),
    ...(unmerged ? ["--unmerged"] : []),
    "--yes",
  ].join(" ");

const HEADS: readonly (readonly [GcItem["kind"], string])[] = [
  ["integration", "Integration branches"],
  ["attempt", "Branches of attempts"],
  ["backup", "Backup refs"],
];

function* shown(plan: Tidying, now: number): Iterable<string> {
  const { remove, keep, worktrees, skipped, transcripts, archive, discard } = plan;
  if (worktrees.length > 0) yield "Leftover worktrees";
  for (const { path, dirty } of worktrees) {
    yield `  ${path}${dirty.length === 0 ? "" : `  ${dirty.length} uncommitted, saved to a backup ref first`}`;
  }
  for (const [kind, head] of HEADS) {
    const items = remove.filter((item) => item.kind === kind);
    if (items.length > 0) yield head;
    for (const item of items) yield `  ${line(item, now)}`;
  }
  if (transcripts.length > 0) yield "Transcripts of sessions";
  for (const one of transcripts) yield `  ${kept(one, now)}`;
  if (archive.length > 0) yield "Swarms to pack into archive/";
  for (const one of archive) yield `  ${kept(one, now)}`;
  if (discard.length > 0) yield "Archives to remove for good, since there is no room for them";
  for (const { swarm, bytes, packedAt } of discard)
    yield `  ${swarm}  ${sizeText(bytes)}, packed ${count(Math.floor((now - packedAt) / DAY_MS), "day")} ago`;
  if (!isSome(plan)) yield "Nothing to remove.";
  for (const [why, n] of counted(keep)) yield `kept: ${count(n, "ref")}, ${why}`;
  for (const { swarm, why } of skipped) yield `kept: ${swarm}: ${why}`;
}

function line({ ref, sha, at, subject, why, backup }: GcItem, now: number): string {
  const age = Math.floor((now - at) / DAY_MS);
  const name = ref.replace(/^refs\/heads\//, "");
  const kept = backup ? ", kept as a backup ref" : "";
  return `${name}  ${sha.slice(0, 12)}, ${count(age, "day")} old, ${quote(inline(subject, 60))}: ${why}${kept}`;
}

function kept({ swarm, bytes, endedAt, why }: RetentionItem, now: number): string {
  const age = Math.floor((now - endedAt) / DAY_MS);
  return `${swarm}  ${sizeText(bytes)}, ended ${count(age, "day")} ago: ${why}`;
}

const sizeText = (bytes: number): string => (bytes < MB ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / MB).toFixed(1)} MiB`);

function counted(items: readonly GcItem[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { why } of items) counts.set(why, (counts.get(why) ?? 0) + 1);
  return counts;
}

const facts = ({ stand: _, ...shared }: Tidying): Record<string, unknown> => shared;
