/** A task that several do together: called at once, one step after the other, ended by its votes, its rounds or a person. */
import type { TaskId } from "../base/ids.ts";
import { isAssembling, isStepOver, type Running, runningOf } from "./collab.ts";
import { lossesDue } from "./collab-losses.ts";
import { isReady, recruits } from "./collab-seats.ts";
import type { Command } from "./commands.ts";
import { claimed, reopen } from "./decide-task.ts";
import { already, type Decision, no, yes } from "./decision.ts";
import type { Event } from "./events.ts";
import { failTask } from "./failure.ts";
import { openGate } from "./gate.ts";
import type { Gate, State } from "./model.ts";
import { MODES } from "./modes/index.ts";
import { type Collab, DEFAULTS, leadOf, turnsOf } from "./modes/mode.ts";
import { type StepEnd, stepEnd } from "./modes/next.ts";
import { stale } from "./task-rules.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;
const MINUTE_MS = 60_000;

/** All at once or not at all: nobody is sent to work alone on what was to be done together. */
export function beginCollab(state: State, command: Of<"begin_collab">, now: number): Decision {
  const task = state.tasks.get(command.task);
  if (!task?.mode || task.status !== "open" || !isAssembling(task))
    return no("NOT_READY", `${command.task} does not wait to be done together`, "look again", true);
  const places = recruits(state, task, now);
  const [lead] = places ?? [];
  if (!places || !lead || places.some(({ seat }, index) => seat !== command.seats[index]))
    return no("NOT_READY", `not all seats for ${task.id} are free`, "look again", true);
  const mode = MODES[task.mode.kind];
  const before = task.collab?.stage === "done" ? task.collab : null;
  const start = task.prior?.sha ?? state.tip;
  const attempt = task.attempt + 1;
  const draft: Collab = {
    ...{ attempt, start, step: 0, cursor: { round: 1, phase: "" }, stage: "ready", turns: [], given: [], asked: null, done: null },
    places: places.map((one) => ({ ...one, lost: null })),
    rounds: task.mode.rounds ?? DEFAULTS.rounds,
  };
  const cursor = before ? mode.again({ ...draft, cursor: before.cursor }) : mode.begin(draft);
  const goesOn = before ? { goesOn: true as const } : {};
  return yes(claimed(state, task, lead.seat, null), {
    type: "collab_begun",
    ...{ task: task.id, attempt, places, start, cursor, rounds: draft.rounds },
    ...goesOn,
  });
}

/** The mode of the task a command speaks of, in the attempt it speaks of, or the refusal. */
function runs(state: State, { task: id, attempt }: { readonly task: TaskId; readonly attempt: number }): Running | Decision {
  const task = state.tasks.get(id);
  if (!task) return no("NOT_FOUND", `no task ${id}`, "whoami");
  const old = stale(task, attempt);
  if (old) return { ok: false, refusal: old };
  return runningOf(task) ?? no("STALE_STEP", `${id} is not being done together now`, "whoami");
}

export function beginStep(state: State, command: Of<"begin_step">, now: number): Decision {
  const run = runs(state, command);
  if ("ok" in run) return run;
  const { task, spec, mode, collab } = run;
  if (collab.stage !== "ready" || command.step !== collab.step + 1 || task.gate || !isReady(state, run, now))
    return no("NOT_READY", `step ${command.step} of ${task.id} cannot begin`, "look again", true);
  const until = now + (spec.stepMinutes ?? DEFAULTS.stepMinutes) * MINUTE_MS;
  const turns = turnsOf(mode, collab, until);
  return yes({ type: "step_begun", task: task.id, attempt: task.attempt, step: command.step, cursor: collab.cursor, turns });
}

export function recordContribution(state: State, command: Of<"record_contribution">): Decision {
  const run = runs(state, command);
  if ("ok" in run) return run;
  const { collab } = run;
  const one = collab.given.find(({ step, place }) => step === command.step && place === command.place);
  if (!one) return no("STALE_STEP", `${command.place} gave nothing in step ${command.step}`, "look again");
  return one.saved ? already() : yes({ ...command, type: "contribution_saved" });
}

