/** What a report says, in which order, for every form it is written in. Spans are text; only renderers know of markup. */
import { lasted } from "../../base/lasted.ts";
import { amount } from "../../domain/budget.ts";
import { count, cutBytes, inline, listed } from "../../domain/foreign.ts";
import type { AttemptReport, Report, TaskReport, Work } from "../../domain/retrospect/report.ts";
import { dayOf, type Spend } from "../../domain/spend.ts";

/** `code`: to be copied. */
export type Span = string | { readonly code: string } | { readonly bold: string };
export type Line = readonly Span[];
export type Block =
  | { readonly kind: "text"; readonly line: Line }
  /** `right`: how many columns at the end are figures. */
  | { readonly kind: "table"; readonly head: readonly string[]; readonly rows: readonly (readonly Line[])[]; readonly right: number }
  | { readonly kind: "list"; readonly items: readonly { readonly line: Line; readonly below: readonly Line[] }[] }
  /** When each task was worked on; for forms that can draw. From and to are shares of the whole time. */
  | { readonly kind: "bars"; readonly rows: readonly { readonly label: string; readonly bars: readonly Bar[] }[] };
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly tone: "good" | "bad" | "open";
  readonly about: string;
}
export interface Document {
  readonly title: string;
  readonly lead: readonly Block[];
  readonly sections: readonly { readonly title: string; readonly blocks: readonly Block[] }[];
  readonly foot: string;
}

const MOST_TIMELINE = 60;
/** Bytes of a goal. */
const MOST_GOAL = 1_200;

export function documentOf(report: Report): Document {
  const { swarm, title, goal, ending } = report;
  // A title is how the goal begins.
  const said = goal.startsWith(title) ? goal.slice(title.length) : goal;
  const end: readonly Block[] = ending === "" ? [] : [text(["At its end: ", inline(ending, 600)])];
  return {
    title: inline(title, 160) || swarm,
    lead: [text(outcome(report)), ...goalBlocks(said), ...end],
    sections: [
      { title: "The work", blocks: workBlocks(report.work) },
      { title: "What each gate caught", blocks: [caughtTable(report)] },
      { title: "Tasks", blocks: taskBlocks(report) },
      { title: "Lessons", blocks: lessonBlocks(report) },
      { title: "Cost", blocks: costBlocks(report) },
      ...(report.gates.length > 0 ? [{ title: "Questions for people", blocks: [gateTable(report)] }] : []),
      { title: "Timeline", blocks: timelineBlocks(report) },
    ],
    foot: `Made from the log of ${swarm} as of ${dateOf(report.asOf)}. Anew: skep report ${swarm}`,
  };
}

const DASH = "–";
const text = (line: Line): Block => ({ kind: "text", line });

/** A goal as its writer laid it out: a paragraph per line, its points as a list. */
function goalBlocks(goal: string): readonly Block[] {
  const cut = cutBytes(goal, MOST_GOAL);
  const blocks: Block[] = [];
  for (const line of `${cut}${cut === goal ? "" : "…"}`.split("\n")) {
    const said = inline(line, MOST_GOAL);
    const [, point] = /^[-*] (.+)/.exec(said) ?? [];
    const last = blocks.at(-1);
    if (point !== undefined && last?.kind === "list")
      blocks.splice(-1, 1, { kind: "list", items: [...last.items, { line: [point], below: [] }] });
    else if (point !== undefined) blocks.push({ kind: "list", items: [{ line: [point], below: [] }] });
    else if (said !== "") blocks.push(text([said]));
  }
  return blocks;
}
const dateOf = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
/** With its day when that is another than the one it all began on. */
const timeOf = (at: number, begun: number): string =>
  new Date(at)
    .toISOString()
    .slice(dayOf(at) === dayOf(begun) ? 11 : 0, 19)
    .replace("T", " ");
const usd = (spent: Spend): string => amount("usd", spent.usd);
const number = (n: number): string => n.toLocaleString("en-US");

function outcome({ swarm, status, tasks, spent, ms, ranMs, endedAt, startedAt, team }: Report): Line {
  const ofStatus = (one: string): number => tasks.filter((task) => task.status === one).length;
  const bad = (["failed", "cancelled"] as const).flatMap((one) => (ofStatus(one) > 0 ? [`${ofStatus(one)} ${one}`] : []));
  const merged = `${ofStatus("merged")} of ${count(tasks.length, "task")} merged${bad.length > 0 ? `, ${bad.join(", ")}` : ""}`;
  const paused = ms - ranMs >= 60_000 ? `, ${lasted(ms - ranMs)} of it paused or not begun` : "";
  const how = endedAt === null ? `is ${status}` : status;
  return [
    { bold: swarm },
    ` ${how} after ${lasted(ms)}${paused}: ${merged}, ${count(attemptsIn(tasks), "attempt")}, ${usd(spent)}, ${amount("tokens", spent.tokens)}. Team ${inline(team, 60)}, started ${dateOf(startedAt)}.`,
  ];
}
const attemptsIn = (tasks: readonly TaskReport[]): number => tasks.reduce((sum, { attempts }) => sum + attempts.length, 0);

