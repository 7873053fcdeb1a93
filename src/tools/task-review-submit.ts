import { z } from "zod";
import { SkepError } from "../base/errors.ts";
import type { TaskId } from "../base/ids.ts";
import type { Prose } from "../domain/model.ts";
import { pointsIn, records } from "../domain/points.ts";
import { parsed } from "../domain/prose.ts";
import { agentTool } from "./define-tool.ts";
import { line, next, prose, repeated, taskId } from "./fields.ts";
import { repeatKey } from "./keys.ts";
import {
  baseless,
  type Dropped,
  filterFindings,
  type GivenFinding,
  type KeptFinding,
  namedPaths,
  type ReviewGround,
} from "./review-filter.ts";
import type { AgentCall } from "./swarm-call.ts";

const criterion = z.strictObject({
  n: z.int(),
  met: z.enum(["yes", "no", "cannot_tell"]),
  evidence: prose(200).describe("path:line or check name"),
});
const finding = z.strictObject({
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
const earlier = z.strictObject({ id: z.string().max(40), state: z.enum(["fixed", "open", "withdrawn"]) });

export const taskReviewSubmit = agentTool({
  name: "task_review_submit",
  title: "Record a code review",
  description:
    "Record your review of one submitted commit. Answer every criterion with evidence you looked up, and list every defect you can trigger, with your confidence. skep derives the verdict: an unmet criterion or a defect returns the task, otherwise it is approved. No findings is a normal result. Give no patches.",
  audience: ["reviewer"],
  kind: "write",
  input: z.strictObject({
    task: taskId(),
    sha: z
      .string()
      .regex(/^[0-9a-f]{7,64}$/, "is no commit id")
      .describe("From the request"),
    criteria: z.array(criterion).max(20).describe("One entry per criterion"),
    findings: z.array(finding).max(10),
    earlier: z.array(earlier).max(40).optional().describe("From round 2: each earlier finding"),
  }),
  output: z.object({
    verdict: z.string(),
    blocking: z.array(z.string()).optional(),
    notes: z.array(z.string()).optional(),
    dropped: z.array(z.object({ title: z.string(), why: z.string() })).optional(),
    repeated: repeated(),
    next: next(),
  }),
  async handle({ task, sha: named, criteria, findings, earlier = [] }, call) {
    const twice = firstTwice(criteria.map(({ n }) => n));
    if (twice !== null)
      throw new SkepError("BAD_INPUT", `criterion ${twice} is answered twice`, "task_review_submit with one entry per criterion");
    const sha = await wholeSha(call, task, named);
    const commit = await underReview(call, task, sha);
    // Without a commit to look at, the command itself says what is wrong, or that this was answered before.
    const sorted = commit === null ? { kept: [], dropped: [] } : await sort(call, commit, { task, sha, criteria, findings, earlier });
    const { kept, dropped } = sorted;
    const facts = kept.map(({ effect, confidence, criterion }) => ({ effect, confidence, criterion }));
    const text = await call.swarm.keep(JSON.stringify({ criteria, findings: kept, earlier, dropped }));
    const command = {
      type: "review_task",
      task,
      sha,
      criteria: criteria.map(({ n, met }) => ({ n, met })),
      findings: facts,
      text,
    } as const;
    const answer = await call.submit(command, repeatKey(call, call.me.session, task, sha));
    const recorded = answer.events.find((event) => event.type === "review_recorded");
    if (!recorded) throw new Error("an accepted review is recorded");
    // A repeat answers what was recorded, not what it brings along.
    const told = JSON.parse(await call.swarm.read(recorded.text)) as Sorted;
    const names = (blocking: boolean) =>
      told.findings.filter(({ blocks }) => blocks === blocking).map(({ id, title }) => `${id}: ${title}`);
    return {
      verdict: recorded.approved ? "approved" : "changes_requested",
      ...(names(true).length > 0 ? { blocking: names(true) } : {}),
      ...(names(false).length > 0 ? { notes: names(false) } : {}),
      ...(told.dropped.length > 0 ? { dropped: [...told.dropped] } : {}),
      ...(answer.repeated ? { repeated: true } : {}),
      next: "End your turn.",
    };
  },
});

interface Sorted {
  readonly findings: readonly KeptFinding[];
  readonly dropped: readonly Dropped[];
}
interface Given {
  readonly task: string;
  readonly sha: string;
  readonly criteria: readonly z.output<typeof criterion>[];
  readonly findings: readonly GivenFinding[];
  readonly earlier: readonly z.output<typeof earlier>[];
}

/** What git and the earlier round leave of a review. Throws EVIDENCE_UNKNOWN, EARLIER_MISSING. */
async function sort(call: AgentCall, commit: Commit, { task, sha, criteria, findings, earlier }: Given) {
  const ground = await groundOf(call, commit, sha, namedPaths(criteria, findings));
  refuseBaseless(baseless(criteria, ground), task);
  return filterFindings([...findings, ...(await openAgain(call, commit.review, earlier))], ground);
}

interface Commit {
  readonly base: string;
  readonly checks: Prose | null;
  /** The review that returned the attempt before. */
  readonly review: Prose | null;
}

/** A shortened commit id is taken where it can only mean the submitted one. */
function wholeSha({ swarm }: AgentCall, task: TaskId, named: string): Promise<string> {
  return swarm.look((state) => {
    const sha = state.tasks.get(task)?.sha;
    return sha?.startsWith(named) ? sha : named;
  });
}

function underReview({ swarm, me }: AgentCall, task: TaskId, sha: string): Promise<Commit | null> {
  return swarm.look((state) => {
    const found = state.tasks.get(task);
    const mine = found?.status === "reviewing" && found.reviewer === me.seat && found.sha === sha;
    return mine && found.base !== null ? { base: found.base, checks: found.checks, review: found.review } : null;
  });
}

function firstTwice(numbers: readonly number[]): number | null {
  return numbers.find((n, index) => numbers.indexOf(n) !== index) ?? null;
}

async function groundOf(
  { swarm, services: { diff } }: AgentCall,
  commit: Commit,
  sha: string,
  paths: ReadonlySet<string>,
): Promise<ReviewGround> {
  const [changed, checks, lines] = await Promise.all([
    diff.changed(commit.base, sha),
    commit.checks === null ? "" : swarm.read(commit.checks),
    Promise.all([...paths].map(async (path) => [path, await diff.lines(sha, path)] as const)),
  ]);
  const names = records(parsed(checks)).map(({ check }) => String(check).toLowerCase());
  return { lines: new Map(lines), changed: new Set(changed), checks: new Set(names) };
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
