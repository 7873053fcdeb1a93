/**
 * Swarms of earlier rules. One that nobody works on, or that a new host takes, goes on under the present rules: its log says
 * from where, so that a program of the earlier ones sees that it must not write any more. What was recorded before keeps its
 * meaning, because events only ever gain fields.
 */
import type { Command } from "./commands.ts";
import type { Event } from "./events.ts";
import { RULES, type State } from "./model.ts";

/** Rules whose swarms these rules can go on with; a test plays each of their recorded logs on. */
export const CONTINUED: ReadonlySet<number> = new Set([1, 2]);

export const isContinued = (state: Readonly<State>, own = RULES): boolean =>
  state.rules !== 0 && state.rules < own && CONTINUED.has(state.rules);

/**
 * What has to be written before a command of these rules is: nothing, or the change of rules. null: the command may not be
 * decided here. The lease is the moment of the change: no engine of the earlier rules acts after it. A swarm that is put
 * away has no engine.
 */
export function raised(state: Readonly<State>, command: Command, own = RULES): readonly Event[] | null {
  if (state.rules === 0 || state.rules === own) return [];
  if (!isContinued(state, own) || (command.type !== "take_lease" && !state.closed)) return null;
  return [{ type: "rules_raised", from: state.rules, to: own }];
}

/** Why not, and what to do. */
export function skew(state: Readonly<State>, own = RULES): { readonly message: string; readonly next: string } {
  const message = `this swarm runs under rules ${state.rules}, this program has rules ${own}`;
  if (state.rules > own) return { message, next: "update skep (npm install -g skep@latest), then repeat the call" };
  if (isContinued(state, own)) return { message, next: "skep serve --replace" };
  return { message, next: "finish or stop this swarm with the version of skep that made it" };
}
