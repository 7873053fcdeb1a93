/**
 * How several agents do one task. A mode is data and one pure function: its rows say who works in which phase, what each of
 * them writes, makes and is shown; `after` says what follows when a step is over. Nothing here knows sessions or time.
 */
import type { SeatId } from "../../base/ids.ts";
import type { Prose } from "../model.ts";

export type ModeKind = "parallel" | "sequential" | "review" | "circling";
export type Convergence = "unanimous" | "majority" | "metric" | "rounds";

/** As a plan states it. */
export interface ModeSpec {
  readonly kind: ModeKind;
  /** In this order; the first one leads: it makes the result and hands it in. */
  readonly seats: readonly ModeSeat[];
  /** Rounds at most. */
  readonly rounds?: number;
  /** What ends it before that. */
  readonly convergence?: Convergence;
  /** Of a majority: the share of valid votes that have to be for it. */
  readonly share?: number;
  /** How long each place has for its part of a step. */
  readonly stepMinutes?: number;
  /** 1: no gates but those of a blocked vote · 2: one before the end · 3: one after each round as well. */
  readonly tier?: 1 | 2 | 3;
}
export interface ModeSeat {
  /** A name inside the mode: `lead`, `b`, `security`. */
  readonly place: string;
  readonly role: string;
  /** Only a seat whose role asks for this provider will do. */
  readonly provider?: string;
}

export const DEFAULTS = { rounds: 3, share: 0.66, stepMinutes: 30, tier: 1 } as const;
/** A vote nobody has to win: the rounds are what was asked for. */
export const convergenceOf = ({ convergence, kind }: ModeSpec): Convergence =>
  convergence ?? (kind === "parallel" || kind === "sequential" ? "majority" : "unanimous");

/** What a contribution is made of. `work`: the files, as the commit skep made of them. */
export type Part = "notes" | "strategy" | "analysis" | "findings" | "judgements" | "completion" | "work";
export type Vote = "converged" | "continue" | "blocked";
export type Judged = "ACCEPT" | "REJECT" | "MODIFY";

/** Where a mode stands: `place` only where one works at a time. */
export interface Cursor {
  readonly round: number;
  readonly phase: string;
  readonly place?: string;
}

export type Who = "lead" | "others" | "each";
/** One cell of the information matrix. Whatever no rule names is not shown. */
export interface Rule {
  readonly what: Part;
  /** others: every place but the lead and oneself; all: every place, oneself too. */
  readonly of: "lead" | "others" | "all";
  /** last: the newest there is of each place; round: only of the present round. */
  readonly from: "last" | "round";
  /** Its absence is told. */
  readonly required?: true;
  /** From this round on. */
  readonly since?: number;
}
export interface Row {
  readonly phase: string;
  readonly who: Who;
  readonly writes: boolean;
  /** Beside notes, which everybody makes. */
  readonly makes: readonly Part[];
  /** Made from the second round on. */
  readonly later?: readonly Part[];
  readonly votes: boolean;
  readonly sees: readonly Rule[];
  /** Whose saved work the worktree begins with. */
  readonly stands: "own" | "lead" | "newest" | "start";
  /** What is asked for, as the briefing says it. */
  readonly asks: string;
}

/** Where every mode ends: its lead alone makes what is handed in. */
export const resultRow = (row: Pick<Row, "sees" | "stands" | "asks">): Row => ({
  ...{ phase: "result", who: "lead", writes: true, makes: [], votes: false },
  ...row,
});

export interface Place {
  readonly place: string;
  readonly seat: SeatId;
  /** Why it takes part no more. */
  lost: string | null;
}
/** Somebody's part of the step that runs. */
export interface Turn {
  readonly place: string;
  readonly writes: boolean;
  readonly makes: readonly Part[];
  readonly votes: boolean;
  until: number;
  /** Sessions that ended without a contribution. */
  lapses: number;
}
export interface Contribution {
  readonly step: number;
  readonly cursor: Cursor;
  readonly place: string;
  readonly vote: Vote | null;
  readonly confidence: number;
  readonly parts: readonly { readonly what: Part; readonly text: Prose }[];
  /** How many findings it has; their ids follow from place, step and number. */
  readonly findings: number;
  /** The files as they were left; `saved` false: the commit is still to be made. Null: nothing was changed. */
  sha: string | null;
  saved: boolean;
}

export type DoneBy = "converged" | "rounds" | "metric" | "person";
/** What follows a step. `asks`: from this tier on a person is asked first. */
export type After = { readonly go: Cursor; readonly asks: 2 | 3 | null } | { readonly done: DoneBy; readonly asks: 2 | null };

export interface Collab {
  readonly attempt: number;
  /** The commit it began at. */
  readonly start: string;
  readonly places: Place[];
  /** How many steps have begun. */
  step: number;
  cursor: Cursor;
  /** ready: the step of the cursor waits for its seats · gate: a person is asked · done: the lead makes the result. */
  stage: "ready" | "working" | "gate" | "done";
  turns: Turn[];
  given: Contribution[];
  /** Rounds at most; more where a person asked for one. */
  rounds: number;
  /** What follows the answer of a person. */
  asked: { readonly then: Cursor | null; readonly more: Cursor } | null;
  done: DoneBy | null;
}

export interface Mode {
  readonly kind: ModeKind;
  readonly title: string;
  readonly seats: { readonly least: number; readonly most: number };
  readonly rows: readonly Row[];
  begin(collab: Readonly<Collab>): Cursor;
  /** What follows the step of the cursor, once everybody's part of it is in or lost. */
  after(spec: ModeSpec, collab: Readonly<Collab>): After;
  /** A further round. */
  again(collab: Readonly<Collab>): Cursor;
  /** Why it cannot go on with those who are left; null: it can. */
  broken(collab: Readonly<Collab>): string | null;
}

export const leadOf = ({ places }: Pick<Collab, "places">): Place => places[0] as Place;
export const alive = ({ places }: Readonly<Pick<Collab, "places">>): readonly Place[] => places.filter(({ lost }) => lost === null);

/** The row of a place in a phase; null: it has no part in it. */
export function rowOf(mode: Mode, { places }: Readonly<Pick<Collab, "places">>, cursor: Cursor, place: string): Row | null {
  if (cursor.place !== undefined && cursor.place !== place) return null;
  const leads = leadOf({ places: places as Place[] }).place === place;
  return mode.rows.find(({ phase, who }) => phase === cursor.phase && (who === "each" || (who === "lead") === leads)) ?? null;
}

/** Who works in the step of the cursor. */
export function turnsOf(mode: Mode, collab: Readonly<Collab>, until: number): Turn[] {
  return alive(collab).flatMap(({ place }) => {
    const row = rowOf(mode, collab, collab.cursor, place);
    if (row === null) return [];
    const makes = [...row.makes, ...(collab.cursor.round > 1 ? (row.later ?? []) : [])];
    return [{ place, writes: row.writes, makes, votes: row.votes, until, lapses: 0 }];
  });
}

/** `b-3-1`: the first finding of place b in step 3. */
export const findingId = (place: string, step: number, n: number): string => `${place}-${step}-${n}`;
