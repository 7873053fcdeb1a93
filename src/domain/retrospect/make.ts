/** A report from what was gathered. Every figure is counted from events, so that sums agree with what the swarm was charged. */
import type { Seat, Task } from "../model.ts";
import { pointLine, pointsIn } from "../points.ts";
import type { Texts } from "../prose.ts";
import { attemptAt, endedAs, grouped, nameOf, unique } from "./attempts.ts";
import type { Attempt, Gathered } from "./gather.ts";
import { lessonsOf } from "./lessons.ts";
import type { AttemptReport, Caught, GateReport, Report, SeatReport, TaskReport } from "./report.ts";
import { workOf } from "./work.ts";

/** Beginning and end of a long timeline; the middle is in the log. */
const MOST_LINES = 200;
const MOST_POINTS = 8;

export function reportOf(gathered: Gathered, texts: Texts): Report {
  const { state, asOf, timeline, phases } = gathered;
  const { id, title, team, status, createdAt, endedAt, plan, ranMs, ranSince } = state;
  const cut = timeline.length > MOST_LINES;
  return {
    ...{ swarm: id, title, team, status, asOf },
    goal: texts(state.goal),
    ending: state.ending === null ? "" : texts(state.ending),
    startedAt: createdAt,
    endedAt,
    ms: Math.max(0, (endedAt ?? asOf) - createdAt),
    ranMs: ranMs + (ranSince === null ? 0 : Math.max(0, asOf - ranSince)),
    plan: { revision: plan.revision, status: plan.status, conditions: plan.approved?.conditions ?? [] },
    work: workOf(gathered),
    tasks: [...state.tasks.values()].map((task) => taskReport(task, gathered, texts)),
    caught: caughtOf(gathered),
    spent: state.spent,
    seats: [...state.seats.values()].map((seat) => seatReport(seat, gathered)),
    phases: [...phases].map(([phase, spent]) => ({ phase, spent })),
    gates: gateReports(gathered),
    timeline: cut ? [...timeline.slice(0, MOST_LINES / 2), ...timeline.slice(-MOST_LINES / 2)] : timeline,
    timelineLeftOut: cut ? timeline.length - MOST_LINES : 0,
    lessons: lessonsOf(gathered, texts),
  };
}

function taskReport(task: Readonly<Task>, gathered: Gathered, texts: Texts): TaskReport {
  const attempts = gathered.attempts.filter((one) => one.task === task.id);
  const reviews = [...gathered.reviews, ...gathered.riskReviews].filter((one) => one.task === task.id);
  return {
    ...{
      task: task.id,
      title: task.title,
      role: task.role,
      risk: task.risk,
      status: task.status,
      commit: task.mergedSha,
      spent: task.spent,
    },
    attempts: attempts.map((one) => attemptReport(one, texts)),
    authors: unique([...attempts.map(({ seat }) => seat), ...task.authors]),
    reviewers: unique(reviews.map(({ by }) => by)),
  };
}

function attemptReport({ attempt, seat, startedAt, end }: Attempt, texts: Texts): AttemptReport {
  const found = end === null || end.findings === null ? [] : pointsIn(texts(end.findings)).filter(({ blocks }) => blocks);
  const points = found.slice(0, MOST_POINTS).map((point) => pointLine(point, 160));
  return { attempt, seat, startedAt, result: end?.result ?? null, why: end?.why ?? "", points, endedAt: end?.at ?? null };
}

function caughtOf(gathered: Gathered): Caught {
  const { counts, planReviews, reviews, seconds, state } = gathered;
  const conflicts = stoppedAs(gathered, "conflict");
  const gates = [...state.gates.values()];
  const answered = (answer: string): number => seconds.filter((one) => one.answer === answer).length;
  const returned = planReviews.filter(({ approved }) => !approved).map(({ revision }) => `revision ${revision}`);
  const approvals = reviews.filter(({ approved }) => approved).length;
  return {
    planReviews: { approved: planReviews.length - returned.length, returned: returned.length, stopped: returned },
    checks: checkSums(gathered),
    refused: refusedSums(gathered),
    reviews: {
      approved: approvals,
      returned: reviews.length - approvals,
      stopped: stoppedAs(gathered, "changes_requested"),
      skipped: counts.review_skipped ?? 0,
      downgraded: counts.review_downgraded ?? 0,
      confirmed: answered("confirmed"),
      refuted: answered("refuted"),
      undecided: answered("cannot_tell"),
    },
    merge: {
      merged: counts.task_merged ?? 0,
      conflicts: conflicts.length,
      stopped: conflicts,
      verified: counts.merge_verified ?? 0,
      red: counts.merge_red ?? 0,
      undone: counts.task_undone ?? 0,
    },
    human: {
      asked: gates.length,
      byPerson: gates.filter(({ answeredBy }) => answeredBy === "operator").length,
      open: state.openGates.size,
    },
  };
}

const stoppedAs = (gathered: Gathered, result: "conflict" | "changes_requested"): readonly string[] =>
  endedAs(gathered, result).map(nameOf);
const attemptsOf = (gathered: Gathered, all: readonly Parameters<typeof attemptAt>[1][]): readonly string[] =>
  unique(all.map((one) => attemptAt(gathered, one)));

function checkSums(gathered: Gathered): Caught["checks"] {
  return grouped(gathered.checks, ({ check }) => [check]).map(([check, group]) => {
    const failed = group.filter(({ passed }) => !passed);
    const ms = group.reduce((sum, one) => sum + one.ms, 0);
    return { check, passed: group.length - failed.length, failed: failed.length, ms, stopped: attemptsOf(gathered, failed) };
  });
}

const refusedSums = (gathered: Gathered): Caught["refused"] =>
  grouped(gathered.refusals, ({ why }) => [why]).map(([why, group]) => ({
    why: why.replaceAll("_", " "),
    times: group.length,
    stopped: attemptsOf(gathered, group),
  }));

function seatReport({ seat, role, harness, model, spent }: Readonly<Seat>, gathered: Gathered): SeatReport {
  const { attempts, reviews, riskReviews, sessions, lapses } = gathered;
  return {
    ...{ seat, role, harness, model, spent },
    sessions: [...sessions.values()].filter((of) => of === seat).length,
    lapses: lapses.filter(({ session }) => sessions.get(session) === seat).length,
    authored: unique(attempts.filter((one) => one.seat === seat).map(({ task }) => task)),
    reviewed: unique([...reviews, ...riskReviews].filter(({ by }) => by === seat).map(({ task }) => task)),
  };
}

function gateReports({ state, answers, asOf }: Gathered): readonly GateReport[] {
  const over = state.endedAt ?? asOf;
  return [...state.gates.values()].map((gate) => {
    const until = gate.answeredAt ?? answers.find((one) => one.gate === gate.id)?.at ?? over;
    const { id, kind, title, task, openedAt, answer, answeredBy } = gate;
    return { gate: id, kind, title, task, openedAt, answer, by: answeredBy, waitedMs: Math.max(0, until - openedAt) };
  });
}
