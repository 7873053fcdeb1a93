/** What must hold in every reachable state; each answers with the sentence that is broken. */
import type { SessionId } from "../../src/base/ids.ts";
import { runningOf } from "../../src/domain/collab.ts";
import type { Event, EventOf } from "../../src/domain/events.ts";
import { evolve } from "../../src/domain/evolve.ts";
import { jobState } from "../../src/domain/job.ts";
import { ENDED, OVER, type State, type Task, type TaskStatus } from "../../src/domain/model.ts";
import { react } from "../../src/domain/react.ts";
import { emptyState, standIn } from "../../src/domain/state.ts";
import { TASK_RULES } from "../../src/domain/task-rules.ts";
import type { Entry, World } from "./world.ts";

export function* broken(world: World): Iterable<string> {
  const { state } = world;
  yield* indexes(state);
  yield* claims(state);
  yield* together(state);
  yield* order(state);
  yield* merging(state);
  yield* reactions(world);
  yield* sessions(state);
}

function* indexes(state: State): Iterable<string> {
  for (const task of state.tasks.values()) {
    const homes = Object.entries(state.byStatus).filter(([, ids]) => ids.has(task.id));
    if (homes.length !== 1 || homes[0]?.[0] !== task.status)
      yield `${task.id} is ${task.status} but indexed under ${homes.map(([name]) => name)}`;
    if (!task.human && (task.status === "merged") !== (task.mergedSha !== null))
      yield `${task.id} is ${task.status}, merged as ${task.mergedSha}`;
    if (state.unsaved.has(task.id) !== (task.unsaved !== null)) yield `${task.id} unsaved index differs`;
    if (state.reserved.has(task.id) !== (task.status === "open" && task.reserved !== null)) yield `${task.id} reserved index differs`;
  }
  for (const gate of state.gates.values())
    if (!OVER.has(state.status) && state.openGates.has(gate.id) !== (gate.status === "open")) yield `${gate.id} open index differs`;
  const aboutPlan = [...state.openGates].filter((id) => ["plan", "plan_review"].includes(state.gates.get(id)?.kind ?? ""));
  if (!OVER.has(state.status) && `${aboutPlan}` !== (state.plan.gate ?? ""))
    yield `the plan waits for ${state.plan.gate}, open is ${aboutPlan}`;
}

const HELD: ReadonlySet<TaskStatus> = new Set(["claimed", "submitted"]);

function* claims(state: State): Iterable<string> {
  for (const task of state.tasks.values()) {
    if (HELD.has(task.status) !== (task.seat !== null)) yield `${task.id} is ${task.status} with seat ${task.seat}`;
    if (task.seat !== null && state.seats.get(task.seat)?.task !== task.id) yield `${task.id} is held by ${task.seat} who does not know`;
    const alone = !runningOf(task) && !(task.collab && task.session === null);
    if (alone && task.seat !== null && task.status === "claimed" && !OVER.has(state.status) && !state.sessions.has(task.session as never))
      yield `${task.id} is held without a session`;
    if (task.gate !== null && state.gates.get(task.gate)?.status !== "open") yield `${task.id} waits for an answered gate`;
  }
  for (const seat of state.seats.values())
    if (seat.task && state.tasks.get(seat.task)?.seat !== seat.seat) yield `${seat.seat} thinks it holds ${seat.task}`;
}

/** What several do together: each seat has one part at most, each place gives once in a step, and the lead holds the task. */
function* together(state: State): Iterable<string> {
  for (const task of state.tasks.values()) {
    const { collab } = task;
    if (!collab) continue;
    const once = new Set(collab.given.map(({ step, place }) => `${step} ${place}`));
    if (once.size !== collab.given.length) yield `${task.id}: a place gave twice in one step`;
    if (new Set(collab.places.map(({ seat }) => seat)).size !== collab.places.length) yield `${task.id}: one seat has two places`;
    const run = runningOf(task);
    if (run && task.seat !== collab.places[0]?.seat) yield `${task.id} is done together and its lead does not hold it`;
    if (collab.cursor.round > collab.rounds) yield `${task.id} is in round ${collab.cursor.round} of ${collab.rounds}`;
    if (collab.stage === "done" && task.status === "claimed" && task.seat !== collab.places[0]?.seat && task.attempt === collab.attempt)
      yield `${task.id}: not its lead makes the result`;
  }
  for (const seat of state.seats.values())
    if (seat.collab && !runningOf(state.tasks.get(seat.collab)))
      yield `${seat.seat} has a part in ${seat.collab}, which is not done together`;
}

function* order(state: State): Iterable<string> {
  for (const task of state.tasks.values()) {
    const started = !["proposed", "blocked", "cancelled", "failed"].includes(task.status);
    if (started && state.plan.approved === null) yield `${task.id} is ${task.status} before any plan was approved`;
    const missing = task.after.filter((before) => standIn(state, before)?.status !== "merged");
    // What a person did stays done, also when what it came after is taken out again.
    const byPerson = task.human && task.status === "merged";
    if (started && missing.length > 0 && task.attempt === 0 && !byPerson)
      yield `${task.id} is ${task.status} though ${missing} are not merged`;
    if (task.status === "blocked" && task.missing !== missing.length)
      yield `${task.id} counts ${task.missing} missing, really ${missing.length}`;
  }
}

