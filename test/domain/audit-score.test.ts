import fc from "fast-check";
import { expect, test } from "vitest";
import type { SeatId, SessionId, SwarmId, TaskId } from "../../src/base/ids.ts";
import type { AuditItem } from "../../src/domain/audit.ts";
import { auditReviews, NEAR, outcomeOf, scoreAudit } from "../../src/domain/audit-score.ts";
import type { Event } from "../../src/domain/events.ts";
import { seatSpec, USAGE, World } from "./world.ts";

const PLANTED = { defect: "off by one", file: "src/a.ts", line: 10, before: "i < n", after: "i <= n" } as const;
const item = (task: string, planted: AuditItem["planted"]): AuditItem => ({
  task: task as TaskId,
  from: { swarm: "s-1" as SwarmId, task: "t1" as TaskId, title: "make t1", sha: "abc" },
  planted,
});
const said = (findings: readonly object[], criteria: readonly object[] = []): string => JSON.stringify({ criteria, findings });
const at = (line: number | null, more: object = {}): object => ({ effect: "wrong_result", file: "src/a.ts", line, blocks: true, ...more });

test.each<[string, string, string]>([
  ["on the line", said([at(10)]), "caught"],
  ["within a few lines", said([at(10 - NEAR)]), "caught"],
  ["further away", said([at(10 + NEAR + 1)]), "missed"],
  ["about the file and no line", said([at(null)]), "missed"],
  ["in another file", said([at(10, { file: "src/b.ts" })]), "missed"],
  ["without being sure", said([at(10, { blocks: false })]), "unsure"],
  ["unsure here, sure elsewhere", said([at(10, { blocks: false }), at(90)]), "unsure"],
  ["as a note", said([at(10, { effect: "style", blocks: false })]), "missed"],
  ["as a criterion that is not met", said([], [{ n: 1, met: "no", evidence: "see src/a.ts:11, it goes too far" }]), "caught"],
  ["as a criterion nobody can tell", said([], [{ n: 1, met: "cannot_tell", evidence: "src/a.ts:10" }]), "unsure"],
  ["as a criterion about another line", said([], [{ n: 1, met: "no", evidence: "src/a.ts:100" }]), "missed"],
  ["as evidence for a criterion that is met", said([], [{ n: 1, met: "yes", evidence: "src/a.ts:10" }]), "missed"],
  ["in no words at all", "", "missed"],
])("[review.audit.score] a planted defect named %s", (_, review, outcome) => {
  expect(outcomeOf({ planted: PLANTED }, review)).toBe(outcome);
});

test.each<[string, string, string]>([
  ["nothing", said([]), "passed"],
  ["a note", said([at(3, { effect: "weak_test", blocks: false })]), "passed"],
  ["a doubt", said([at(3, { blocks: false })]), "unsure"],
  ["a defect it is sure of", said([at(3)]), "alarm"],
  ["a criterion that is not met", said([], [{ n: 1, met: "no", evidence: "" }]), "alarm"],
])("[review.audit.score] a good change of which a reviewer says %s", (_, review, outcome) => {
  expect(outcomeOf({ planted: null }, review)).toBe(outcome);
});

test("[review.audit.score] reviews and cost are counted for the harness and model a seat was on then", () => {
  const route = { harness: "other", provider: "p2", model: "m2" };
  const wanted = (session: string, seat: string): Event => ({
    type: "session_wanted",
    session: session as SessionId,
    seat: seat as SeatId,
    job: { kind: "review", task: "t1" as TaskId, attempt: 1, round: 1, sha: "x" },
  });
  const review = (task: string, by: string, text: string): Event => ({
    type: "review_recorded",
    task: task as TaskId,
    sha: "x",
    by: by as SeatId,
    approved: false,
    text,
  });
  const turn = (session: string): Event => ({ type: "turn_ended", session: session as SessionId, ok: true, error: null, usage: USAGE });
  const created = World.started({}, [seatSpec("reviewer", "reviewer"), seatSpec("reviewer-1", "reviewer")]).history.flatMap(
    ({ events }) => events,
  );
  const events: readonly Event[] = [
    ...created,
    ...[wanted("x1", "reviewer"), review("t1", "reviewer", said([at(10)])), turn("x1")],
    ...[wanted("x2", "reviewer-1"), review("t2", "reviewer-1", said([at(10)])), turn("x2")],
    { type: "seat_routed", seat: "reviewer-1" as SeatId, route: 1, downgrade: true, why: "used up", ...route },
    ...[wanted("x3", "reviewer-1"), review("t3", "reviewer-1", said([])), turn("x3"), turn("x3")],
  ];
  const items = [item("t1", PLANTED), item("t2", null), item("t3", PLANTED), item("t4", null)];
  const score = scoreAudit({ items }, auditReviews(events), (prose) => String(prose));
  expect(score).toMatchObject({ planted: 2, caught: 1, missed: 1, unsure: 0, clean: 1, alarms: 1, doubted: 0, unreviewed: ["t4"] });
  expect(score.rows).toEqual([
    { harness: "other", model: "m2", planted: 1, caught: 0, unsure: 0, missed: 1, clean: 0, alarms: 0, doubted: 0, usd: 0.02, tokens: 30 },
    {
      harness: "scripted",
      model: null,
      planted: 1,
      caught: 1,
      unsure: 0,
      missed: 0,
      clean: 1,
      alarms: 1,
      doubted: 0,
      usd: 0.02,
      tokens: 30,
    },
  ]);
});

test("[review.audit.score.property] every reviewed change has one outcome, and the rows add up to the whole", () => {
  const finding = fc.record({
    effect: fc.constantFrom("wrong_result", "crash", "style", "nonsense"),
    file: fc.constantFrom("src/a.ts", "src/b.ts"),
    line: fc.option(fc.nat({ max: 20 })),
    blocks: fc.boolean(),
  });
  const one = fc.record({
    planted: fc.boolean(),
    reviewed: fc.boolean(),
    model: fc.constantFrom("a", "b", null),
    findings: fc.array(finding, { maxLength: 4 }),
  });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 12 }), (all) => {
      const items = all.map(({ planted }, index) => item(`t${index + 1}`, planted ? PLANTED : null));
      const reviews = all.flatMap(({ reviewed, model, findings }, index) =>
        reviewed ? [{ task: `t${index + 1}` as TaskId, seat: "reviewer", harness: "h", model, text: said(findings) }] : [],
      );
      const score = scoreAudit({ items }, { reviews, spent: [] }, (prose) => String(prose));
      expect(score.caught + score.unsure + score.missed).toBe(score.planted);
      expect(score.alarms + score.doubted).toBeLessThanOrEqual(score.clean);
      expect(score.planted + score.clean + score.unreviewed.length).toBe(items.length);
      for (const name of ["planted", "caught", "unsure", "missed", "clean", "alarms", "doubted"] as const)
        expect(score.rows.reduce((sum, row) => sum + row[name], 0)).toBe(score[name]);
      // More words never turn a catch into a miss.
      for (const { task, outcome } of score.judged) {
        const text = reviews.find((review) => review.task === task)?.text ?? "";
        const more = JSON.stringify({ findings: [...JSON.parse(text).findings, at(10)] });
        const planted = items.find((each) => each.task === task)?.planted ?? null;
        expect(outcomeOf({ planted }, more)).toBe(planted ? "caught" : "alarm");
        if (outcome === "caught") expect(text).toContain('"blocks":true');
      }
    }),
  );
});