function workBlocks({ state, branch, tip, target, landed, pullRequest, land, undo }: Work): readonly Block[] {
  const on = target === null ? "the branch it started from" : inline(target, 120);
  const at = (sha: string): Line => (sha === "" ? [] : [" at ", { code: sha.slice(0, 12) }]);
  const lines: Line[] = [];
  if (state === "landed") lines.push([`Landed on ${on}`, ...at(landed ?? ""), "."]);
  if (state === "pull_request") lines.push([`In a pull request: ${inline(pullRequest ?? "", 200)}`]);
  if (state === "nothing") lines.push(["Nothing was merged, so there is nothing to land."]);
  if (state === "in_progress" || state === "to_land") lines.push(["On ", { code: branch }, ...at(tip), `, not on ${on} yet.`]);
  if (land !== null) lines.push(["To land it: ", { code: land }]);
  if (undo !== null) lines.push([state === "landed" ? "To take it back: " : "To take one task back: ", { code: undo }]);
  return lines.map(text);
}

const REFUSED: Readonly<Record<string, string>> = {
  "out of scope": "files of the task",
  empty: "empty change",
  conflict: "conflict markers",
};

function caughtTable({ caught, gates }: Report): Block {
  const { planReviews, checks, refused, reviews, merge, human } = caught;
  const [strict, mild] = [checks.filter(({ failed }) => failed > 0), checks.filter(({ failed }) => failed === 0)];
  const second = reviews.confirmed + reviews.refuted + reviews.undecided;
  const row = (gate: string, passed: number | null, stopped: number, what: string): readonly Line[] => [
    [gate],
    [what === "" ? DASH : what],
    [passed === null ? DASH : number(passed)],
    [number(stopped)],
  ];
  const less = [
    ...(reviews.skipped > 0 ? [`${reviews.skipped} approved unread`] : []),
    ...(reviews.downgraded > 0 ? [`${reviews.downgraded} downgraded, as skep logs says`] : []),
  ];
  const answered = gates.filter(({ by }) => by !== null).map(({ gate, by, answer }) => `${gate} ${inline(answer ?? "", 40)} (${by})`);
  const rows = [
    row("plan review", planReviews.approved, planReviews.returned, some(planReviews.stopped)),
    ...refused.map(({ why, times, stopped }) => row(REFUSED[why] ?? why, null, times, some(stopped))),
    ...strict.map(({ check, passed, failed, stopped }) => row(`check ${inline(check, 60)}`, passed, failed, some(stopped))),
    ...(mild.length > 0
      ? [
          row(
            `${strict.length > 0 ? "other " : ""}checks: ${listed(
              mild.map(({ check }) => inline(check, 60)),
              10,
            )}`,
            mild.reduce((sum, { passed }) => sum + passed, 0),
            0,
            "",
          ),
        ]
      : []),
    row("review", reviews.approved, reviews.returned, [some(reviews.stopped), ...less].filter((one) => one !== "").join("; ")),
    ...(second > 0
      ? [row("second look", reviews.refuted, reviews.confirmed, reviews.undecided > 0 ? `${reviews.undecided} could not be told` : "")]
      : []),
    row("merge", merge.merged, merge.conflicts, some(merge.stopped)),
    ...(merge.verified + merge.red > 0 ? [row("checks on the merge result", merge.verified, merge.red, "")] : []),
    ...(merge.undone > 0 ? [row("undone after the merge", null, merge.undone, "")] : []),
    ...(human.asked > 0 ? [row("questions for people", human.asked - human.open, human.open, listed(answered, 4))] : []),
  ];
  return { kind: "table", head: ["gate", "what it stopped", "let through", "stopped"], rows, right: 2 };
}
const some = (all: readonly string[]): string => listed(all, 4);

function taskBlocks(report: Report): readonly Block[] {
  const { tasks } = report;
  if (tasks.length === 0) return [text(["No plan came into force, so there was no task."])];
  const rows = tasks.map(({ task, title, status, attempts, authors, reviewers, spent, commit }): readonly Line[] => [
    [{ bold: task }],
    [inline(title, 100)],
    [status],
    [listed(authors, 3) || DASH],
    [listed(reviewers, 3) || DASH],
    commit === null ? [DASH] : [{ code: commit.slice(0, 12) }],
    [number(attempts.length)],
    [usd(spent)],
  ]);
  const head = ["task", "title", "status", "authors", "reviewers", "commit", "attempts", "cost"];
  const stopped = tasks.flatMap(({ task, attempts }) =>
    attempts
      .filter(({ result }) => result !== "merged")
      .map((one) => ({ line: attemptLine(task, one), below: one.points.map((point) => [point]) })),
  );
  const list: Block[] = stopped.length === 0 ? [] : [text(["Attempts that were not merged:"]), { kind: "list", items: stopped }];
  return [{ kind: "table", head, rows, right: 2 }, bars(report), ...list];
}

