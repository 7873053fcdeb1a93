/** What the reasons are found in: the state with all it owes, held or not, and what is due this very moment. */
import type { GateId } from "../base/ids.ts";
import type { EngineCommand } from "./commands.ts";
import type { Effect, EffectKind } from "./effects.ts";
import { inline } from "./foreign.ts";
import { type Growth, growth } from "./growth.ts";
import type { Gate, Job, State } from "./model.ts";
import { gateOfEffect, owedEffects, type Reaction, react, Wake } from "./react.ts";
import { type SelfPause, selfPauseText } from "./self-pause.ts";
import type { ReasonCode } from "./why-codes.ts";
import { EXAMINE, type Step, WAIT } from "./why-step.ts";

/** Why one thing stands where it stands. */
export interface Because {
  readonly code: ReasonCode;
  /** One line without a subject: "waits for t1". */
  readonly text: string;
  readonly next: Step;
  readonly since?: number;
  /** When it goes on by itself; never later than the engine looks again. */
  readonly until?: number;
}

export interface Scene {
  readonly state: Readonly<State>;
  readonly now: number;
  readonly reaction: Reaction;
  readonly owed: readonly Effect[];
  readonly growth: Growth;
}

export function sceneOf(state: Readonly<State>, now: number): Scene {
  return { state, now, reaction: react(state, now), owed: owedEffects(state, new Wake(now)), growth: growth(state, now) };
}

export const because = (code: ReasonCode, text: string, next: Step = WAIT, when: Pick<Because, "since" | "until"> = {}): Because => ({
  ...{ code, text, next },
  ...when,
});

export const moving = (text: string, since?: number): Because => because("moving", text, WAIT, since === undefined ? {} : { since });

/** A time the engine waits for. It looks at such times only while the swarm runs. */
export const ends = ({ state, now }: Scene, until: number | null): Pick<Because, "until"> =>
  until !== null && until > now && state.status === "running" ? { until } : {};

const DOING: Readonly<Record<EffectKind, string>> = {
  open_swarm: "its branch is being made",
  open_worktree: "its worktree is being prepared",
  start_session: "its session is being started",
  start_turn: "its next turn is being started",
  stop_session: "its session is being ended",
  look_at_session: "what its turn does is being looked at",
  probe_session: "it is asked for a note before it is ended",
  commit_submission: "its submission is being committed",
  save_contribution: "what was made in its step is being saved",
  save_work: "work of its last attempt is being saved",
  run_checks: "its checks run",
  verify_merge: "the checks run on what its merge would give",
  merge_task: "it is being merged",
  undo_task: "it is being taken out of the branch",
  write_operator: "you are being written to",
  close_swarm: "its worktrees are being put away",
};

/** Owed work is under way, rests after a failure, or is held by a gate. */
export function effectBecause(scene: Scene, { kind, key }: Effect): Because {
  const { state, now } = scene;
  const gate = gateOfEffect(state, key);
  if (gate) return gateBecause(scene, gate);
  const failure = state.failures.get(key);
  if (!failure || failure.retryAt <= now) return moving(DOING[kind]);
  const times = failure.count === 1 ? "once" : `${failure.count} times`;
  return because("failing", `${DOING[kind]}; that failed ${times}: ${inline(failure.error, 160)}`, EXAMINE, { until: failure.retryAt });
}

export function owedFor<K extends EffectKind>(
  { owed }: Scene,
  kind: K,
  fits: (effect: Extract<Effect, { kind: K }>) => boolean,
): Effect | undefined {
  return owed.find((effect) => effect.kind === kind && fits(effect as Extract<Effect, { kind: K }>));
}

/** The job that is given out this very moment, to whom it fits. */
export function dueJob(
  { reaction }: Scene,
  fits: (job: Job, seat: string) => boolean,
): Extract<EngineCommand, { type: "start_job" }> | null {
  for (const command of reaction.due) if (command.type === "start_job" && fits(command.job, command.seat)) return command;
  return null;
}

/** A question waits for a person; one with a fallback answers itself at its deadline. */
export function gateBecause({ now }: Scene, gate: Gate): Because {
  const { id, kind, title, options, fallback, deadlineAt, openedAt, seat } = gate;
  const when = { since: openedAt, ...(fallback !== null && deadlineAt !== null && deadlineAt > now ? { until: deadlineAt } : {}) };
  const text = `gate ${id} "${inline(title, 120)}"`;
  if (kind === "person" && seat !== null) return because("person", text, { do: "give_back", agent: seat }, when);
  return because(kind === "budget" ? "budget" : "gate", text, { do: "answer", gate: id, option: options[0] ?? null }, when);
}

/** The reason of a gate by its id, when it is open. */
export function openGateBecause(scene: Scene, id: GateId | null): Because | null {
  const { state } = scene;
  const gate = id === null || !state.openGates.has(id) ? undefined : state.gates.get(id);
  return gate ? gateBecause(scene, gate) : null;
}

/** Why nothing begins anywhere, whoever it is about; null: the swarm runs. */
export function standstill(scene: Scene): Because | null {
  const { state } = scene;
  if (state.status === "paused") return pausedBecause(scene);
  if (state.status !== "opening") return null;
  const opening = owedFor(scene, "open_swarm", () => true);
  return opening ? effectBecause(scene, opening) : because("unexplained", "it is not open, and nothing opens it", EXAMINE);
}

function pausedBecause(scene: Scene): Because {
  const { state } = scene;
  if (state.itself) return pausedItselfBecause(state, state.itself);
  const gate = [...state.openGates].map((id) => state.gates.get(id)).find((one) => one && holdsSwarm(one));
  if (gate) return gateBecause(scene, gate);
  return because("paused", "the swarm is paused by a person", { do: "resume" });
}

/** The open question comes first: its answer resumes the swarm. */
function pausedItselfBecause(state: Readonly<State>, itself: SelfPause): Because {
  const gate = [...state.openGates].map((id) => state.gates.get(id)).find((one) => one !== undefined);
  const next: Step = gate ? { do: "answer", gate: gate.id, option: gate.options[0] ?? null } : { do: "resume" };
  return because("paused_itself", selfPauseText(itself), next, { since: state.changedAt });
}

/** A swarm whose budget or day is used up cannot be resumed before that is answered. */
const holdsSwarm = ({ kind, effect }: Gate): boolean => kind === "budget" && (effect === "swarm" || effect === "day");