export function losePlaces(state: State, command: Of<"lose_places">, now: number): Decision {
  const run = runs(state, command);
  if ("ok" in run) return run;
  const lose = run.collab.step === command.step ? lossesDue(state, run, (time) => time <= now) : [];
  return lose.length === 0 ? already() : yes(...lost(state, run, lose, now));
}

/** Who is lost takes part no more. The mode goes on with those who are left, or the attempt is over. */
export function lost(
  state: State,
  { task, mode, collab }: Running,
  lose: readonly { readonly place: string; readonly why: string }[],
  now: number,
): readonly Event[] {
  const why = new Map(lose.map((one) => [one.place, one.why]));
  const places = collab.places.map((one) => ({ ...one, lost: one.lost ?? why.get(one.place) ?? null }));
  const events = collab.places.flatMap(({ place, seat }): Event[] => {
    const because = why.get(place);
    return because === undefined ? [] : [{ type: "place_lost", task: task.id, attempt: task.attempt, place, seat, why: because }];
  });
  const broken = mode.broken({ ...collab, places });
  if (broken === null) return events;
  const last = [...why].map(([place, because]) => `${place}: ${because}`).join("; ");
  return [...events, ...reopen(state, task, now, { result: "lapsed", why: `done together, ${broken} (${last})`, keep: false })];
}

export function endStep(state: State, command: Of<"end_step">, now: number): Decision {
  const run = runs(state, command);
  if ("ok" in run) return run;
  const { task, spec, mode, collab } = run;
  if (collab.step !== command.step || !isStepOver(collab)) return no("NOT_READY", `step ${command.step} is not over`, "look again", true);
  const end = stepEnd(mode, spec, collab);
  const { gate: _, ...to } = { gate: undefined, ...end };
  const ended: Event = { type: "step_ended", task: task.id, attempt: task.attempt, step: collab.step, to };
  if ("gate" in end) return yes(ended, question(state, run, end, now));
  return yes(ended, ...("done" in end ? withoutLead(state, run, now) : []));
}

/** Nobody is there to make the result: the next attempt does, with all that was made. */
const withoutLead = (state: State, { task, collab }: Running, now: number): readonly Event[] =>
  leadOf(collab).lost === null
    ? []
    : reopen(state, task, now, { result: "lapsed", why: `done together, ${leadOf(collab).place} was lost before the result`, keep: false });

function question(state: State, { task, collab }: Running, { gate, then }: Extract<StepEnd, { gate: string }>, now: number): Event {
  const { round } = collab.cursor;
  const votes = collab.given.flatMap(({ step, place, vote }) => (step === collab.step && vote !== null ? [`${place} ${vote}`] : []));
  const said = votes.length === 0 ? "" : ` Votes: ${votes.join(", ")}.`;
  const on = then === null ? "let the lead make the result" : `go on with ${then.phase} of round ${then.round}`;
  return openGate(state, now, "mode", {
    title: gate === "blocked" ? `${task.id}: a vote says blocked` : `${task.id}: round ${round} is over`,
    question: `${task.id} "${task.title}" is done together (${task.mode?.kind}, round ${round} of ${collab.rounds}).${said} Go_on: ${on}; another_round; or give_up the task?`,
    options: ["go_on", "another_round", "give_up"],
    task: task.id,
  });
}

/** What a person's answer does: yes, one more round, or the end of the task. */
export function modeAnswered(state: State, gate: Gate, answer: string, now: number): readonly Event[] {
  const task = gate.task === null ? undefined : state.tasks.get(gate.task);
  const run = runningOf(task);
  if (!task || !run?.collab.asked) return [];
  if (answer === "give_up") return failTask(state, task, `given up at gate ${gate.id}`);
  const { then, more } = run.collab.asked;
  const to = answer === "another_round" ? more : then;
  const resumed: Event = { type: "collab_resumed", task: task.id, attempt: task.attempt, gate: gate.id, to };
  return [resumed, ...(to === null ? withoutLead(state, run, now) : [])];
}
