import { limitsOf } from "../../config/effective.ts";
import { DEFAULT_CONFIG } from "../../config/schema.ts";
import { amount } from "../../domain/budget.ts";
import { type Caps, MEASURES } from "../../domain/limits.ts";
import { type Scaling, scalingOf } from "../../domain/scaling.ts";
import { endsAfter, idleTurnsOf } from "../../domain/supervision.ts";
import { type DoctorCheck, ok, warn } from "./check.ts";

const minutes = (ms: number): string => `${Math.round(ms / 6_000) / 10} min`;

/** What stops a session or a swarm by itself, and what it may grow to. */
export const budgets: DoctorCheck = async ({ settings }) => {
  const limits = limitsOf(settings === null || settings instanceof Error ? DEFAULT_CONFIG : settings.config);
  const { workers, attempts, rounds, turns, sessionMs, supervision } = limits;
  const silence = endsAfter(supervision);
  const session = `a session ends after ${minutes(sessionMs)}${silence === null ? "" : `, ${minutes(silence)} of silence`} or ${turns} turns, ${idleTurnsOf(supervision) + 1} in a row without progress`;
  const caps = (["swarm", "day", "task", "agent"] as const).flatMap((scope) => capsOf(scope, limits.budgets[scope]));
  const rest = `${workers} workers, ${attempts} attempts and ${rounds} reviews per task; ${session}`;
  const money = [limits.budgets.swarm, limits.budgets.day].some(({ usd, tokens }) => usd !== null || tokens !== null);
  return [
    ok("limits", rest),
    ok("scaling", scalingWords(scalingOf({ limits }))),
    money
      ? ok("budgets", caps.join(", "))
      : warn(
          "budgets",
          "budgets-none",
          `${caps.length === 0 ? "no caps" : caps.join(", ")}: nothing limits what a swarm may spend`,
          "set budgets.swarm.usd or budgets.day.usd in .skep/config.yaml",
        ),
  ];
};

/** Whether swarms grow by themselves, and what agents there may be however they come. */
function scalingWords({ max, perTick, coolDownMs, idleMs }: Scaling): string {
  const caps = [...Object.entries(max.roles), ...Object.entries(max.providers)].map(([name, most]) => `${most} ${name}`);
  const grows =
    max.swarm === null
      ? "off: nobody joins by themselves"
      : `grows to ${max.swarm} agents, ${perTick} within ${minutes(coolDownMs)}, back after ${minutes(idleMs)} without work`;
  return caps.length === 0 ? grows : `${grows}; at most ${caps.join(", ")}`;
}

const capsOf = (scope: string, caps: Caps): readonly string[] =>
  MEASURES.flatMap((what) => {
    const cap = caps[what];
    return cap === null || cap === undefined ? [] : [`${amount(what, cap)} a ${scope}`];
  });
