/** The figures of a run: what was done to the product, what it promised meanwhile, and what became of that. */
import { FAILPOINTS } from "./all-failpoints.ts";
import { isDeath } from "./plan.ts";
import type { Outcome } from "./round.ts";

export interface Report {
  readonly seed: number;
  readonly rounds: number;
  readonly ended: Readonly<Record<string, number>>;
  /** Processes killed by a fault: from outside, or at a failpoint. */
  readonly kills: number;
  readonly struck: Readonly<Record<string, number>>;
  readonly missed: number;
  readonly failpoints: { readonly all: number; readonly met: number; readonly struck: number; readonly never: readonly string[] };
  readonly acknowledged: { readonly commands: number; readonly letters: number };
  readonly lost: number;
  readonly commits: number;
  readonly problems: number;
  readonly seconds: number;
}

export function reportOf(seed: number, outcomes: readonly Outcome[], ms: number): Report {
  const struck = outcomes.flatMap((outcome) => outcome.struck);
  const met = new Set(outcomes.flatMap((outcome) => [...outcome.met]));
  const points = new Set(struck.flatMap(({ fault }) => (fault.kind === "failpoint" ? [fault.point] : [])));
  const sum = (of: (outcome: Outcome) => number): number => outcomes.reduce((total, outcome) => total + of(outcome), 0);
  return {
    seed,
    rounds: outcomes.length,
    ended: tally(outcomes.map(({ status }) => status ?? "not ended")),
    kills: struck.filter(({ fault }) => isDeath(fault)).length,
    struck: tally(struck.map(({ fault, did }) => (fault.kind === "failpoint" ? `failpoint ${fault.act}` : did.replace(/-?\d+$/, "step")))),
    missed: sum(({ missed }) => missed.length),
    failpoints: { all: FAILPOINTS.length, met: met.size, struck: points.size, never: FAILPOINTS.filter((point) => !met.has(point)) },
    acknowledged: { commands: sum(({ acked }) => acked.commands), letters: sum(({ acked }) => acked.letters) },
    lost: sum(({ lost }) => lost),
    commits: sum(({ commits }) => commits),
    problems: sum(({ problems }) => problems.length),
    seconds: Math.round(ms / 1_000),
  };
}

function tally(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
