/** What went wrong more than once, by rules: each with what happened as its evidence. Proposals are sentences of ours, never made up. */
import { count, fileName, inline } from "../foreign.ts";
import { pointLine, pointsIn } from "../points.ts";
import type { Texts } from "../prose.ts";
import { attemptAt, endedAs, grouped, nameOf, unique } from "./attempts.ts";
import type { Attempt, Gathered } from "./gather.ts";

export interface Lesson {
  readonly kind: "check" | "attempts" | "conflict" | "finding" | "scope" | "undone" | "plan" | "session" | "denied" | "waiting";
  readonly what: string;
  readonly propose: string;
  readonly evidence: readonly string[];
}

/** From here on it is no accident. */
const AGAIN = 2;
const MANY_ATTEMPTS = 3;
const DENIED_OFTEN = 3;
const LONG_WAIT_MS = 10 * 60_000;
const MOST_EVIDENCE = 8;

export function lessonsOf(gathered: Gathered, texts: Texts): readonly Lesson[] {
  return [
    ...checkLessons(gathered),
    ...attemptLessons(gathered),
    ...conflictLessons(gathered),
    ...findingLessons(gathered, texts),
    ...scopeLessons(gathered),
    ...undoneLessons(gathered),
    ...planLessons(gathered),
    ...sessionLessons(gathered),
    ...deniedLessons(gathered),
    ...waitingLessons(gathered),
  ].map((lesson) => ({ ...lesson, evidence: bounded(lesson.evidence) }));
}

const bounded = (lines: readonly string[]): readonly string[] =>
  lines.length <= MOST_EVIDENCE ? lines : [...lines.slice(0, MOST_EVIDENCE), `and ${lines.length - MOST_EVIDENCE} more`];

interface Recurring<T> {
  readonly key: string;
  readonly group: readonly T[];
  /** Attempts or sessions it happened in. */
  readonly places: readonly string[];
}
/** What happened in more than one place, the most frequent first: the same again in one attempt or session is one. */
function recurring<T>(all: Iterable<T>, keysOf: (one: T) => readonly string[], placeOf: (one: T) => string): readonly Recurring<T>[] {
  return grouped(all, keysOf)
    .map(([key, group]) => ({ key, group, places: unique(group.map(placeOf)) }))
    .filter(({ places }) => places.length >= AGAIN)
    .sort((a, b) => b.places.length - a.places.length);
}
/** Where each counts for itself. */
const often = <T>(all: Iterable<T>, keyOf: (one: T) => string, least: number) =>
  grouped(all, (one) => [keyOf(one)])
    .filter(([, group]) => group.length >= least)
    .sort(([, a], [, b]) => b.length - a.length);

function checkLessons(gathered: Gathered): readonly Lesson[] {
  const failed = gathered.checks.filter(({ passed }) => !passed);
  return recurring(
    failed,
    ({ check }) => [check],
    (one) => attemptAt(gathered, one),
  ).map(({ key: check, places }) => ({
    kind: "check",
    what: `the check ${inline(check, 60)} stopped ${places.length} attempts`,
    propose: "let agents run it before they submit: say how in the brief of their role, and allow its command",
    evidence: places,
  }));
}

function attemptLessons({ attempts }: Gathered): readonly Lesson[] {
  return often(attempts, ({ task }) => task, MANY_ATTEMPTS).map(([task, group]) => ({
    kind: "attempts",
    what: `${task} took ${group.length} attempts`,
    propose: "make such a task smaller, or its criteria plainer",
    evidence: group.map((one) => `attempt ${one.attempt}: ${one.end ? ending(one.end) : "not over"}`),
  }));
}
const ending = ({ result, why }: NonNullable<Attempt["end"]>): string =>
  `${result.replaceAll("_", " ")}${why === "" ? "" : `, ${inline(why, 120)}`}`;

function conflictLessons(gathered: Gathered): readonly Lesson[] {
  return recurring(endedAs(gathered, "conflict"), ({ end }) => end.conflict, nameOf).map(({ key: file, places }) => ({
    kind: "conflict",
    what: `${fileName(file)} was in conflict in ${places.length} attempts`,
    propose: "give the file to one task, or plan the tasks that change it one after the other",
    evidence: places,
  }));
}

