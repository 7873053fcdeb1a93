/** `skep gc`: shows what ended swarms left in the repository, and removes it when a person says so. */
import { systemClock } from "../base/clock.ts";
import { inline } from "../domain/foreign.ts";
import { planTidying, type Tidying, tidy } from "../engine/gc.ts";
import type { GcItem } from "../git/gc.ts";
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { type Desk, withDesk } from "./shell/desk.ts";
import { EXIT, UsageError } from "./shell/exit.ts";
import { jsonText } from "./shell/terminal.ts";

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;

type Options = Common & { dryRun?: true; olderThan?: string; unmerged?: true; yes?: true };

export const run = command<Options>("gc", {
  about:
    "Show, then remove, what ended swarms left in the repository: branches whose work is merged or kept elsewhere, landed integration branches, leftover worktrees (what is uncommitted in them is saved first), old backup refs. Live swarms and branches of yours are never touched. Logs and transcripts stay.",
  options: [
    ["--dry-run", "only show"],
    ["--older-than <days>", `what counts as old; ${DEFAULT_DAYS} when left out`],
    ["--unmerged", "also what is old and holds work that nothing else holds; branches are kept as backup refs first"],
    ["--yes", "remove without asking"],
    PROJECT,
    JSON_OUT,
  ],
  examples: ["skep gc", "skep gc --older-than 7 --yes", "skep gc --dry-run --json"],
  act(_, { project, json, dryRun = false, olderThan, unmerged = false, yes = false }) {
    const days = daysOf(olderThan);
    return withDesk({ project, acts: true }, async (desk) => {
      const order = { now: systemClock.now(), olderThanMs: days * DAY_MS, unmerged };
      const plan = await planTidying(desk.project, order);
      const { terminal } = desk;
      if (!json) for (const line of shown(plan, order.now)) terminal.print(line);
      const some = plan.remove.length + plan.worktrees.length > 0;
      const agreed = some && !dryRun && (yes || (!json && (await agrees(desk))));
      if (agreed) await tidy(desk.project, plan);
      if (json) terminal.print(jsonText({ ...facts(plan), removed: agreed }));
      else if (agreed) terminal.print("Removed.");
      else if (some) terminal.print(`Nothing was removed. Next: ${nextCommand({ olderThan, unmerged })}`);
      return EXIT.ok;
    });
  },
});

function daysOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_DAYS;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new UsageError(`--older-than takes a number of days, not ${JSON.stringify(text.slice(0, 40))}`, "skep gc --older-than 7");
}

async function agrees({ terminal }: Desk): Promise<boolean> {
  if (!terminal.interactive) return false;
  const answer = await terminal.ask("Remove all of this? [y/N] ", new AbortController().signal);
  return /^y(es)?$/i.test(answer?.trim() ?? "");
}

const nextCommand = ({ olderThan, unmerged }: { olderThan: string | undefined; unmerged: boolean }): string =>
  `skep gc${olderThan === undefined ? "" : ` --older-than ${olderThan}`}${unmerged ? " --unmerged" : ""} --yes`;

const HEADS: readonly (readonly [GcItem["kind"], string])[] = [
  ["integration", "Integration branches"],
  ["attempt", "Branches of attempts"],
  ["backup", "Backup refs"],
];

function* shown({ remove, keep, worktrees, skipped }: Tidying, now: number): Iterable<string> {
  if (worktrees.length > 0) yield "Leftover worktrees";
  for (const { path, dirty } of worktrees) {
    yield `  ${path}${dirty.length === 0 ? "" : `  ${dirty.length} uncommitted, saved to a backup ref first`}`;
  }
  for (const [kind, head] of HEADS) {
    const items = remove.filter((item) => item.kind === kind);
    if (items.length > 0) yield head;
    for (const item of items) yield `  ${line(item, now)}`;
  }
  if (remove.length + worktrees.length === 0) yield "Nothing to remove.";
  for (const [why, count] of counted(keep)) yield `kept: ${count} ${count === 1 ? "ref" : "refs"}, ${why}`;
  for (const { swarm, why } of skipped) yield `kept: ${swarm}: ${why}`;
}

function line({ ref, sha, at, subject, why, backup }: GcItem, now: number): string {
  const age = Math.floor((now - at) / DAY_MS);
  const name = ref.replace(/^refs\/heads\//, "");
  const kept = backup ? ", kept as a backup ref" : "";
  return `${name}  ${sha.slice(0, 12)}, ${age} ${age === 1 ? "day" : "days"} old, ${JSON.stringify(inline(subject, 60))}: ${why}${kept}`;
}

function counted(items: readonly GcItem[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { why } of items) counts.set(why, (counts.get(why) ?? 0) + 1);
  return counts;
}

const facts = ({ remove, keep, worktrees, skipped }: Tidying): Record<string, unknown> => ({ remove, keep, worktrees, skipped });
