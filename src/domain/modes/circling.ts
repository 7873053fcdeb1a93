/**
 * A worker and two reviewers who do not see the same things: strategy before sight, findings before reasons, reasons before
 * the next look. `rows` is the information matrix.
 */
import { alive, leadOf, type Mode, resultRow } from "./mode.ts";
import { hasConverged } from "./votes.ts";

export const circling: Mode & { readonly kind: "circling" } = {
  kind: "circling",
  title: "a worker circled by two reviewers",
  seats: { least: 3, most: 3 },
  rows: [
    {
      phase: "init",
      who: "lead",
      writes: true,
      makes: [],
      votes: false,
      sees: [],
      stands: "start",
      asks: "Make a first version of the whole.",
    },
    {
      phase: "init",
      who: "others",
      writes: false,
      makes: ["strategy"],
      votes: false,
      sees: [],
      stands: "start",
      asks: "Say how you will review this task: what could go wrong, and how you would see it. The work itself is not there yet.",
    },
    {
      phase: "analyse",
      who: "lead",
      writes: false,
      makes: ["analysis"],
      votes: false,
      sees: [
        { what: "strategy", of: "others", from: "last", required: true },
        { what: "findings", of: "others", from: "last", since: 2 },
      ],
      stands: "lead",
      asks: "Change nothing yet. Analyse your work against what the reviewers look for, and from the second round on against what they found.",
    },
    {
      phase: "analyse",
      who: "others",
      writes: false,
      makes: ["findings"],
      votes: false,
      sees: [
        { what: "work", of: "lead", from: "last", required: true },
        { what: "judgements", of: "lead", from: "last", since: 2, required: true },
      ],
      stands: "lead",
      asks: "Review the work in your worktree by your strategy. List what is wrong with place, impact and what to do; none when nothing is.",
    },
    {
      phase: "refine",
      who: "lead",
      writes: true,
      makes: ["judgements"],
      votes: true,
      sees: [{ what: "findings", of: "others", from: "round", required: true }],
      stands: "lead",
      asks: "Judge every finding, ACCEPT, REJECT or MODIFY, with the reason, and change the work accordingly. Vote converged when nothing is left.",
    },
    {
      phase: "refine",
      who: "others",
      writes: false,
      makes: ["strategy"],
      votes: true,
      sees: [
        { what: "work", of: "lead", from: "last" },
        { what: "analysis", of: "lead", from: "round", required: true },
        { what: "findings", of: "others", from: "round" },
      ],
      // What they reviewed a step ago; what the worker makes of their findings is not there yet.
      stands: "lead",
      asks: "Refine your strategy with the worker's reasons and the other reviewer's findings. Vote converged when you expect nothing more to be found.",
    },
    {
      phase: "final",
      who: "lead",
      writes: true,
      makes: ["completion"],
      votes: true,
      sees: [],
      stands: "lead",
      asks: "Bring the work to its end and tick off, point by point, what the task asks for. Vote converged, or blocked when it must not be handed in.",
    },
    {
      phase: "final",
      who: "others",
      writes: false,
      makes: [],
      votes: true,
      sees: [{ what: "work", of: "lead", from: "last", required: true }],
      stands: "lead",
      asks: "Sign off: look at the work as a whole once more. Vote converged, or blocked when it must not be handed in; your summary says why.",
    },
    resultRow({
      sees: [
        { what: "completion", of: "all", from: "round" },
        { what: "notes", of: "others", from: "last" },
      ],
      stands: "lead",
      asks: "Hand it in.",
    }),
  ],
  begin: () => ({ round: 1, phase: "init" }),
  again: ({ cursor }) => ({ round: cursor.round + 1, phase: "analyse" }),
  after(spec, collab) {
    const { round, phase } = collab.cursor;
    switch (phase) {
      case "init":
        return { go: { round: 1, phase: "analyse" }, asks: null };
      case "analyse":
        return { go: { round, phase: "refine" }, asks: null };
      case "refine":
        return hasConverged(circling, spec, collab) || round >= collab.rounds
          ? { go: { round, phase: "final" }, asks: 2 }
          : { go: circling.again(collab), asks: 3 };
      default:
        return { done: hasConverged(circling, spec, collab) ? "converged" : "rounds", asks: null };
    }
  },
  broken: (collab) =>
    leadOf(collab).lost !== null ? "its worker is lost" : alive(collab).length < 2 ? "none of its reviewers is left" : null,
};