function attemptLine(task: string, { attempt, seat, result, why }: AttemptReport): Line {
  const how = result === null ? "not over" : result.replaceAll("_", " ");
  return [{ bold: `${task} attempt ${attempt}` }, ` by ${seat}: ${how}${why === "" ? "" : `, ${inline(why, 200)}`}`];
}

function bars({ tasks, startedAt, ms, asOf, endedAt }: Report): Block {
  const share = (at: number): number => (ms === 0 ? 0 : Math.min(1, Math.max(0, (at - startedAt) / ms)));
  const over = endedAt ?? asOf;
  const rows = tasks.map(({ task, attempts }) => ({
    label: task,
    bars: attempts.map(({ attempt, seat, result, startedAt: from, endedAt: to }) => ({
      from: share(from),
      to: share(to ?? over),
      tone: result === null ? ("open" as const) : result === "merged" ? ("good" as const) : ("bad" as const),
      about: `attempt ${attempt} by ${seat}, ${result?.replaceAll("_", " ") ?? "not over"}, ${lasted((to ?? over) - from)}`,
    })),
  }));
  return { kind: "bars", rows };
}

function lessonBlocks({ lessons }: Report): readonly Block[] {
  if (lessons.length === 0) return [text(["Nothing went wrong twice, so there is none to propose."])];
  const items = lessons.map(({ what, propose, evidence }) => ({
    line: [{ bold: what }, `. Proposed: ${propose}.`],
    below: evidence.map((one) => [one]),
  }));
  return [{ kind: "list", items }];
}

function costBlocks({ seats, phases, spent }: Report): readonly Block[] {
  const figures = (one: Spend): readonly Line[] => [[number(one.turns)], [lasted(one.ms)], [number(one.tokens)], [usd(one)]];
  const bold = (one: Spend): readonly Line[] => figures(one).map((line) => line.map((text) => ({ bold: String(text) })));
  const did = (authored: readonly string[], reviewed: readonly string[]): string =>
    [authored.length > 0 ? `did ${listed(authored, 6)}` : "", reviewed.length > 0 ? `reviewed ${listed(reviewed, 6)}` : ""]
      .filter((one) => one !== "")
      .join("; ");
  const head = ["turns", "time in turns", "tokens", "cost"];
  const bySeat = seats.map(({ seat, role, harness, model, authored, reviewed, sessions, lapses, spent: its }): readonly Line[] => [
    [{ bold: seat }],
    [role],
    [`${harness}${model === null ? "" : ` ${inline(model, 60)}`}`],
    [did(authored, reviewed) || DASH],
    [`${sessions}${lapses > 0 ? `, ${lapses} lapsed` : ""}`],
    ...figures(its),
  ]);
  const byPhase = phases
    .filter(({ spent: its }) => its.turns > 0)
    .map(({ phase, spent: its }): readonly Line[] => [[phase], ...figures(its)]);
  return [
    { kind: "table", head: ["seat", "role", "agent", "tasks", "sessions", ...head], rows: bySeat, right: 5 },
    { kind: "table", head: ["phase", ...head], rows: [...byPhase, [[{ bold: "all" }], ...bold(spent)]], right: 4 },
  ];
}

function gateTable({ gates }: Report): Block {
  const rows = gates.map(({ gate, title, task, answer, by, waitedMs }): readonly Line[] => [
    [{ bold: gate }],
    [inline(title, 200)],
    [task ?? DASH],
    [answer === null ? "no answer" : inline(answer, 120)],
    [by ?? DASH],
    [lasted(waitedMs)],
  ]);
  return { kind: "table", head: ["gate", "question", "task", "answer", "by", "waited"], rows, right: 1 };
}

function timelineBlocks({ timeline, timelineLeftOut, swarm, startedAt }: Report): readonly Block[] {
  const half = MOST_TIMELINE / 2;
  const left = timelineLeftOut + Math.max(0, timeline.length - MOST_TIMELINE);
  const item = ({ at, what }: Report["timeline"][number]) => ({
    line: [{ bold: timeOf(at, startedAt) }, ` ${inline(what, 300)}`],
    below: [],
  });
  if (left === 0) return [{ kind: "list", items: timeline.map(item) }];
  const gap = { line: [`… ${number(left)} more: `, { code: `skep logs ${swarm}` }], below: [] };
  return [{ kind: "list", items: [...timeline.slice(0, half).map(item), gap, ...timeline.slice(-half).map(item)] }];
}
