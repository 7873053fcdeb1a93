import { quote } from "../base/errors.ts";
import { pausingGate, raise } from "./budget.ts";
import type { Command } from "./commands.ts";
import { gaveBack } from "./decide-attach.ts";
import { modeAnswered } from "./decide-collab.ts";
import { unapproved } from "./decide-plan.ts";
import { asFindings, mergeAnswer } from "./decide-tier.ts";
import { already, type Decision, no, yes } from "./decision.ts";
import type { Event } from "./events.ts";
import { failTask } from "./failure.ts";
import { findGate, openGate } from "./gate.ts";
import { optionIn } from "./gate-answer.ts";
import { doneByPerson } from "./human-task.ts";
import { takesTurns } from "./job.ts";
import { ENDED, type Gate, OVER, type Seat, type State } from "./model.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** An agent asks a person. The fallback, when given, is taken at the deadline. */
export function askHuman(state: State, command: Of<"ask_human">, seat: Seat, now: number): Decision {
  if (findGate(state, (gate) => gate.kind === "ask" && gate.seat === seat.seat && gate.title === command.title)) return already();
  const deadlineAt = command.minutes === null || command.fallback === null ? null : now + command.minutes * 60_000;
  const { title, question, context, options, fallback } = command;
  const known = context === undefined ? {} : { context };
  return yes(openGate(state, now, "ask", { title, question, ...known, options, fallback, deadlineAt, task: seat.task, seat: seat.seat }));
}

/** The operator answers; an option where the gate has options, free text where it has none. */
export function answerGate(state: State, command: Of<"answer_gate">, now: number): Decision {
  const gate = state.gates.get(command.gate);
  if (!gate) return no("NOT_FOUND", `no gate ${command.gate}`, "swarm_status");
  if (gate.status === "answered") {
    if (gate.answer === command.answer) return already();
    return no("GATE_ANSWERED", `${gate.id} was answered ${quote(String(gate.answer), 200)} ${byWhom(gate)}`, "swarm_status");
  }
  // After the end only what came up there is asked: work of skep's own that fails.
  if (OVER.has(state.status) && !state.openGates.has(gate.id)) return no("SWARM_OVER", `the swarm is ${state.status}`, "swarm_status");
  const taken = optionIn(gate, command.answer);
  if (!taken) return no("UNKNOWN_OPTION", `${gate.id} takes ${gate.options.join(", ")}`, `gate_answer with one of these`);
  return yes(
    { type: "gate_answered", gate: gate.id, answer: command.answer, by: "operator", at: now, ...(command.via ? { via: command.via } : {}) },
    ...consequences(state, gate, taken, now),
  );
}

/** Who answered, through what and when, as far as it was kept. */
function byWhom({ answeredBy, answeredAt, answeredVia }: Gate): string {
  const who = answeredBy === "deadline" ? "by its deadline" : `by the ${answeredBy}`;
  const via = answeredVia === undefined ? "" : ` through ${answeredVia}`;
  return `${who}${via}${answeredAt === undefined ? "" : ` at ${new Date(answeredAt).toISOString()}`}`;
}

/** At its deadline a question with a fallback takes it; one without stays open. */
export function expireGate(state: State, command: Of<"expire_gate">, now: number): Decision {
  const gate = state.gates.get(command.gate);
  if (!gate || gate.status === "answered") return already();
  if (gate.fallback === null || gate.deadlineAt === null) return no("NO_FALLBACK", `${gate.id} waits for a person`, "gate_answer");
  if (now < gate.deadlineAt) return no("TOO_EARLY", `${gate.id} still has time`, "wait", true);
  return yes(
    { type: "gate_answered", gate: gate.id, answer: gate.fallback, by: "deadline", at: now },
    ...consequences(state, gate, { option: gate.fallback, words: "" }, now),
  );
}

const stopped = (gate: Gate): Event => ({ type: "swarm_ended", status: "stopped", ending: `stopped at gate ${gate.id}: ${gate.title}` });

type Taken = NonNullable<ReturnType<typeof optionIn>>;

