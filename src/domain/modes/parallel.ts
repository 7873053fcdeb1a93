/** All work at the same time, each on its own line; what a round brought is shared in the next. */
import { alive, convergenceOf, type Mode, resultRow } from "./mode.ts";
import { hasConverged } from "./votes.ts";

export const parallel: Mode & { readonly kind: "parallel" } = {
  kind: "parallel",
  title: "side by side",
  seats: { least: 2, most: 6 },
  rows: [
    {
      phase: "work",
      who: "each",
      writes: true,
      makes: [],
      votes: true,
      sees: [
        { what: "notes", of: "all", from: "last", since: 2 },
        { what: "work", of: "others", from: "last", since: 2 },
        { what: "work", of: "lead", from: "last", since: 2 },
      ],
      stands: "own",
      asks: "Do the task on your own line. From the second round on take what is better in the others' work. Vote converged when one of the results stands as it is and the lead can hand it in.",
    },
    resultRow({
      sees: [
        { what: "notes", of: "all", from: "last" },
        { what: "work", of: "others", from: "last" },
      ],
      stands: "own",
      asks: "Make one result of it.",
    }),
  ],
  begin: () => ({ round: 1, phase: "work" }),
  again: ({ cursor }) => ({ round: cursor.round + 1, phase: "work" }),
  after(spec, collab) {
    if (convergenceOf(spec) === "metric") return { done: "metric", asks: 2 };
    if (hasConverged(parallel, spec, collab)) return { done: "converged", asks: 2 };
    return collab.cursor.round >= collab.rounds ? { done: "rounds", asks: 2 } : { go: parallel.again(collab), asks: 3 };
  },
  broken: (collab) => (alive(collab).length < 2 ? "fewer than two of its places are left" : null),
};
