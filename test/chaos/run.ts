/**
 * Plays the rounds of a plan, and goes on with plans of following seeds until so many processes were killed. The first round
 * that fails ends it: its faults are made fewer while it still fails.
 */

import { rmSync } from "node:fs";
import path from "node:path";
import { systemClock } from "../../src/base/clock.ts";
import { type FaultKind, isDeath, type Plan, planOf, type Round } from "./plan.ts";
import { type Report, reportOf } from "./report.ts";
import { type Outcome, playRound } from "./round.ts";
import { shrink } from "./shrink.ts";
import { install } from "./stage.ts";

export interface ChaosOrder {
  readonly seed: number;
  readonly kills: number;
  readonly only?: FaultKind | null;
  /** Rounds at the same time. */
  readonly jobs?: number;
  /** Instead of a plan: these rounds and no others. */
  readonly replay?: readonly Round[];
  readonly shrinkMs?: number;
  readonly say?: (line: string) => void;
}
export interface Failure {
  readonly round: Round;
  readonly outcome: Outcome;
  /** With fewer faults, failing too. */
  readonly smaller: Round;
}
export interface ChaosResult {
  readonly report: Report;
  readonly failure: Failure | null;
}

const SHRINK_MS = 5 * 60_000;

export async function chaos(order: ChaosOrder): Promise<ChaosResult> {
  const { seed, jobs = 1, shrinkMs = SHRINK_MS, say = () => undefined } = order;
  const begun = systemClock.monotonic();
  const program = await install();
  const outcomes: Outcome[] = [];
  let failed: { round: Round; outcome: Outcome } | null = null;
  try {
    const rounds = roundsOf(order, () => order.kills - killsOf(outcomes));
    const work = async (): Promise<void> => {
      for (let next = rounds.next(); !next.done && failed === null; next = rounds.next()) {
        const round = next.value;
        const outcome = await playRound(program, round);
        outcomes.push(outcome);
        say(lineOf(outcomes, outcome));
        if (outcome.problems.length > 0) failed ??= { round, outcome };
      }
    };
    await Promise.all(Array.from({ length: jobs }, work));
    const failure = failed === null ? null : await smallest(program, failed, shrinkMs, say);
    return { report: reportOf(seed, outcomes, systemClock.monotonic() - begun), failure };
  } finally {
    rmSync(path.resolve(program, "../.."), { recursive: true, force: true });
  }
}

const killsOf = (outcomes: readonly Outcome[]): number =>
  outcomes.flatMap(({ struck }) => struck).filter(({ fault }) => isDeath(fault)).length;

/** Some faults find nothing to happen to: then there are more rounds. */
function* roundsOf({ seed, kills, only = null, replay }: ChaosOrder, left: () => number): Generator<Round> {
  if (replay) return yield* replay;
  // Faults of these kinds kill nobody: as many of them, and that is all.
  if (only !== null && only !== "kill" && only !== "failpoint") return yield* planOf(seed, kills, only).rounds;
  for (let n = 0; left() > 0; n++) {
    const plan: Plan = planOf(seed + n, n === 0 ? kills : left(), only);
    for (const round of plan.rounds) {
      if (left() <= 0) return;
      yield round;
    }
  }
}

/** The rounds race with the machine: one that fails once is tried twice before its faults count as not needed. */
async function smallest(
  program: string,
  { round, outcome }: { readonly round: Round; readonly outcome: Outcome },
  ms: number,
  say: (line: string) => void,
): Promise<Failure> {
  const deadline = systemClock.monotonic() + ms;
  const more = (): boolean => systemClock.monotonic() < deadline;
  const fails = async (blows: Round["blows"]): Promise<boolean> => {
    for (let tries = 0; tries < 2 && more(); tries++) {
      const again = await playRound(program, { ...round, blows });
      if (again.dir !== null) rmSync(again.dir, { recursive: true, force: true });
      if (again.problems.length > 0) {
        say(`  fails with ${blows.length} faults: ${again.problems[0]}`);
        return true;
      }
    }
    return false;
  };
  const blows = more() ? await shrink(round.blows, fails, more) : round.blows;
  return { round, outcome, smaller: { ...round, blows } };
}

function lineOf(outcomes: readonly Outcome[], { struck, missed, status, acked, commits, ms, problems }: Outcome): string {
  const did = struck.map(({ did: what }) => what).join(", ");
  const end = `${status ?? "not ended"}, ${commits} commits, ${acked.commands + acked.letters} acknowledged, ${(ms / 1_000).toFixed(1)} s`;
  const wrong = problems.map((problem) => `\n  WRONG ${problem}`).join("");
  return `round ${outcomes.length}: ${end}; ${struck.length} faults (${missed.length} missed): ${did}; ${killsOf(outcomes)} kills so far${wrong}`;
}
