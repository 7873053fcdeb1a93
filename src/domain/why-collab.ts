/** Why a task that several do together stands where it stands: it waits for its agents, or for somebody's part of a step. */
import { isStepOver, openTurns, runningOf } from "./collab.ts";
import { isFree } from "./collab-seats.ts";
import { inline, listed } from "./foreign.ts";
import { asked } from "./gate.ts";
import type { Seat, Task } from "./model.ts";
import { MODES } from "./modes/index.ts";
import { alive } from "./modes/mode.ts";
import { mayTake } from "./modes/recruit.ts";
import { agentBecause, holdBecause } from "./why-agent.ts";
import {
  type Because,
  because,
  effectBecause,
  gateBecause,
  moving,
  openGateBecause,
  owedFor,
  type Scene,
  standstill,
} from "./why-scene.ts";
import { EXAMINE } from "./why-step.ts";

/** Of one whose mode runs; null: it does not. */
export function togetherBecause(scene: Scene, task: Readonly<Task>): Because | null {
  const { state } = scene;
  const run = runningOf(task);
  if (!run) return null;
  const gate = openGateBecause(scene, task.gate);
  if (gate) return gate;
  const { collab } = run;
  if (isDue(scene, task)) return moving(`its step ${collab.step} begins, ends, or loses a place`);
  const saves = owedFor(scene, "save_contribution", (effect) => effect.task === task.id);
  if (saves) return effectBecause(scene, saves);
  const stopped = standstill(scene);
  const who = openTurns(collab).length > 0 ? openTurns(collab).map(({ place }) => place) : alive(collab).map(({ place }) => place);
  const seats = collab.places.flatMap(({ place, seat }) => (who.includes(place) ? (state.seats.get(seat) ?? []) : []));
  if (collab.stage === "working" && !isStepOver(collab)) return partsBecause(scene, seats);
  return stopped ?? waitsFor(scene, task, seats) ?? because("unexplained", "its next step does not begin", EXAMINE);
}

const isDue = ({ reaction }: Scene, { id }: Readonly<Task>): boolean =>
  reaction.due.some(
    (command) => (command.type === "begin_step" || command.type === "end_step" || command.type === "lose_places") && command.task === id,
  );

/** Of those whose part is missing: one that does not move says more than one that does. */
function partsBecause(scene: Scene, seats: readonly Readonly<Seat>[]): Because {
  const all = seats.map((seat) => ({ seat, why: agentBecause(scene, seat) }));
  const still = all.find(({ why }) => why.code !== "moving") ?? all[0];
  if (!still) return because("unexplained", "nobody has a part in its step", EXAMINE);
  return { ...still.why, text: `${still.seat.seat} ${still.why.text}` };
}

/** Of one that waits to be begun together. */
export function assemblyBecause(scene: Scene, task: Readonly<Task>, joins: Because | null): Because {
  const { state, reaction } = scene;
  if (reaction.due.some((command) => command.type === "begin_collab" && command.task === task.id)) return moving("is begun together");
  if (joins) return joins;
  const stopped = standstill(scene);
  if (stopped) return stopped;
  const { mode: spec } = task;
  const able = (seat: Seat): boolean => spec?.seats.some((wanted) => mayTake(MODES[spec.kind], spec, wanted, seat)) === true;
  const seats = [...state.seats.values()].filter((seat) => seat.status === "active" && able(seat));
  const lacking = spec?.seats.find((wanted) => !seats.some((seat) => mayTake(MODES[spec.kind], spec, wanted, seat)));
  if (lacking || seats.length < (spec?.seats.length ?? 0)) return lacks(task, lacking?.role);
  return waitsFor(scene, task, seats) ?? because("together", "waits until all of its agents are free at once");
}

function lacks({ mode: spec, role }: Readonly<Task>, missing: string | undefined): Because {
  const wanted = listed(
    (spec?.seats ?? []).map((seat) => inline(`${seat.place} ${seat.role}${seat.provider ? ` on ${seat.provider}` : ""}`, 60)),
    6,
  );
  return because("no_seat", `is done together by ${wanted}, and the team has not that many`, { do: "spawn", role: missing ?? role });
}

/** The first that is not free; several may be. */
function waitsFor(scene: Scene, task: Readonly<Task>, seats: readonly Readonly<Seat>[]): Because | null {
  const { state, now } = scene;
  const busy = seats.filter((seat) => !isFree(state, seat, task, now));
  const holds = busy.map((seat) => seatHeld(scene, task, seat));
  const first = holds.find(({ code }) => code !== "seat_busy") ?? holds[0];
  if (!first) return null;
  if (first.code !== "seat_busy") return first;
  const who = listed(
    holds.map(({ text }) => text),
    3,
  );
  return because("together", `waits for all of its agents at once: ${who}`, first.next);
}

/** Questions and saved work keep an agent from a part as well. */
function seatHeld(scene: Scene, task: Readonly<Task>, seat: Readonly<Seat>): Because {
  const { state } = scene;
  const question = seat.session === null ? asked(state, seat.seat) : null;
  if (question) return gateBecause(scene, question);
  const save = owedFor(scene, "save_work", (effect) => effect.seat === seat.seat);
  if (save && seat.session === null)
    return because("together", `the last work of ${seat.seat} is saved first`, effectBecause(scene, save).next);
  return seat.collab && seat.collab !== task.id && seat.session === null && seat.gate === null
    ? because("seat_busy", `${seat.seat} has a part in ${seat.collab}`)
    : holdBecause(scene, seat);
}
