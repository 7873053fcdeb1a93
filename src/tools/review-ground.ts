/** What a code review is held against: the commit itself, its checks, and the round before. */
import { z } from "zod";
import { SkepError } from "../base/errors.ts";
import type { TaskId } from "../base/ids.ts";
import type { Prose } from "../domain/model.ts";
import { pointsIn, records } from "../domain/points.ts";
import { parsed } from "../domain/prose.ts";
import { line, prose } from "./fields.ts";
import { baseless, filterFindings, type GivenFinding, namedPaths, type ReviewGround } from "./review-filter.ts";
import type { AgentCall } from "./swarm-call.ts";

export const criterion = z.strictObject({
  n: z.int(),
  met: z.enum(["yes", "no", "cannot_tell"]),
  evidence: prose(200).describe("path:line or check name"),
});
export const finding = z.strictObject({
  effect: z.enum(["wrong_result", "crash", "data_loss", "security", "breaks_caller", "unmet_criterion", "weak_test", "style"]),
  file: z
    .string()
    .min(1)
    .max(300)
    .refine((path) => !path.includes("\0"), "is no path"),
  line: z.int().min(1).optional(),
  title: line(80),
  trigger: prose(400).describe("Input, state or order of events, and the wrong outcome"),
  confidence: z.enum(["high", "medium", "low"]),
  criterion: z.int().optional(),
});
export const earlier = z.strictObject({ id: z.string().max(40), state: z.enum(["fixed", "open", "withdrawn"]) });

export interface GivenReview {
  readonly task: TaskId;
  readonly sha: string;
  readonly criteria: readonly z.output<typeof criterion>[];
  readonly findings: readonly GivenFinding[];
  readonly earlier: readonly z.output<typeof earlier>[];
}

/**
 * What git and the earlier round leave of a review; null when this seat has nothing to review there, and the command itself
 * says why. Throws EVIDENCE_UNKNOWN, EARLIER_MISSING.
 */
export async function sortReview(call: AgentCall, { task, sha, criteria, findings, earlier }: GivenReview) {
  const commit = await underReview(call, task, sha);
  if (commit === null) return null;
  const reopened = await openAgain(call, commit.review, earlier);
  const ground = await groundOf(call, commit, sha, (changed) => namedPaths(criteria, [...findings, ...reopened], changed));
  refuseBaseless(baseless(criteria, ground), task);
  // Lines move between rounds: a finding that is still there is not dropped for the number it had.
  const moved = reopened.map(({ line, ...one }) => ({
    ...one,
    ...(line !== undefined && line <= (ground.lines.get(one.file) ?? 0) ? { line } : {}),
  }));
  return filterFindings([...findings, ...moved], ground);
}

interface Commit {
  readonly base: string;
  readonly checks: Prose | null;
  /** The review that returned the attempt before. */
  readonly review: Prose | null;
}

function underReview({ swarm, me }: AgentCall, task: TaskId, sha: string): Promise<Commit | null> {
  return swarm.look((state) => {
    const found = state.tasks.get(task);
    const mine = found?.status === "reviewing" && found.reviewer === me.seat && found.sha === sha;
    return mine && found.base !== null ? { base: found.base, checks: found.checks, review: found.review } : null;
  });
}

async function groundOf(
  { swarm, services: { diff } }: AgentCall,
  commit: Commit,
  sha: string,
  pathsOf: (changed: ReadonlySet<string>) => ReadonlySet<string>,
): Promise<ReviewGround> {
  const changed = new Set(await diff.changed(commit.base, sha));
  const [checks, lines] = await Promise.all([
    commit.checks === null ? "" : swarm.read(commit.checks),
    Promise.all([...pathsOf(changed)].map(async (path) => [path, await diff.lines(sha, path)] as const)),
  ]);
  const names = records(parsed(checks)).map(({ check }) => String(check).toLowerCase());
  return { lines: new Map(lines), changed, checks: new Set(names) };
}

/** A criterion shown to be met after all needs a place too. Says nothing when the task is not under review: the command does. */
export async function refuseGroundless(call: AgentCall, task: TaskId, sha: string, evidence: string): Promise<void> {
  const commit = await call.swarm.look((state) => {
    const found = state.tasks.get(task);
    return found?.openReview && found.sha === sha && found.base !== null ? { base: found.base, checks: found.checks, review: null } : null;
  });
  if (commit === null) return;
  const criteria = [{ n: 1, met: "yes" as const, evidence }];
  const ground = await groundOf(call, commit, sha, (changed) => namedPaths(criteria, [], changed));
  if (baseless(criteria, ground).length === 0) return;
  throw new SkepError(
    "EVIDENCE_UNKNOWN",
    `the evidence names no line of this commit and no check of ${task}`,
    "finding_verify with path:line or the name of a check, or with cannot_tell",
  );
}

function refuseBaseless(numbers: readonly number[], task: string): void {
  if (numbers.length === 0) return;
  const which = `criterion ${numbers.join(", ")}`;
  throw new SkepError(
    "EVIDENCE_UNKNOWN",
    `the evidence for ${which} of ${task} names no line of this commit and no check`,
    "task_review_submit with path:line or the name of a check for each",
  );
}

/** A shortened commit id is taken where it can only mean the submitted one. */
export function wholeSha({ swarm }: Pick<AgentCall, "swarm">, task: TaskId, named: string): Promise<string> {
  return swarm.look((state) => {
    const sha = state.tasks.get(task)?.sha;
    return sha?.startsWith(named) ? sha : named;
  });
}

/** Findings of the round before: each must be settled, and one that is still open counts as found again. */
async function openAgain(
  call: AgentCall,
  review: Prose | null,
  settled: readonly z.output<typeof earlier>[],
): Promise<readonly GivenFinding[]> {
  if (review === null) return [];
  const text = await call.swarm.read(review);
  const asked = pointsIn(text).filter(({ id, blocks }) => blocks && /^f\d+$/.test(id));
  const missing = asked.filter(({ id }) => !settled.some((one) => one.id === id)).map(({ id }) => id);
  if (missing.length > 0)
    throw new SkepError(
      "EARLIER_MISSING",
      `earlier findings without a state: ${missing.join(", ")}`,
      "task_review_submit with earlier naming each of them",
    );
  const open = new Set(settled.filter(({ state }) => state === "open").map(({ id }) => id));
  const value = parsed(text);
  const all = value !== null && typeof value === "object" ? records((value as { findings?: unknown }).findings) : [];
  return all
    .filter(({ id }) => open.has(String(id)))
    .flatMap((one) => {
      const read = finding.safeParse(
        Object.fromEntries(Object.keys(finding.shape).flatMap((key) => (one[key] == null ? [] : [[key, one[key]]]))),
      );
      return read.success ? [read.data] : [];
    });
}
