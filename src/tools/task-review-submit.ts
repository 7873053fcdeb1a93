import { z } from "zod";
import { SkepError } from "../base/errors.ts";
import { pointsIn, records } from "../domain/points.ts";
import { parsed } from "../domain/prose.ts";
import { agentTool } from "./define-tool.ts";
import { line, next, prose, repeated, taskId } from "./fields.ts";
import { repeatKey } from "./keys.ts";
import { baseless, filterFindings, type GivenFinding, namedPaths, type ReviewGround } from "./review-filter.ts";
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
    const commit = await call.swarm.look((state) => {
      const found = state.tasks.get(task);
      const mine = found?.status === "reviewing" && found.reviewer === call.me.seat && found.base !== null;
      return {
        sha: found?.sha?.startsWith(named) ? found.sha : named,
        base: mine ? found.base : null,
        checks: found?.checks ?? null,
        review: found?.review ?? null,
      };
    });
    const { sha, base } = commit;
    const again = refuseTwice(criteria.map(({ n }) => n));
    if (again !== null)
      throw new SkepError("BAD_INPUT", `criterion ${again} is answered twice`, "task_review_submit with one entry per criterion");
    // Without a commit to look at, the command itself says what is wrong.
    const ground =
      base === null
        ? null
        : await groundOf(
            call,
            base,
            sha,
            commit.checks === null ? "" : await call.swarm.read(commit.checks),
            namedPaths(criteria, findings),
          );
    if (ground) refuseBaseless(baseless(criteria, ground), task);
    const open = await openAgain(call, commit.review, earlier);
    const { kept, dropped } = ground ? filterFindings([...findings, ...open], ground) : filterFindings([], EMPTY);
    const review = { criteria, findings: kept, earlier, dropped };
    const facts = kept.map(({ effect, confidence, criterion }) => ({ effect, confidence, criterion }));
    const text = await call.swarm.keep(JSON.stringify(review));
    const command = {
      type: "review_task",
      task,
      sha,
      criteria: criteria.map(({ n, met }) => ({ n, met })),
      findings: facts,
      text,
    } as const;
    const answer = await call.submit(command, repeatKey(call, call.me.session, task, sha));
    const approved = answer.events.some((event) => event.type === "review_recorded" && event.approved);
    const names = (blocking: boolean) => kept.filter(({ blocks }) => blocks === blocking).map(({ id, title }) => `${id}: ${title}`);
    return {
      verdict: approved ? "approved" : "changes_requested",
      ...(names(true).length > 0 ? { blocking: names(true) } : {}),
      ...(names(false).length > 0 ? { notes: names(false) } : {}),
      ...(dropped.length > 0 ? { dropped: [...dropped] } : {}),
      ...(answer.repeated ? { repeated: true } : {}),
      next: "End your turn.",
    };
  },
});

const EMPTY: ReviewGround = { lines: new Map(), changed: new Set(), checks: new Set() };

function refuseTwice(numbers: readonly number[]): number | null {
  return numbers.find((n, index) => numbers.indexOf(n) !== index) ?? null;
}

async function groundOf(
  { services: { diff } }: AgentCall,
  base: string,
  sha: string,
  checks: string,
  paths: ReadonlySet<string>,
): Promise<ReviewGround> {
  const [changed, lines] = await Promise.all([
    diff.changed(base, sha),
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
  review: Parameters<AgentCall["swarm"]["read"]>[0] | null,
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
