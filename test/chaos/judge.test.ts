/** The judge finds what it is there to find: each promise is broken on purpose once. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { Event } from "../../src/domain/events.ts";
import { working } from "../domain/stages.ts";
import { makeRepo } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";
import * as judge from "./judge.ts";
import { eventsOf, type Line, readLines } from "./log.ts";
import type { Ack } from "./operator.ts";

const event = (type: string, fields: object = {}): Event => ({ type, ...fields }) as unknown as Event;
const line = (seq: number, ...events: Event[]): Line => ({ seq, id: `id-${seq}`, at: seq, by: "engine", command: "c", events });
const ack = (tool: string, args: object, facts: object): Ack => ({ by: "op", n: 1, tool, args, facts }) as unknown as Ack;

test("[chaos.judge.lost] a commit, a letter and a command that were acknowledged and are not there", () => {
  const [a, b, c] = [line(1), line(2), line(3)];
  expect(judge.lostCommits([a, b], [a, b, c])).toEqual([]);
  expect(judge.lostCommits([a, b], [a])).toHaveLength(1);
  expect(judge.lostCommits([a, b], [a, { ...b, id: "other" }])).toHaveLength(1);

  const folder = path.join(tempDir(), "s-1");
  for (const state of ["new", "offered", "cur"]) mkdirSync(path.join(folder, "mail/dev-0", state), { recursive: true });
  const letter = ack("message_send", {}, { sent: [{ id: "abc", to: "dev-0" }] });
  expect(judge.lostAcks([letter], [], folder)).toHaveLength(1);
  writeFileSync(path.join(folder, "mail/dev-0/new/abc.operator.json"), "");
  expect(judge.lostAcks([letter], [], folder)).toEqual([]);
  writeFileSync(path.join(folder, "mail/dev-0/cur/abc.operator.json"), "");
  expect(judge.lostAcks([letter], [], folder)).toHaveLength(1);
  expect(judge.doubleLetters([1, 2].map(() => ({ from: "operator", subject: "dev-0: letter 1" })))).toHaveLength(1);

  const answer = ack("gate_answer", { gate: "g1", answer: "today" }, {});
  expect(judge.lostAcks([answer], [a], folder)).toHaveLength(1);
  expect(judge.lostAcks([answer], [line(1, event("gate_answered", { gate: "g1", answer: "today" }))], folder)).toEqual([]);
  const pauses = [ack("swarm_pause", {}, {}), ack("swarm_pause", {}, {}), ack("swarm_pause", {}, { repeated: true })];
  expect(judge.lostCounts(pauses, [line(1, event("swarm_paused"))])).toHaveLength(1);
  expect(judge.lostCounts(pauses, [line(1, event("swarm_paused")), line(2, event("swarm_paused"))])).toEqual([]);
});

test("[chaos.judge.twice] a task that is claimed as an attempt it had already, or while another seat holds it", () => {
  const history = working().history.map(({ at, events }, n): Line => ({ ...line(n + 1, ...events), at }));
  expect(judge.badStates(history)).toEqual([]);
  const claim = eventsOf(history).find(({ type }) => type === "task_claimed");
  if (claim === undefined) throw new Error("nobody claimed a task");
  const again = judge.badStates([...history, line(history.length + 1, { ...claim, seat: "dev-1" } as Event)]);
  expect(again).toContainEqual(expect.stringContaining("as attempt 1 after attempt 1"));
  expect(again).toContainEqual(expect.stringContaining("while dev-0 held it"));
});

test("[chaos.judge.merge] a merge without approval, by its author, or with other files than were approved", () => {
  const repo = makeRepo();
  repo.git("checkout", "-q", "-b", "work");
  const work = repo.commit({ "out.txt": "good\n" });
  repo.git("checkout", "-q", "main");
  const other = repo.commit({ "out.txt": "bad\n" });
  const claimed = event("task_claimed", { task: "t1", seat: "dev-0" });
  const submitted = event("submission_committed", { task: "t1", sha: work });
  const review = (by: string) => event("review_recorded", { task: "t1", sha: work, by, approved: true });
  const merged = (sha: string) => event("task_merged", { task: "t1", sha });
  expect(judge.unapproved([claimed, submitted, review("reviewer"), merged(work)], repo)).toEqual([]);
  expect(judge.unapproved([claimed, submitted, merged(work)], repo)).toHaveLength(1);
  expect(judge.unapproved([claimed, submitted, review("dev-0"), merged(work)], repo)).toHaveLength(2);
  expect(judge.unapproved([claimed, submitted, review("reviewer"), submitted, merged(work)], repo)).toHaveLength(1);
  expect(judge.unapproved([claimed, submitted, review("reviewer"), merged(other)], repo)).toEqual([expect.stringContaining("out.txt")]);

  const created = event("swarm_created", { base: repo.base, branch: "work" });
  expect(judge.badBranch([created, merged(work)], repo)).toEqual([]);
  expect(judge.badBranch([created], repo)).toHaveLength(1);
});

test("the log is read as its rule says: the first line with a number counts, torn ones do not", () => {
  const folder = tempDir();
  const text = (seq: number, id: string) => JSON.stringify({ ...line(seq, event("swarm_closed")), id });
  writeFileSync(
    path.join(folder, "events.jsonl"),
    `${text(1, "a")}\n{"v":1,"se\n${text(2, "b")}\n${text(2, "late")}\n${text(3, "unfinished")}`,
  );
  const lines = readLines(folder);
  expect(lines.map(({ id }) => id)).toEqual(["a", "b"]);
  expect(eventsOf(lines).map(({ type }) => type)).toEqual(["swarm_closed", "swarm_closed"]);
});