function findingLessons(gathered: Gathered, texts: Texts): readonly Lesson[] {
  const points = endedAs(gathered, "changes_requested").flatMap(({ task, attempt, end }) =>
    pointsIn(end.findings === null ? "" : texts(end.findings)).flatMap((point) => (point.blocks ? [{ task, attempt, point }] : [])),
  );
  return recurring(points, ({ point }) => (point.effect === "" ? [] : [point.effect]), nameOf).map(({ key: effect, group, places }) => ({
    kind: "finding",
    what: `reviewers sent work back for ${inline(effect.replaceAll("_", " "), 60)} ${places.length} times`,
    propose: "make it a rule of the project, so that agents know it before they submit",
    evidence: group.map(({ task, point }) => `${task}: ${pointLine(point, 120)}`),
  }));
}

function scopeLessons(gathered: Gathered): readonly Lesson[] {
  const outside = gathered.refusals.filter(({ why }) => why === "out_of_scope");
  return recurring(
    outside,
    ({ paths }) => paths,
    (one) => attemptAt(gathered, one),
  ).map(({ key: file, places }) => ({
    kind: "scope",
    what: `${fileName(file)} was changed in ${places.length} attempts at tasks that do not own it`,
    propose: "name the file in the tasks that need it, or give it a task of its own",
    evidence: places,
  }));
}

/** Merged work that was wrong passed every gate: once is enough. */
function undoneLessons({ undone }: Gathered): readonly Lesson[] {
  const tasks = undone.map(({ task, why }) => `${task}: ${why === "" ? "no reason was given" : inline(why, 160)}`);
  if (tasks.length === 0) return [];
  const propose = "add a check or a review rule that would have stopped it";
  return [{ kind: "undone", what: `${count(tasks.length, "merged task")} had to be taken back`, propose, evidence: tasks }];
}

function planLessons({ planReviews }: Gathered): readonly Lesson[] {
  const returned = planReviews.filter(({ approved }) => !approved);
  if (returned.length < AGAIN) return [];
  const evidence = returned.map(({ revision, by, findingsCount }) => `revision ${revision}, by ${by}: ${count(findingsCount, "finding")}`);
  return [
    { kind: "plan", what: `the plan was returned ${returned.length} times`, propose: "say more of what is wanted in the goal", evidence },
  ];
}

function sessionLessons({ lapses, stalls, sessions }: Gathered): readonly Lesson[] {
  const all = [
    ...lapses.map(({ session, why, at }) => ({ session, at, what: `ended without its job done, ${inline(why, 120)}` })),
    ...stalls.map(({ session, why, at }) => ({ session, at, what: `stalled, ${inline(why, 120)}` })),
  ].sort((a, b) => a.at - b.at);
  return recurring(
    all,
    ({ session }) => [sessions.get(session) ?? session],
    ({ session }) => session,
  ).map(({ key: seat, group, places }) => ({
    kind: "session",
    what: `${seat} stalled or ended without its job in ${places.length} sessions`,
    propose: "read what it did (skep logs), and try another model or smaller tasks for its role",
    evidence: group.map(({ session, what }) => `${session} ${what}`),
  }));
}

function deniedLessons({ denials, sessions }: Gathered): readonly Lesson[] {
  return often(denials, ({ tool }) => tool, DENIED_OFTEN).map(([tool, group]) => ({
    kind: "denied",
    what: `agents were denied ${inline(tool, 60)} ${group.length} times`,
    propose: "allow it for the role that needs it, or say in its brief what to use instead",
    evidence: group.map(({ session, why }) => `${sessions.get(session) ?? session}: ${inline(why, 120)}`),
  }));
}

function waitingLessons({ state, answers }: Gathered): readonly Lesson[] {
  const slow = answers.flatMap(({ gate: id, at, by }) => {
    const gate = state.gates.get(id);
    const ms = gate ? at - gate.openedAt : 0;
    return gate && by !== "engine" && ms >= LONG_WAIT_MS ? [`${id} ${inline(gate.title, 100)}: ${Math.round(ms / 60_000)} minutes`] : [];
  });
  if (slow.length === 0) return [];
  const propose = "have skep tell you of gates (notify), or answer such questions in the goal";
  return [{ kind: "waiting", what: `${count(slow.length, "gate")} waited ten minutes or longer for an answer`, propose, evidence: slow }];
}
