/**
 * The checks of a submission on a person's own change, in their own checkout, which is only looked at. Config, roles and rules
 * are those of HEAD: in their own repository a person is not judged by what they have not committed.
 */
import type { CheckResult, Submission } from "../checks/check.ts";
import { CHECKS } from "../checks/index.ts";
import { runChecks } from "../checks/run-checks.ts";
import { changedPaths } from "../git/changes.ts";
import type { Checkout, OwnChange } from "../git/own-change.ts";
import { commitOf } from "../git/refs.ts";
import { cleanEnv } from "../proc/env.ts";
import { checkOrders } from "./check-orders.ts";
import { readBaseSettings } from "./settings.ts";

export interface OwnCheckOrder {
  readonly change: OwnChange;
  /** Globs the change has to keep to; null: any file. */
  readonly files: readonly string[] | null;
  /** Also run the project's programs, on the checkout as it stands. */
  readonly programs: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Made for work in a swarm alone: there is no branch to merge into, and no base to measure at. */
const SWARM_ONLY: ReadonlySet<string> = new Set(["merge-preview", "metric", "required-outputs"]);

export async function runOwnChecks(
  place: Checkout,
  { change, files, programs, env, signal }: OwnCheckOrder,
): Promise<readonly CheckResult[]> {
  const { base, sha } = change;
  const paths = await changedPaths(place.commonDir, base, sha);
  const head = (await commitOf(place.root, "HEAD")) ?? base;
  const settings = await readBaseSettings({ root: place.root, base: head, team: null, env, flags: {} });
  const orders = checkOrders(settings, { role: "", files: files ?? paths }).filter(({ check }) => {
    if (SWARM_ONLY.has(check)) return false;
    if (check === "scope") return files !== null;
    return programs || CHECKS[check]?.runsPrograms !== true;
  });
  const about: Submission = {
    task: "own",
    worktree: place.root,
    ...{ base, sha, tip: base, paths, files: files ?? ["**"] },
    env: cleanEnv(env),
    signal,
    place: () => Promise.reject(new Error("a person's own checkout is never moved")),
  };
  return runChecks(about, orders);
}