/** What an answer does, by kind of gate. */
function consequences(state: State, gate: Gate, { option: answer, words }: Taken, now: number): readonly Event[] {
  if (answer === "stop" && gate.kind !== "ask") return [stopped(gate)];
  const task = gate.task === null ? undefined : state.tasks.get(gate.task);
  switch (gate.kind) {
    case "ask":
      return answered(state, gate);
    case "attempts":
    case "rounds": {
      if (!task) return [];
      if (answer === "give_up") return failTask(state, task, `given up at gate ${gate.id}`);
      const what = gate.kind;
      return [{ type: "cap_raised", what, task: task.id, to: (what === "attempts" ? task.attemptsCap : task.roundsCap) + 2 }];
    }
    case "reviewer":
      return task && answer === "give_up" ? failTask(state, task, `given up at gate ${gate.id}`) : [];
    case "plan":
    case "plan_review":
      return planAnswer(state, answer, words, now);
    case "merge":
      return mergeAnswer(state, gate, answer, words, now);
    case "effect":
    case "setup":
    case "signing":
    case "hook":
      return gate.effect === null ? [] : [{ type: "effect_reset", key: gate.effect }];
    case "task":
      return task ? doneByPerson(state, task, answer) : [];
    case "seat":
      return [];
    case "person":
      return gaveBack(state, gate);
    case "foreign_commit":
      if (gate.effect === null) return [];
      return [{ type: answer === "adopt" ? "tip_adopted" : "tip_put_aside", tip: gate.effect }];
    case "budget":
      return afterBudget(state, gate, answer, now);
    case "mode":
      return modeAnswered(state, gate, answer, now);
    case "provider":
      return gate.effect === null ? [] : [{ type: "provider_recovered", provider: gate.effect }];
    default: {
      const never: never = gate.kind;
      throw new Error(`unhandled ${String(never)}`);
    }
  }
}

/** Raised, or a new day: what was parked goes on where it stood. */
function afterBudget(state: State, gate: Gate, answer: string, now: number): readonly Event[] {
  const task = gate.task === null ? undefined : state.tasks.get(gate.task);
  if (answer === "give_up") return task && !ENDED.has(task.status) ? failTask(state, task, `given up at gate ${gate.id}`) : [];
  const events: Event[] = answer === "raise" ? [...raise(state, gate, now)] : [];
  if (gate.effect === "swarm" || gate.effect === "day")
    return state.pausedBy === "budget" && !pausingGate(state, gate) ? [...events, { type: "swarm_resumed" }] : events;
  for (const session of state.sessions.values()) {
    const parked = session.seat === gate.seat || ("task" in session.job && session.job.task === gate.task);
    if (!parked || !takesTurns(session) || session.turn !== "idle" || session.owed) continue;
    if (state.seats.get(session.seat)?.duty === "queen")
      events.push({ type: "queen_woken", reason: { what: "gate_answered", id: gate.id } });
    else
      events.push({
        type: "turn_owed",
        session: session.id,
        turn: { n: session.asked + 1, kind: "answer", reasons: [{ what: "gate_answered", id: gate.id }] },
      });
  }
  return events;
}

function answered(state: State, gate: Gate): readonly Event[] {
  const seat = gate.seat === null ? undefined : state.seats.get(gate.seat);
  const reason = { what: "gate_answered" as const, id: gate.id };
  if (seat?.duty === "queen") return [{ type: "queen_woken", reason }];
  const session = seat?.session ? state.sessions.get(seat.session) : undefined;
  if (!session || !takesTurns(session)) return [];
  return [
    {
      type: "turn_owed",
      session: session.id,
      turn: { n: session.asked + 1, kind: "answer", reasons: [...(session.owed?.reasons ?? []), reason] },
    },
  ];
}

function planAnswer(state: State, answer: string, words: string, now: number): readonly Event[] {
  if (answer === "another")
    return [
      { type: "revisions_raised", to: unapproved(state) + 2 },
      { type: "queen_woken", reason: { what: "plan_findings", id: "another" } },
    ];
  const pending = state.plan.pending;
  if (!pending) return [];
  if (answer === "wait") return [{ type: "plan_submitted", plan: pending, deadlineAt: now + state.limits.planReviewMs }];
  const approved = answer === "approve";
  return [{ type: "plan_reviewed", revision: pending.revision, by: "operator", approved, ...asFindings(approved ? "" : words) }];
}