function* merging({ merges, byStatus, tip, tasks }: State): Iterable<string> {
  if (byStatus.merging.size > 1) yield `${[...byStatus.merging]} merge at the same time`;
  const { batch } = merges;
  if (!batch) return;
  if (batch.tip !== tip) yield `batch ${batch.n} is on ${batch.tip}, the tip is ${tip}`;
  if (batch.tasks.length === 0) yield `batch ${batch.n} is empty`;
  if (batch.trees && batch.trees.length !== batch.tasks.length) yield `batch ${batch.n} has ${batch.trees.length} trees`;
  for (const { task: id, sha } of batch.tasks) {
    const task = tasks.get(id);
    if (task?.sha !== sha || (task.status !== "approved" && task.status !== "merging")) yield `${id} of the batch is ${task?.status}`;
  }
}

function* sessions(state: State): Iterable<string> {
  for (const session of state.sessions.values())
    if (state.seats.get(session.seat)?.session !== session.id) yield `${session.id} is not its seat's session`;
  for (const seat of state.seats.values())
    if (seat.session && !state.sessions.has(seat.session)) yield `${seat.seat} has the gone session ${seat.session}`;
}

function* reactions(world: World): Iterable<string> {
  const { state, now } = world;
  const { effects, due, wakeAt } = react(state, now);
  const seatOf = (effect: { readonly session: SessionId }) => state.sessions.get(effect.session)?.seat;
  if (new Set(effects.map((effect) => effect.key)).size !== effects.length)
    yield `two effects share a key: ${effects.map((effect) => effect.key)}`;
  const inWorktree = effects.filter(({ kind }) => kind === "run_checks" || kind === "verify_merge");
  if (inWorktree.length > 1) yield `the check worktree is wanted twice: ${inWorktree.map((effect) => effect.key)}`;
  for (const save of effects.filter((effect) => effect.kind === "save_work"))
    for (const other of effects)
      if ((other.kind === "open_worktree" || other.kind === "start_session" || other.kind === "start_turn") && seatOf(other) === save.seat)
        yield `${save.key} and ${other.key} are owed at once, in one worktree`;
  if (wakeAt !== null && wakeAt <= now) yield `wakes in the past`;
  if (OVER.has(state.status) || state.status === "paused") return;
  const moving = [...state.sessions.values()].some((session) => session.turn === "running" || jobState(state, session) === "waiting");
  if (effects.length + due.length === 0 && wakeAt === null && state.openGates.size === 0 && !moving)
    yield "nothing is owed, nobody works and no gate is open: stuck";
}

/** A due command must be accepted and change something, or engine and domain would chase each other. */
export function* dueRefused(
  world: World,
  decide: (command: Entry["command"]) => { ok: boolean; events?: readonly Event[] },
): Iterable<string> {
  const [first] = react(world.state, world.now).due;
  if (!first) return;
  const decision = decide(first);
  if (!decision.ok || (decision.events ?? []).length === 0) yield `${JSON.stringify(first)} is due but ${JSON.stringify(decision)}`;
}

/** Every task moved by an entry went the way its command allows. */
export function* badMoves(entry: Entry, before: ReadonlyMap<string, TaskStatus>, state: State): Iterable<string> {
  const rule = TASK_RULES[entry.command.type as keyof typeof TASK_RULES] as { from: readonly string[]; to: readonly string[] } | undefined;
  if (!rule || !("task" in entry.command)) return;
  const task = state.tasks.get(entry.command.task as never);
  const was = task && before.get(task.id);
  if (!task || !was || was === task.status) return;
  if (!rule.from.includes(was) || !rule.to.includes(task.status))
    yield `${entry.command.type} took ${task.id} from ${was} to ${task.status}`;
}

/** What was just granted belongs to no other task that could run beside this one. */
export function* sharedGrant(state: State, { task: id, files }: EventOf<"task_extended">): Iterable<string> {
  const behind = (other: Task): boolean => other.after.some((before) => before === id || behind(state.tasks.get(before) as Task));
  for (const other of state.tasks.values()) {
    if (other.id === id || ENDED.has(other.status) || other.status === "proposed" || behind(other)) continue;
    for (const file of files)
      if (other.files.includes(file)) yield `${file} is granted to ${id} and belongs to ${other.id}, ${other.status}`;
  }
}

/** What missed a metric is not what the next attempt begins with, and every attempt says how it was tried. */
export function* discards(entry: Entry, state: State): Iterable<string> {
  for (const event of entry.events) {
    if (event.type !== "attempt_ended") continue;
    const task = state.tasks.get(event.task);
    const measured = entry.events.filter((one) => one.type === "check_recorded" && one.check === "metric");
    const missed = measured.some((one) => one.type === "check_recorded" && !one.passed);
    if ((event.keep === false) !== missed) yield `${event.task} attempt ${event.attempt} ${missed ? "is kept" : "is discarded"}`;
    if (missed && task?.sha && task.prior?.sha === task.sha) yield `${event.task} goes on from ${task.sha}, which missed its metric`;
    if (missed && task?.prior && task.prior.attempt >= event.attempt) yield `${event.task} goes on from the attempt that missed its metric`;
    if (task?.history.at(-1)?.keep !== event.keep) yield `${event.task} forgot whether attempt ${event.attempt} was kept`;
  }
}

const plain = (state: State): string =>
  JSON.stringify(state, (_key, value) => (value instanceof Map ? [...value] : value instanceof Set ? [...value] : value));

/** Folding the stored events again gives the same state. */
export function replays(world: World): boolean {
  const again = emptyState();
  for (const entry of JSON.parse(JSON.stringify(world.history)) as Entry[]) {
    for (const event of entry.events) evolve(again, event, entry.at);
    again.seq += 1;
  }
  return plain(again) === plain(world.state);
}
