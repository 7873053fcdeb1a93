/** One after the other: each sees what came before and goes on from the files as they were left. */
import { alive, type Collab, type Cursor, convergenceOf, type Mode, resultRow } from "./mode.ts";
import { hasConverged } from "./votes.ts";

export const sequential: Mode & { readonly kind: "sequential" } = {
  kind: "sequential",
  title: "in turn",
  seats: { least: 2, most: 6 },
  rows: [
    {
      phase: "turn",
      who: "each",
      writes: true,
      makes: [],
      votes: true,
      sees: [{ what: "notes", of: "all", from: "last" }],
      stands: "newest",
      asks: "It is your turn: your worktree holds what those before you left. Bring it further, and say what is still to be done. Vote converged when nothing is.",
    },
    resultRow({
      sees: [{ what: "notes", of: "all", from: "last" }],
      stands: "newest",
      asks: "Make one result of it.",
    }),
  ],
  begin: (collab) => turn(1, alive(collab)[0]?.place),
  again: (collab) => turn(collab.cursor.round + 1, alive(collab)[0]?.place),
  after(spec, collab) {
    const next = following(collab);
    if (next !== undefined) return { go: turn(collab.cursor.round, next), asks: null };
    if (convergenceOf(spec) === "metric") return { done: "metric", asks: 2 };
    if (hasConverged(sequential, spec, collab)) return { done: "converged", asks: 2 };
    return collab.cursor.round >= collab.rounds ? { done: "rounds", asks: 2 } : { go: sequential.again(collab), asks: 3 };
  },
  broken: (collab) => (alive(collab).length < 2 ? "fewer than two of its places are left" : null),
};

const turn = (round: number, place: string | undefined): Cursor => ({ round, phase: "turn", ...(place === undefined ? {} : { place }) });

/** The next in the order that is still there. One that is lost is passed over, its loss is on record. */
function following({ places, cursor }: Readonly<Collab>): string | undefined {
  const at = places.findIndex(({ place }) => place === cursor.place);
  return places.slice(at + 1).find(({ lost }) => lost === null)?.place;
}
