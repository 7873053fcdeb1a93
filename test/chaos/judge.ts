/** What must be true whatever went wrong. Judged from the files, git and /proc alone; each answers with the sentence that is broken. */
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import type { Event, EventOf } from "../../src/domain/events.ts";
import { evolve } from "../../src/domain/evolve.ts";
import { emptyState } from "../../src/domain/state.ts";
import { broken } from "../domain/invariants.ts";
import type { World } from "../domain/world.ts";
import type { TestRepo } from "../support/repo.ts";
import { eventsOf, type Line } from "./log.ts";
import type { Ack } from "./operator.ts";

/** What was once in the log stays there, and in its place. */
export function lostCommits(before: readonly Line[], now: readonly Line[]): readonly string[] {
  const at = before.findIndex(({ id }, n) => now[n]?.id !== id);
  return at < 0 ? [] : [`commit ${at + 1} (${before[at]?.command}) is not in the log any more`];
}

/** Every yes an operator was told: the command in the log, the letter in its inbox, once. */
export function lostAcks(acks: readonly Ack[], lines: readonly Line[], folder: string): readonly string[] {
  return acks.flatMap((ack) => {
    const missing = missingOf(ack, lines, folder);
    return missing === null ? [] : [`${ack.by} was told yes to ${ack.tool} ${ack.n}: ${missing}`];
  });
}

function missingOf({ tool, args, facts }: Ack, lines: readonly Line[], folder: string): string | null {
  if (tool === "message_send") {
    const [{ id, to } = { id: "", to: "" }] = facts.sent as readonly { id: string; to: string }[];
    const places = placesOf(folder, to, id);
    return places.length === 1 ? null : `letter ${id} is in ${places.length} places`;
  }
  if (tool === "gate_answer") {
    const answered = eventsOf(lines).some(
      (event) => event.type === "gate_answered" && event.gate === args.gate && event.answer === args.answer,
    );
    return answered ? null : `gate ${args.gate} has no such answer`;
  }
  if (tool === "swarm_create") return path.basename(folder) === facts.swarm ? null : `there is no swarm ${facts.swarm}`;
  // A wish that was fulfilled already leaves nothing of its own.
  if (facts.repeated === true) return null;
  return hasCommand(lines, tool) ? null : "no such command is in the log";
}

const COMMANDS: Readonly<Record<string, Event["type"]>> = {
  swarm_pause: "swarm_paused",
  swarm_resume: "swarm_resumed",
  task_undo: "undo_wanted",
};
const hasCommand = (lines: readonly Line[], tool: string): boolean => eventsOf(lines).some(({ type }) => type === COMMANDS[tool]);

/** As many pauses and resumptions are in the log as were told to be made. */
export function lostCounts(acks: readonly Ack[], lines: readonly Line[]): readonly string[] {
  return Object.entries(COMMANDS).flatMap(([tool, type]) => {
    const told = acks.filter((ack) => ack.tool === tool && ack.facts.repeated !== true).length;
    const kept = eventsOf(lines).filter((event) => event.type === type).length;
    return kept >= told ? [] : [`${told} times yes to ${tool}, ${kept} in the log`];
  });
}

/** Where a letter lies; also found by what it was about, so that one sent twice is seen. */
function placesOf(folder: string, inbox: string, id: string): readonly string[] {
  return ["new", "offered", "cur"].flatMap((state) =>
    filesIn(path.join(folder, "mail", inbox, state)).filter((name) => name.startsWith(id)),
  );
}

const filesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** A letter that was repeated until it was answered is there once. */
export function doubleLetters(letters: readonly { readonly from: string; readonly subject: string }[]): readonly string[] {
  const seen = new Map<string, number>();
  for (const { from, subject } of letters) if (from === "operator") seen.set(subject, (seen.get(subject) ?? 0) + 1);
  return [...seen].filter(([, times]) => times > 1).map(([subject, times]) => `${subject} is there ${times} times`);
}

