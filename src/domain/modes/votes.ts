/** What the votes of a round come to. A missing vote is none: it blocks unanimity and counts in no majority. */
import { type Collab, type Contribution, convergenceOf, DEFAULTS, type Mode, type ModeSpec, rowOf } from "./mode.ts";

/** Votes are of a round and a phase: where one works after the other, of all turns of the round. */
const ballots = ({ given, cursor }: Readonly<Collab>): readonly Contribution[] =>
  given.filter((one) => one.cursor.round === cursor.round && one.cursor.phase === cursor.phase);

export const isBlocked = (collab: Readonly<Collab>): boolean => ballots(collab).some(({ vote }) => vote === "blocked");

/** The quorum counts those who were recruited: the loss of a place never makes a vote easier. */
export function hasConverged(mode: Mode, spec: ModeSpec, collab: Readonly<Collab>): boolean {
  const { round, phase } = collab.cursor;
  const voters = collab.places.filter(({ place }) => rowOf(mode, collab, { round, phase }, place)?.votes === true);
  const cast = ballots(collab).filter(({ vote }) => vote !== null);
  const quorum = cast.length * 2 > voters.length;
  const agreed = cast.filter(({ vote }) => vote === "converged").length;
  const how = convergenceOf(spec);
  if (!quorum || how === "rounds" || how === "metric") return false;
  // Who left after a vote is not waited for, and what they said still counts.
  const silent = voters.some(({ place, lost }) => lost === null && !cast.some((one) => one.place === place));
  if (how === "unanimous") return agreed === cast.length && !silent;
  return agreed / cast.length >= (spec.share ?? DEFAULTS.share);
}
