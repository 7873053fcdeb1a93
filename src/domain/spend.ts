/** What work has cost: of a session, a task, an agent, a swarm, a day. */
import type { TurnUsage } from "./commands.ts";

export interface Spend {
  readonly usd: number;
  /** Input and output; what a cache served is not counted. */
  readonly tokens: number;
  readonly turns: number;
  /** Time in turns. */
  readonly ms: number;
}
export const NOTHING: Spend = { usd: 0, tokens: 0, turns: 0, ms: 0 };

export const plus = (a: Spend, b: Spend): Spend => ({
  usd: a.usd + b.usd,
  tokens: a.tokens + b.tokens,
  turns: a.turns + b.turns,
  ms: a.ms + b.ms,
});

/** One turn that began at `since`; null: nobody saw it begin. */
export const turnSpend = ({ usd, inputTokens, outputTokens }: TurnUsage, since: number | null, at: number): Spend => ({
  usd: usd ?? 0,
  tokens: inputTokens + outputTokens,
  turns: 1,
  ms: since === null ? 0 : Math.max(0, at - since),
});

const DAY_MS = 86_400_000;
/** Days are counted in UTC, so that every host of a project agrees. */
export const dayOf = (at: number): number => Math.floor(at / DAY_MS);
export const dayEnd = (at: number): number => (dayOf(at) + 1) * DAY_MS;
