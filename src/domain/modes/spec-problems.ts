/** What is wrong with the mode a plan asks for, before anything is started for it. */
import type { State, TaskSpec } from "../model.ts";
import { scalingOf } from "../scaling.ts";
import { MODES } from "./index.ts";
import { type Mode, type ModeSeat, type ModeSpec, rowOf } from "./mode.ts";
import { assignment, mayTake } from "./recruit.ts";

const PLACE = /^[a-z][a-z0-9_]{0,19}$/;
const ROUNDS = 10;

export function modeProblems(state: Readonly<State>, { id, role, human, mode: spec }: TaskSpec): readonly string[] {
  if (spec === undefined) return [];
  if (human) return [`${id} is done by a person, and has a mode for agents`];
  if (!Object.hasOwn(MODES, spec.kind))
    return [`${id} asks for the mode ${JSON.stringify(spec.kind)}; there are ${Object.keys(MODES).join(", ")}`];
  const mode = MODES[spec.kind];
  const found = [...shape(mode, spec), ...numbers(spec)];
  if (spec.seats[0] && spec.seats[0].role !== role)
    found.push(`its first seat leads and has to have the task's role ${role}, not ${spec.seats[0].role}`);
  if (found.length === 0) found.push(...nobody(state, mode, spec));
  return found.map((problem) => `${id}, mode ${spec.kind}: ${problem}`);
}

function shape({ kind, seats: { least, most } }: Mode, { seats, convergence }: ModeSpec): string[] {
  const found: string[] = [];
  if (seats.length < least || seats.length > most)
    found.push(`it takes ${least === most ? least : `${least} to ${most}`} seats, the plan names ${seats.length}`);
  const names = seats.map(({ place }) => place);
  if (new Set(names).size !== names.length) found.push("two seats have the same place");
  const odd = names.find((name) => !PLACE.test(name));
  if (odd !== undefined) found.push(`${JSON.stringify(odd).slice(0, 40)} is no name of a place (small letters, digits, _)`);
  if (kind === "circling" && convergence === "metric") found.push("a metric does not end it; its votes do");
  return found;
}

function numbers({ rounds, share, stepMinutes }: ModeSpec): string[] {
  const found: string[] = [];
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds >= 1 && rounds <= ROUNDS)) found.push(`rounds is 1 to ${ROUNDS}`);
  if (share !== undefined && !(share > 0.5 && share <= 1)) found.push("share is above 0.5, at most 1");
  if (stepMinutes !== undefined && !(stepMinutes > 0 && stepMinutes <= 24 * 60)) found.push("stepMinutes is at most a day");
  return found;
}

/** Whether the team could ever fill its places, with whoever may still join by themselves. Never with fewer. */
function nobody(state: Readonly<State>, mode: Mode, spec: ModeSpec): string[] {
  const active = [...state.seats.values()].filter(({ status }) => status === "active");
  if (assignment(spec, (seat) => active.filter((one) => mayTake(mode, spec, seat, one)).map((one) => one.seat))) return [];
  const joins = (seat: ModeSeat): boolean =>
    scalingOf(state).max.swarm !== null && scalingOf(state).grows.some((one) => mayTake(mode, spec, seat, { ...one, own: one }));
  const lacking = spec.seats.filter((seat) => !joins(seat));
  const short =
    lacking.length > 0 &&
    !assignment({ ...spec, seats: lacking }, (seat) => active.filter((one) => mayTake(mode, spec, seat, one)).map((one) => one.seat));
  if (!short) return [];
  const wanted = spec.seats.map((seat) => `${seat.place}: ${seat.role}${seat.provider === undefined ? "" : ` on ${seat.provider}`}`);
  return [`this team has no ${spec.seats.length} different agents for ${wanted.join(", ")}${writersNote(mode, spec)}; spawn_role adds one`];
}

function writersNote(mode: Mode, spec: ModeSpec): string {
  const places = spec.seats.map(({ place }) => ({ place, seat: "" as never, lost: null }));
  const writes = spec.seats.filter(({ place }) =>
    mode.rows.some(({ phase, writes }) => writes && rowOf(mode, { places }, { round: 1, phase }, place)?.writes),
  );
  return writes.length === spec.seats.length ? " (all of them write, so all are workers)" : "";
}
