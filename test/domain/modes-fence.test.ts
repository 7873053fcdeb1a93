/** Who is called for what is done together, and whose part counts. */
import { describe, expect, test } from "vitest";
import type { ModeKind } from "../../src/domain/modes/mode.ts";
import { begun, CREW, collab, handIn, modeSpec, part, seatOf, step, T1, task } from "./modes-kit.ts";
import { taskSpec, type World } from "./world.ts";

describe("[mode.recruit] seats are found before anything begins, all of them, or it waits and says for whom", () => {
  test.each([
    [
      "too few agents",
      modeSpec("parallel", { seats: ["a", "b", "c", "d"].map((place) => ({ place, role: "developer" })) }),
      "no 4 different agents",
    ],
    [
      "a provider nobody has",
      modeSpec("review", {
        seats: [
          { place: "w", role: "developer" },
          { place: "r", role: "reviewer", provider: "p9" },
        ],
      }),
      "on p9",
    ],
    [
      "a reviewer who would have to write",
      modeSpec("parallel", {
        seats: [
          { place: "a", role: "developer" },
          { place: "b", role: "reviewer" },
        ],
      }),
      "all of them write",
    ],
    ["two for circling", modeSpec("circling", { seats: modeSpec("circling").seats.slice(0, 2) }), "it takes 3 seats"],
    ["one place twice", modeSpec("parallel", { seats: [0, 1].map(() => ({ place: "a", role: "developer" })) }), "the same place"],
    ["a lead of another role", modeSpec("review", { seats: [...modeSpec("review").seats].reverse() }), "first seat leads"],
    ["no such mode", { ...modeSpec("parallel"), kind: "huddle" as ModeKind }, "there are parallel, sequential, review, circling"],
    ["endless rounds", modeSpec("parallel", { rounds: 99 }), "rounds is 1 to 10"],
  ])("refused at once: %s", (_, mode, why) => {
    const world = begun(modeSpec("parallel"));
    const decision = world.as("queen", {
      type: "submit_plan",
      hash: "h9",
      goal: "g",
      conditions: ["c"],
      text: "{}",
      tasks: [taskSpec("t1", [], { mode })],
    });
    expect(decision).toMatchObject({ ok: false, refusal: { code: "PLAN_REFUSED", message: expect.stringContaining(why) } });
  });

  test("it waits for all of them at once; workers are kept free for it, and the reason says so", () => {
    const one = modeSpec("parallel", { seats: modeSpec("parallel").seats.slice(0, 2) });
    const seats = CREW.filter(({ seat }) => seat !== "dev-2");
    const world = begun(modeSpec("parallel", { seats: one.seats }), { seats, tasks: [taskSpec("t2", [], { mode: one }), taskSpec("t3")] });
    expect(collab(world).stage).toBe("working");
    // The first has them; the second and the ordinary one wait.
    expect(["t2", "t3"].map((name) => world.state.tasks.get(name as never)?.status)).toEqual(["open", "open"]);
    step(world);
    const lead = task(world).seat ?? "";
    const other = ["dev-0", "dev-1"].find((seat) => seat !== lead) ?? "";
    expect(world.state.seats.get(other as never)).toMatchObject({ session: null, task: null });
    expect(world.state.tasks.get("t3" as never)?.status).toBe("open");
    handIn(world);
    expect(world.state.tasks.get("t2" as never)).toMatchObject({ status: "claimed", collab: { stage: "working" } });
  });
});

describe("[mode.fence] a part counts once, for the step, the attempt and the place of the session that gives it", () => {
  const refused = (world: World, seat: string, command: ReturnType<typeof part>) => {
    const decision = world.as(seat, command);
    return decision.ok ? "taken" : decision.refusal.code;
  };
  test("other steps, attempts, tasks and hands are refused; a repeat is answered and counts no second time", () => {
    const world = begun(modeSpec("circling"));
    const mine = part(world, "rev_a");
    const seat = seatOf(world, "rev_a");
    expect(refused(world, seat, { ...mine, attempt: 0 })).toBe("STALE_ATTEMPT");
    expect(refused(world, seat, { ...mine, step: 2 })).toBe("STALE_STEP");
    expect(refused(world, seat, { ...mine, task: "t9" as never })).toBe("NOT_YOURS");
    expect(refused(world, "queen", mine)).toBe("NOT_ALLOWED");
    expect(refused(world, seat, { ...mine, parts: mine.parts.slice(1) })).toBe("CONTRIBUTION_UNFIT");
    expect(refused(world, seat, { ...mine, parts: [...mine.parts, { what: "analysis", text: "x" }] })).toBe("CONTRIBUTION_UNFIT");
    expect(refused(world, seat, { ...mine, vote: "converged" })).toBe("CONTRIBUTION_UNFIT");
    expect(world.as(seat, mine)).toMatchObject({ ok: true });
    expect(world.as(seat, mine)).toMatchObject({ ok: true, repeated: true });
    expect(collab(world).given).toHaveLength(1);
    // The lead does not hand in what is not its alone yet.
    const early = world.as(seatOf(world, "worker"), { type: "submit_task", task: T1, attempt: 1, evidence: [1, 2], submission: "{}" });
    expect(early).toMatchObject({ ok: false, refusal: { code: "DONE_TOGETHER" } });
  });

  test("every finding is judged once, and none that was not shown", () => {
    const world = begun(modeSpec("circling"));
    step(world);
    step(world);
    const worker = seatOf(world, "worker");
    const mine = part(world, "worker");
    expect(mine.judged.map(({ finding }) => finding)).toEqual(["rev_a-2-1", "rev_b-2-1"]);
    expect(refused(world, worker, { ...mine, judged: mine.judged.slice(1) })).toBe("CONTRIBUTION_UNFIT");
    expect(refused(world, worker, { ...mine, judged: [...mine.judged, { finding: "rev_b-2-2", verdict: "REJECT" }] })).toBe(
      "CONTRIBUTION_UNFIT",
    );
    expect(refused(world, worker, { ...mine, judged: mine.judged.map((one) => ({ ...one, finding: "rev_a-2-1" })) })).toBe(
      "CONTRIBUTION_UNFIT",
    );
    expect(refused(world, worker, mine)).toBe("taken");
  });

  test("a late result of its effect is refused, a second one changes nothing", () => {
    const world = begun(modeSpec("parallel"));
    step(world, "continue");
    const late = { type: "record_contribution", task: T1, attempt: 1, step: 1, place: "a", sha: "other" } as const;
    expect(world.send(late)).toMatchObject({ ok: true, repeated: true });
    expect(world.send({ ...late, step: 2 })).toMatchObject({ ok: false, refusal: { code: "STALE_STEP" } });
    expect(world.send({ ...late, attempt: 0 })).toMatchObject({ ok: false, refusal: { code: "STALE_ATTEMPT" } });
    expect(world.send(late, { kind: "engine", epoch: 0 })).toMatchObject({ ok: false, refusal: { code: "LEASE_LOST" } });
    expect(collab(world).given[0]?.sha).toBe("together-t1-1-1-a");
  });
});