/** The log folded anew: what holds in every reachable state, and no task in two hands. */
export function badStates(lines: readonly Line[]): readonly string[] {
  const state = emptyState();
  const attempts = new Map<string, number>();
  const problems: string[] = [];
  for (const { seq, at, key, events } of lines) {
    for (const event of events) {
      if (event.type === "task_claimed") problems.push(...secondClaim(event, attempts, state.tasks.get(event.task)?.seat ?? null));
      evolve(state, event, at);
    }
    state.seq = seq;
    if (key !== undefined) state.keys.set(key, seq);
    for (const what of broken({ state, now: at } as World)) problems.push(`after commit ${seq}: ${what}`);
  }
  return problems.slice(0, 10);
}

function secondClaim({ task, attempt, seat }: EventOf<"task_claimed">, attempts: Map<string, number>, holder: string | null): string[] {
  const before = attempts.get(task) ?? 0;
  attempts.set(task, attempt);
  return [
    ...(attempt > before ? [] : [`${task} was claimed as attempt ${attempt} after attempt ${before}`]),
    ...(holder === null ? [] : [`${task} was claimed by ${seat} while ${holder} held it`]),
  ];
}

/** Each merge is of a commit that was approved after it was made, by somebody else, and carries that commit's work. */
export function unapproved(events: readonly Event[], repo: TestRepo): readonly string[] {
  const author = new Map<string, string>();
  const submitted = new Map<string, string>();
  const approved = new Map<string, string>();
  const problems: string[] = [];
  for (const event of events) {
    if (event.type === "task_claimed") author.set(event.task, event.seat);
    if (event.type === "submission_committed") {
      submitted.set(event.task, event.sha);
      approved.delete(event.task);
    }
    if (event.type === "review_recorded" && event.approved && event.sha === submitted.get(event.task)) {
      if (event.by === author.get(event.task)) problems.push(`${event.task} was approved by its author ${event.by}`);
      else approved.set(event.task, event.sha);
    }
    if (event.type === "review_skipped") approved.set(event.task, event.sha);
    if (event.type === "task_merged") problems.push(...badMerge(event, approved.get(event.task) ?? null, repo));
  }
  return problems;
}

function badMerge({ task, sha }: EventOf<"task_merged">, approved: string | null, repo: TestRepo): readonly string[] {
  if (approved === null) return [`${task} was merged as ${sha} without an approved commit`];
  const merged = changes(repo, `${sha}^`, sha);
  const work = changes(repo, repo.git("merge-base", `${sha}^`, approved), approved);
  return [...merged].flatMap(([file, blob]) =>
    work.get(file) === blob ? [] : [`the merge of ${task} has another ${file} than was approved`],
  );
}

const changes = (repo: TestRepo, from: string, to: string): ReadonlyMap<string, string> =>
  new Map(
    repo
      .git("diff", "--raw", "--no-renames", "--no-abbrev", from, to)
      .split("\n")
      .filter(Boolean)
      .map((line) => {
        const [facts = "", file = ""] = line.split("\t");
        return [file, facts.split(" ")[3] ?? ""] as const;
      }),
  );

/** Nothing but what the log knows stands on the integration branch, and nothing of it is missing. */
export function badBranch(events: readonly Event[], repo: TestRepo): readonly string[] {
  const created = events.find((event) => event.type === "swarm_created");
  if (created?.type !== "swarm_created") return [];
  const known = events.flatMap((event) => (event.type === "task_merged" || event.type === "task_undone" ? [event.sha] : []));
  // It is made by the first effect of all.
  const begun = repo.git("for-each-ref", `refs/heads/${created.branch}`) !== "";
  const there = begun ? repo.git("rev-list", "--reverse", `${created.base}..${created.branch}`).split("\n").filter(Boolean) : [];
  return there.join() === known.join() ? [] : [`the branch has ${there.length} commits, the log ${known.length}`];
}
