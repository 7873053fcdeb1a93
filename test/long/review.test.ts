/** Reviews as a host runs them: risk first, doubts to a verifier, docs without a review, an author never, an older commit never. */
import { afterEach, expect, test } from "vitest";
import type { Event, EventOf, EventType } from "../../src/domain/events.ts";
import { first } from "../e2e/support/first.ts";
import { makeRig, type Rig } from "../e2e/support/rig.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

const task = (id: string, file: string): string =>
  `{id: ${id}, title: Write ${id}, brief: Write it., files: ["${file}"], criteria: ["it is there"], proof: check_only, meets: [1]}`;
const submit = (file: string): string => `{call: task_submit, with: {attempt: "\${attempt}", summary: done, evidence: ["${file}:1"]}}`;
const review = (file: string, findings = "[]", more = ""): string => `
      - {call: diff_get, with: {task: "\${task}"}}
      - {call: task_review_submit, with: {task: "\${task}", sha: "\${sha}", criteria: [{n: 1, met: "yes", evidence: "${file}:1"}], findings: ${findings}${more}}}`;
const doubt = (file: string, title: string): string =>
  `[{effect: wrong_result, file: "${file}", line: 1, title: ${title}, trigger: "run it twice: the second answer is wrong", confidence: low}]`;
const verify = (answer: string): string =>
  `[{call: finding_verify, with: {task: "\${task}", sha: "\${sha}", finding: "\${finding}", answer: ${answer}, evidence: "I ran it twice"}}]`;

/** Lines between one that a finding is about and one that none is about. */
const FAR = "far\\n".repeat(20);

const PLAYBOOK = `
queen:
  - call: plan_submit
    with:
      goal: Four files
      conditions: ["they are there"]
      approach: One each.
      tasks: [${task("t1", "out/a.txt")}, ${task("t2", "src/auth/b.txt")}, ${task("t3", "docs/c.md")}, ${task("t4", "out/d.txt")}]
  - {wait: turn}
  - {call: swarm_complete, with: {summary: they are there}}
plan_review:
  - call: plan_review_submit
    with: {revision: "\${revision}", plan_hash: "\${plan_hash}", coverage: [{condition: 1, tasks: [t1, t2, t3, t4]}], findings: []}
tasks:
  t1:
    1: [{edit: out/a.txt, content: "one\\n${FAR}last\\n"}, ${submit("out/a.txt")}]
    default: [{edit: out/a.txt, content: "mended\\n${FAR}changed, too\\n"}, ${submit("out/a.txt")}]
  t2:
    default: [{edit: src/auth/b.txt, content: "two\\n"}, ${submit("src/auth/b.txt")}]
  t3:
    default: [{edit: docs/c.md, content: "three\\n"}, ${submit("docs/c.md")}]
  t4:
    default:
      - {edit: out/d.txt, content: "half\\n"}
      - {run: [git, add, out]}
      - {run: [git, -c, user.name=reviewer, -c, user.email=reviewer@skep.invalid, commit, -qm, half]}
      - {edit: out/d.txt, content: "whole\\n"}
      - ${submit("out/d.txt")}
risk:
  t2:
    default:
      - {call: diff_get, with: {task: "\${task}"}}
      - {call: task_review_submit, with: {task: "\${task}", sha: "0123456789ab", criteria: [{n: 1, met: "yes", evidence: "src/auth/b.txt:1"}], findings: []}, expect: SHA_CHANGED}${review("src/auth/b.txt")}
reviews:
  t1:
    1:${review("out/a.txt", doubt("out/a.txt", "wrong the second time"))}
    default:${review("out/a.txt", "[]", ", earlier: [{id: f1, state: fixed}]")}
  t2:
    default:${review("src/auth/b.txt", doubt("src/auth/b.txt", "perhaps wrong"))}
  t4:
    default:${review("out/d.txt")}
verify:
  t1:
    default: ${verify("confirmed")}
  t2:
    default: ${verify("refuted")}
`;
const TEAM = `id: readers
title: Two who read and one who looks at risk
seats: [{role: queen}, {role: reviewer, count: 2}, {role: risk}, {role: developer, count: 2}]
`;

const of = <T extends EventType>(events: readonly Event[], type: T, id: string): readonly EventOf<T>[] =>
  events.filter((event): event is EventOf<T> => event.type === type && "task" in event && event.task === id);

test("[review.e2e] a doubt is confirmed and one refuted by others, risk comes first, docs go unread by rule, a second author never reviews, an older commit is refused", async () => {
  const files = { ".skep/templates/teams/readers.yaml": TEAM };
  const rig = await makeRig({ playbook: PLAYBOOK, files, config: 'review: {skip: ["docs/**"], risky: ["src/auth/**"]}' });
  rigs.push(rig);
  const swarm = await rig.create("Four files", "readers");
  await rig.until(swarm, "the end", (state) => state.status === "completed" && state.closed, 80_000);
  const events = (await swarm.events(0)).flatMap((commit) => commit.events);
  const session = (job: string, id: string) =>
    events.flatMap((event) =>
      event.type === "session_wanted" && event.job.kind === job && "task" in event.job && event.job.task === id ? [event] : [],
    );

  // t1: its reviewer was not sure, another session was, and the author mended it.
  expect(of(events, "finding_verified", "t1")).toMatchObject([{ finding: "f1", answer: "confirmed" }]);
  // By another seat when one is free, in any case by a session of its own.
  expect(session("verify", "t1")).toHaveLength(1);
  expect(session("verify", "t1")[0]?.session).not.toBe(session("review", "t1")[0]?.session);
  expect(of(events, "attempt_ended", "t1").map(({ result }) => result)).toEqual(["changes_requested", "merged"]);
  const round = session("review", "t1")[1]?.session ?? "";
  expect(await first("message", rig, swarm.id, round)).toContain(
    "Beyond the findings; nobody has read this yet:\n- out/a.txt:22 +1 -1\nBeside a finding:\n- out/a.txt:1 +1 -1",
  );
  // t2: risk first, on this commit alone; then the ordinary review, whose doubt was refuted.
  const [before, after] = session("review", "t2");
  expect([before, after]).toMatchObject([{ seat: "risk", job: { as: "risk" } }, { seat: expect.stringMatching(/^reviewer/) }]);
  expect(of(events, "risk_reviewed", "t2")).toMatchObject([{ by: "risk" }]);
  expect(of(events, "finding_verified", "t2")).toMatchObject([{ answer: "refuted" }]);
  expect(of(events, "attempt_ended", "t2").map(({ result }) => result)).toEqual(["merged"]);
  // t3: nobody was started for it.
  expect(of(events, "review_skipped", "t3")).toMatchObject([{ because: expect.stringContaining("docs/**") }]);
  expect(session("review", "t3")).toEqual([]);
  // t4: the seat that stands in one of its commits did not get it, though another wrote the rest.
  expect(of(events, "submission_committed", "t4")[0]?.authors).toEqual(["reviewer"]);
  expect(session("review", "t4").map(({ seat }) => seat)).toEqual(["reviewer-1"]);
  const firstLine = (file: string): string | undefined => rig.repo.git("show", `${swarm.state.branch}:${file}`).split("\n")[0];
  expect(["out/a.txt", "src/auth/b.txt", "docs/c.md", "out/d.txt"].map(firstLine)).toEqual(["mended", "two", "three", "whole"]);
}, 120_000);
