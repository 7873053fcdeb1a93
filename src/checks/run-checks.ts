/** Runs the checks a submission has to pass. Whatever goes wrong in one is a finding that blocks, never a pass. */
import { sleep, systemClock } from "../base/clock.ts";
import { describeError, quote } from "../base/errors.ts";
import { diffOf } from "./change-diff.ts";
import type { Change, Check, CheckResult, Submission } from "./check.ts";
import { blocking, result } from "./finding.ts";
import { CHECKS } from "./index.ts";

export interface CheckOrder {
  readonly check: string;
  /** What config or a role gives it; validated by the check. */
  readonly options: unknown;
}

const LIMIT_MS = 120_000;
/** For a check to notice that its time is over. */
const GRACE_MS = 5_000;

/**
 * Results in the order of `orders`. Those that run programs come last: the tests of a submission are an agent's code, and could
 * change the worktree the others look into. Throws only when `submission.signal` aborts: a run cut short has no result.
 */
export async function runChecks(
  submission: Submission,
  orders: readonly CheckOrder[],
  checks: Readonly<Record<string, Check>> = CHECKS,
): Promise<readonly CheckResult[]> {
  const { worktree, base, sha } = submission;
  const change: Change = { ...submission, diff: diffOf(worktree, base, sha) };
  const results = new Map<CheckOrder, CheckResult>();
  const runsPrograms = (order: CheckOrder): boolean => checks[order.check]?.runsPrograms ?? false;
  for (const order of [...orders.filter((one) => !runsPrograms(one)), ...orders.filter(runsPrograms)]) {
    change.signal.throwIfAborted();
    const started = systemClock.monotonic();
    const outcome = await runCheck(change, order, checks[order.check]);
    change.signal.throwIfAborted();
    results.set(order, { ...outcome, ms: Math.round(systemClock.monotonic() - started) });
  }
  return orders.flatMap((order) => results.get(order) ?? []);
}

async function runCheck(change: Change, order: CheckOrder, check: Check | undefined): Promise<CheckResult> {
  const fail = (why: string): CheckResult => {
    const fix = "This is not about your change: say so in task_release, or ask the human.";
    return result(order.check, change, order.options, [blocking(order.check, `CHECK_FAILED: ${why}`, fix)]);
  };
  if (!check) return fail(`there is no check ${quote(order.check)}`);
  const timeUp = new AbortController();
  const done = new AbortController();
  try {
    const options = check.options.parse(order.options);
    const limit = check.limitMs?.(options) ?? LIMIT_MS;
    const cancel = systemClock.after(limit, () => timeUp.abort());
    const signal = AbortSignal.any([change.signal, timeUp.signal]);
    try {
      const overdue = sleep(limit + GRACE_MS, done.signal).then(() => null);
      const outcome = await Promise.race([check.run({ ...change, signal }, options), overdue]);
      return outcome ?? fail(`it did not end within ${Math.round(limit / 1000)} s`);
    } finally {
      cancel();
    }
  } catch (error) {
    if (timeUp.signal.aborted) return fail("it took too long");
    return fail(`it could not run: ${quote(describeError(error), 300)}`);
  } finally {
    done.abort();
  }
}
