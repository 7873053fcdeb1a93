/** One writes, the others read its work and say what is wrong with it, until they are content. */
import { alive, convergenceOf, leadOf, type Mode, resultRow } from "./mode.ts";
import { hasConverged } from "./votes.ts";

export const review: Mode & { readonly kind: "review" } = {
  kind: "review",
  title: "a leader and its reviewers",
  seats: { least: 2, most: 6 },
  rows: [
    {
      phase: "write",
      who: "lead",
      writes: true,
      makes: [],
      later: ["judgements"],
      votes: false,
      sees: [{ what: "findings", of: "others", from: "last", since: 2 }],
      stands: "lead",
      asks: "Do the task. From the second round on judge every finding: ACCEPT and mend it, MODIFY it, or REJECT it, each with the reason.",
    },
    {
      phase: "review",
      who: "others",
      writes: false,
      makes: ["findings"],
      votes: true,
      sees: [
        { what: "work", of: "lead", from: "last", required: true },
        { what: "judgements", of: "lead", from: "round", since: 2, required: true },
      ],
      stands: "lead",
      asks: "Read the leader's work in your worktree and run what shows whether it is right. List what is wrong, none when nothing is. Vote converged when it may be handed in.",
    },
    resultRow({
      sees: [{ what: "findings", of: "others", from: "round" }],
      stands: "lead",
      asks: "Make the result of it.",
    }),
  ],
  begin: () => ({ round: 1, phase: "write" }),
  again: ({ cursor }) => ({ round: cursor.round + 1, phase: "write" }),
  after(spec, collab) {
    const { round, phase } = collab.cursor;
    if (phase === "write") return { go: { round, phase: "review" }, asks: null };
    if (convergenceOf(spec) === "metric") return { done: "metric", asks: 2 };
    if (hasConverged(review, spec, collab)) return { done: "converged", asks: 2 };
    return round >= collab.rounds ? { done: "rounds", asks: 2 } : { go: review.again(collab), asks: 3 };
  },
  broken: (collab) =>
    leadOf(collab).lost !== null ? "its leader is lost" : alive(collab).length < 2 ? "none of its reviewers is left" : null,
};
