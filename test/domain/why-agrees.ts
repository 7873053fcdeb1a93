/** Whether the reasons say what `react` does: each answers with the sentence that is broken. */
import type { Command } from "../../src/domain/commands.ts";
import { decide } from "../../src/domain/decide.ts";
import type { Effect } from "../../src/domain/effects.ts";
import { ENDED, OVER, type Session, type State, type Task } from "../../src/domain/model.ts";
import { type Reaction, react } from "../../src/domain/react.ts";
import { unsavedOf } from "../../src/domain/recovery.ts";
import { type Reason, reasons } from "../../src/domain/why.ts";
import { REASONS } from "../../src/domain/why-codes.ts";
import { stepCall, stepCommand } from "../../src/domain/why-step.ts";
import type { World } from "./world.ts";

export function* disagreements(world: World): Iterable<string> {
  const { state, now } = world;
  const all = reasons(state, now);
  const reaction = react(state, now);
  yield* missing(state, all);
  for (const reason of all) {
    yield* malformed(state, reason);
    yield* late(reason, reaction);
    yield* refused(world, reason);
  }
  if (OVER.has(state.status)) return;
  for (const reason of all) yield* claims(state, reason, reaction);
  yield* whole(state, all[0] as Reason, reaction);
}

/** Exactly one for everything that has not ended. */
function* missing(state: Readonly<State>, all: readonly Reason[]): Iterable<string> {
  const names = all.map(({ of, id }) => `${of} ${id}`);
  if (new Set(names).size !== names.length) yield `one thing has two reasons: ${names}`;
  const over = OVER.has(state.status);
  const wanted = [
    `swarm ${state.id}`,
    ...[...state.openGates].map((id) => `gate ${id}`),
    ...(over ? [] : [...state.tasks.values()].flatMap(({ id, status }) => (ENDED.has(status) ? [] : [`task ${id}`]))),
    ...(over ? [] : [...state.seats.values()].flatMap(({ seat, status }) => (status === "stopped" ? [] : [`agent ${seat}`]))),
  ];
  if (names.join() !== wanted.join()) yield `reasons are of ${names}, wanted ${wanted}`;
}

function* malformed(state: Readonly<State>, { of, id, code, text, next, since, until }: Reason): Iterable<string> {
  const what = `${of} ${id} ${code}`;
  if (!Object.hasOwn(REASONS, code)) yield `${what} is no known reason`;
  if (code === "unexplained") yield `${what}: ${text}`;
  if (text.trim() === "" || stepCommand(next, state.id).trim() === "" || stepCall(next, state.id).trim() === "")
    yield `${what} says nothing`;
  if (text.includes("\n") || text.includes("undefined")) yield `${what} says ${JSON.stringify(text)}`;
  if (until !== undefined && since !== undefined && until < since) yield `${what} ends before it began`;
  if (REASONS[code].waitsFor === "you" && next.do === "wait") yield `${what} waits for you and tells you nothing to do`;
}

/** The step that is named is one that is taken. */
function* refused({ state, now }: World, { of, id, next }: Reason): Iterable<string> {
  const operator = { kind: "operator" } as const;
  const command: Command | null =
    next.do === "answer"
      ? { type: "answer_gate", gate: next.gate, answer: next.option ?? "my words" }
      : next.do === "resume"
        ? { type: "resume_swarm" }
        : next.do === "give_back"
          ? { type: "hand_back", seat: next.agent }
          : null;
  const decision = command && decide(state, command, operator, now);
  if (decision && !(decision.ok && decision.events.length > 0))
    yield `${of} ${id}: ${JSON.stringify(command)} is named and ${JSON.stringify(decision)}`;
}

/** "Until T" is promised only when the engine looks again by then. */
function* late({ of, id, code, until }: Reason, { wakeAt }: Reaction): Iterable<string> {
  if (until !== undefined && (wakeAt === null || wakeAt > until)) yield `${of} ${id} ${code} until ${until}, the engine wakes ${wakeAt}`;
}

const AT_WORK = new Set(["moving", "retrying", "silent"]);

/** "moving" is said of what is owed now or has a running turn, and of all that is. */
function* claims(state: Readonly<State>, { of, id, code }: Reason, reaction: Reaction): Iterable<string> {
  if (of === "gate" && code === "moving") yield `gate ${id} moves`;
  if (of === "agent") {
    const session = sessionOf(state, id);
    const owed = owedNow(reaction, (text) => text.includes(`"${id}"`) || (session !== undefined && text.includes(`"${session.id}"`)));
    const runs = session?.turn === "running" && session.status !== "ending";
    const task = session && "task" in session.job ? state.tasks.get(session.job.task) : undefined;
    const handled = owed || (task !== undefined && owedNow(reaction, (text) => text.includes(`"${task.id}"`)));
    if (AT_WORK.has(code) && !runs && !handled) yield `agent ${id} is ${code} with nothing owed and no turn`;
    const own = reaction.effects.some((effect) => "session" in effect && effect.session === session?.id);
    if (own && code !== "moving") yield `agent ${id} is ${code} and something is owed for it now`;
  }
  if (of === "task") {
    const task = state.tasks.get(id as Task["id"]) as Task;
    const parts = task.collab?.places.map(({ seat }) => seat) ?? [];
    const hands = [
      ...parts,
      task.seat,
      task.reviewer,
      unsavedOf(state, task)?.seat,
      ...(task.openReview?.doubts.map(({ verifier }) => verifier) ?? []),
    ];
    const runs = hands.some((seat) => seat && sessionOf(state, seat)?.turn === "running");
    const owed = owedNow(reaction, (text) => text.includes(`"${id}"`) || hands.some((seat) => seat && touches(state, text, seat)));
    const begins = reaction.due.some(({ type }) => type === "begin_verify") && task.status === "approved";
    if (AT_WORK.has(code) && !runs && !owed && !begins) yield `task ${id} is ${code} with nothing owed and no turn`;
    const own = reaction.effects.some((effect) => isOf(effect, id));
    if (own && code !== "moving") yield `task ${id} is ${code} and something is owed for it now`;
  }
}

const WORK = new Set<Effect["kind"]>(["commit_submission", "run_checks", "merge_task"]);
const isOf = (effect: Effect, task: string): boolean => WORK.has(effect.kind) && "task" in effect && effect.task === task;
const touches = (state: Readonly<State>, text: string, seat: string): boolean =>
  text.includes(`"${seat}"`) || text.includes(`"${sessionOf(state, seat)?.id}"`);
const owedNow = ({ effects, due }: Reaction, fits: (text: string) => boolean): boolean =>
  effects.length + due.length > 0 && [...effects, ...due].some((one) => fits(JSON.stringify(one)));

function sessionOf(state: Readonly<State>, seat: string): Session | undefined {
  const id = state.seats.get(seat as never)?.session;
  return id ? state.sessions.get(id) : undefined;
}

/** Nothing owed and no time to wake at: then a person is named. And "moving" is never said of a swarm that owes nothing. */
function* whole(state: Readonly<State>, { code, text }: Reason, { effects, due, wakeAt }: Reaction): Iterable<string> {
  const turns = [...state.sessions.values()].some(({ turn }) => turn === "running");
  const quiet = effects.length + due.length === 0;
  if (code === "moving" && quiet && !turns) yield `the swarm moves and nothing is owed: ${text}`;
  if (!quiet && state.status === "running" && code !== "moving") yield `the swarm is ${code} and something is owed: ${text}`;
  if (quiet && !turns && wakeAt === null && REASONS[code].waitsFor !== "you")
    yield `nothing will happen without a person, and the swarm is ${code}: ${text}`;
}
