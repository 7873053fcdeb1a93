/** Swarms that do a task together, and participants that give what their step asks for. */
import type { SeatId } from "../../src/base/ids.ts";
import { hasGiven, runningOf, turnOf } from "../../src/domain/collab.ts";
import type { AgentCommand } from "../../src/domain/commands.ts";
import type { Decision } from "../../src/domain/decision.ts";
import type { Limits } from "../../src/domain/limits.ts";
import type { SeatSpec, Task, TaskSpec } from "../../src/domain/model.ts";
import type { Collab, ModeKind, ModeSpec, Part, Vote } from "../../src/domain/modes/mode.ts";
import { shownFindings, sightOf } from "../../src/domain/modes/sees.ts";
import { approval, id, plan, seatSpec, taskSpec, World } from "./world.ts";

export const T1 = id.task("t1");

export const CREW: readonly SeatSpec[] = [
  seatSpec("queen", "queen"),
  seatSpec("reviewer", "reviewer"),
  seatSpec("reviewer-1", "reviewer"),
  seatSpec("dev-0", "worker"),
  seatSpec("dev-1", "worker"),
  seatSpec("dev-2", "worker"),
];

const WRITERS = ["a", "b", "c"].map((place) => ({ place, role: "developer" }));
const READERS = [
  { place: "worker", role: "developer" },
  { place: "rev_a", role: "reviewer" },
  { place: "rev_b", role: "reviewer" },
];
export const SEATS: Readonly<Record<ModeKind, ModeSpec["seats"]>> = {
  parallel: WRITERS,
  sequential: WRITERS,
  review: READERS,
  circling: READERS,
};
export const modeSpec = (kind: ModeKind, more: Partial<ModeSpec> = {}): ModeSpec => ({ kind, seats: SEATS[kind], ...more });

/** The plan is approved and everything that can begin has begun. */
export function begun(
  mode: ModeSpec,
  { limits = {}, tasks = [], seats = CREW }: { limits?: Partial<Limits>; tasks?: readonly TaskSpec[]; seats?: readonly SeatSpec[] } = {},
): World {
  const world = World.started(limits, seats);
  world.settle();
  world.as("queen", plan([taskSpec("t1", [], { mode }), ...tasks]));
  world.endTurn("queen");
  world.settle();
  const reviewer = [...world.state.sessions.values()].find(({ job }) => job.kind === "plan_review")?.seat ?? "";
  world.as(reviewer, approval(world.state));
  world.endTurn(reviewer);
  world.settle();
  return world;
}

export function collab(world: World): Collab {
  const found = world.state.tasks.get(T1)?.collab;
  if (!found) throw new Error("t1 is not done together");
  return found;
}

export const at = (world: World): string => {
  const { round, phase, place } = collab(world).cursor;
  return [phase, round, ...(place === undefined ? [] : [place])].join(" ");
};

export const seatOf = (world: World, place: string): SeatId => {
  const seat = collab(world).places.find((one) => one.place === place)?.seat;
  if (!seat) throw new Error(`no place ${place}`);
  return seat;
};

export interface Given {
  readonly vote?: Vote | null;
  readonly findings?: number;
}

/** As the tool keeps it, with a mark in it. */
function words(what: Part, mark: string): string {
  switch (what) {
    case "notes":
      return JSON.stringify({ summary: mark, learnings: "", confidence: 0.9, vote: null });
    case "findings":
      return JSON.stringify([{ id: "x", location: "src/a.ts:1", impact: mark, recommendation: "mend it" }]);
    case "judgements":
      return JSON.stringify([{ finding: "x", verdict: "ACCEPT", reason: mark }]);
    case "completion":
      return JSON.stringify([{ item: mark, done: true }]);
    default:
      return mark;
  }
}

/** What this place has to give now, with everything that is asked for. */
export function part(
  world: World,
  place: string,
  { vote = null, findings = 1 }: Given = {},
): Extract<AgentCommand, { type: "contribute" }> {
  const run = runningOf(world.state.tasks.get(T1));
  const turn = run && turnOf(run.collab, place);
  const sight = run && sightOf(run.mode, run.collab, place);
  if (!run || !turn || !sight) throw new Error(`${place} has no part in ${at(world)}`);
  const { step, attempt } = run.collab;
  return {
    type: "contribute",
    ...{ task: T1, attempt, step, vote: turn.votes ? vote : null, confidence: 0.9 },
    parts: (["notes", ...turn.makes] as const).map((what) => ({ what, text: words(what, `<${what} ${place} ${step}>`) })),
    findings: turn.makes.includes("findings") ? findings : 0,
    judged: turn.makes.includes("judgements") ? shownFindings(sight).map((finding) => ({ finding, verdict: "ACCEPT" as const })) : [],
  };
}

export function give(world: World, place: string, what: Given = {}): Decision {
  const seat = seatOf(world, place);
  const decision = world.as(seat, part(world, place, what));
  if (decision.ok) world.endTurn(seat);
  return decision;
}

/** Everybody who works in this step gives, with these votes; then the engine does what it can. */
export function step(world: World, vote: Vote | null | Readonly<Record<string, Vote | null>> = "converged"): void {
  const { step: now, turns } = collab(world);
  for (const { place } of [...turns]) {
    if (hasGiven(collab(world), place)) continue;
    const mine = vote !== null && typeof vote === "object" ? (vote[place] ?? null) : vote;
    const decision = give(world, place, { vote: mine });
    if (!decision.ok) throw new Error(`${place} in step ${now}: ${decision.refusal.message}`);
  }
  world.settle();
}

/** The process behind a place ends without a word. */
export function dies(world: World, place: string): void {
  const { id: session, run } = world.session(seatOf(world, place));
  world.must({ type: "record_session_end", session, run, why: "it crashed", output: null });
}

/** Turns that are not needed any more are over in a minute, and so is the rest after a lapse. */
export function later(world: World): void {
  world.now += 120_000;
  world.settle();
}

/** Twice, with the rest between: its place is lost. */
export function lose(world: World, place: string): void {
  dies(world, place);
  world.now += 60_000;
  world.settle();
  dies(world, place);
  world.settle();
}

export const task = (world: World): Task => world.state.tasks.get(T1) as Task;

/** Every step until the lead is at the result, or nothing works any more. */
export function path(world: World, vote: Vote | null): readonly string[] {
  const steps: string[] = [];
  while (collab(world).stage === "working") {
    steps.push(at(world));
    step(world, vote);
  }
  return steps;
}

/** The lead submits, and the ordinary way goes on to the merge. */
export function handIn(world: World): void {
  const lead = task(world).seat ?? "";
  const { job } = world.session(lead);
  if (job.kind !== "task") throw new Error(`${lead} has ${JSON.stringify(job)}, not the result to make`);
  world.as(lead, { type: "submit_task", task: T1, attempt: task(world).attempt, evidence: [1, 2], submission: "{}" });
  world.endTurn(lead);
  world.settle();
}
