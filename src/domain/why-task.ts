/** Why a task stands where it stands. What stands in its way is looked at in turn, so that its next step is the one that helps. */
import type { SeatId, TaskId } from "../base/ids.ts";
import { isTogether } from "./collab.ts";
import { keptFor } from "./decide-task.ts";
import { lostBy } from "./failure.ts";
import { inline, listed } from "./foreign.ts";
import { findGate } from "./gate.ts";
import { isKept } from "./job.ts";
import { nextMerges } from "./merge-queue.ts";
import type { Seat, State, Task } from "./model.ts";
import { unsavedOf } from "./recovery.ts";
import { wantedRole } from "./resolver.ts";
import { reviewersOf } from "./review-queue.ts";
import { sessionOf, standIn } from "./state.ts";
import { agentBecause, holdBecause } from "./why-agent.ts";
import { assemblyBecause, togetherBecause } from "./why-collab.ts";
import {
  type Because,
  because,
  dueJob,
  effectBecause,
  ends,
  gateBecause,
  moving,
  openGateBecause,
  owedFor,
  type Scene,
  standstill,
} from "./why-scene.ts";
import { EXAMINE, WAIT } from "./why-step.ts";

/** null: it has ended. */
export function taskBecause(scene: Scene, task: Readonly<Task>): Because | null {
  switch (task.status) {
    case "proposed":
      return proposedBecause(scene, task);
    case "blocked":
      return blockedBecause(scene, task);
    case "open":
      return openBecause(scene, task);
    case "claimed":
      return togetherBecause(scene, task) ?? seatBecause(scene, task.seat);
    case "submitted":
      return owedBecause(
        scene,
        owedFor(scene, "commit_submission", (effect) => effect.task === task.id),
      );
    case "checking":
      return checkingBecause(scene, task);
    case "reviewing":
      return reviewingBecause(scene, task);
    case "approved":
      return approvedBecause(scene, task);
    case "merging":
      return owedBecause(
        scene,
        owedFor(scene, "merge_task", (effect) => effect.task === task.id),
      );
    case "merged":
    case "reviewed":
    case "failed":
    case "cancelled":
      return null;
    default: {
      const never: never = task.status;
      throw new Error(`unhandled ${String(never)}`);
    }
  }
}

const owedBecause = (scene: Scene, effect: Parameters<typeof effectBecause>[1] | undefined): Because =>
  effect ? effectBecause(scene, effect) : because("unexplained", "nothing is owed for it", EXAMINE);

/** Of a task in somebody's hands: what that one waits for. */
function seatBecause(scene: Scene, id: SeatId | null): Because {
  const seat = id === null ? undefined : scene.state.seats.get(id);
  return seat ? agentBecause(scene, seat) : because("unexplained", "nobody has it", EXAMINE);
}

const queenOf = (state: Readonly<State>): Seat | undefined => [...state.seats.values()].find(({ duty }) => duty === "queen");

function proposedBecause(scene: Scene, { title }: Readonly<Task>): Because {
  if (scene.state.solo) return because("suggestion", "proposed, and this swarm has no queen to take it up", { do: "begin", goal: title });
  return queenBecause(scene, "queen", "proposed: the queen takes it up or declines it");
}

function queenBecause(scene: Scene, code: "queen" | "dependency_failed", text: string): Because {
  const queen = queenOf(scene.state);
  return because(code, text, queen ? agentBecause(scene, queen).next : WAIT);
}

function blockedBecause(scene: Scene, task: Readonly<Task>): Because {
  const lost = lostBy(scene.state, task);
  if (lost.length > 0) {
    const rest = scene.state.solo ? "it cannot begin" : "the queen has to replan";
    return queenBecause(scene, "dependency_failed", `waits for ${names(lost)}: ${rest}`);
  }
  const missing = task.after.flatMap((id) => standIn(scene.state, id) ?? []).filter(({ status }) => status !== "merged");
  const [first] = missing;
  return because("dependency", `waits for ${names(missing)}`, (first && taskBecause(scene, first)?.next) ?? WAIT);
}

const names = (tasks: readonly Readonly<Task>[]): string =>
  listed(
    tasks.map(({ id, status }) => `${id} (${status})`),
    4,
  );

function openBecause(scene: Scene, task: Readonly<Task>): Because {
  const { state, now } = scene;
  const gate = openGateBecause(scene, task.gate);
  if (gate) return gate;
  if (task.human) return standstill(scene) ?? moving("you are asked for it");
  const unsaved = unsavedOf(state, task);
  if (unsaved) {
    const save = owedFor(scene, "save_work", (effect) => effect.task === unsaved.of);
    if (save) return effectBecause(scene, save);
    // Nothing touches a worktree under a session: it has to rest, or to be over.
    const seat = unsaved.seat;
    const session = sessionOf(state, seat);
    const what = session?.turn === "running" && isKept(state, session) ? "turn" : "session";
    return { ...seatBecause(scene, seat), text: `its last work is saved when the ${what} of ${seat} ends` };
  }
  if (isTogether(task)) return assemblyBecause(scene, task, joiningBecause(scene, task));
  const given = dueJob(scene, (job) => job.kind === "task" && job.task === task.id);
  if (given) return moving(`goes to ${given.seat}`);
  const joins = joiningBecause(scene, task);
  if (joins) return joins;
  const stopped = standstill(scene);
  if (stopped) return stopped;
  const { role } = wantedRole(state, task);
  const seats = [...state.seats.values()].filter((seat) => seat.role === role && seat.status === "active");
  if (seats.length === 0) return because("no_seat", `wants the role ${inline(role, 60)}, which no agent has`, { do: "spawn", role });
  const kept = keptFor(state, task, now);
  const keeper = kept && state.seats.get(kept.seat);
  if (!kept || !keeper) return growthBecause(scene, task, freeBecause(scene, seats));
  const held = holdBecause(scene, keeper);
  return because("reserved", `is kept for ${kept.seat}: ${held.text}`, held.next, ends(scene, kept.until));
}

/** Nobody of those who may take it can: whoever is soonest gives the reason. */
function freeBecause(scene: Scene, seats: readonly Readonly<Seat>[]): Because {
  const holds = seats.map((seat) => holdBecause(scene, seat));
  const busy = holds.filter(({ code }) => code === "seat_busy");
  const [first] = busy;
  if (first)
    return {
      ...first,
      text: listed(
        busy.map(({ text }) => text),
        3,
      ),
    };
  const timed = holds.filter(({ until }) => until !== undefined).sort((a, b) => (a.until ?? 0) - (b.until ?? 0));
  return timed[0] ?? holds[0] ?? because("unexplained", "nobody may take it", EXAMINE);
}

function joiningBecause({ reaction }: Scene, { id }: Readonly<Task>): Because | null {
  const due = reaction.due.find((command) => command.type === "scale_up" && command.need.task === id);
  return due?.type === "scale_up" ? moving(`${due.seat.seat} joins for it`) : null;
}

/** Nobody is free for it, and one more agent would be: what keeps that one from joining says more than who is busy. */
function growthBecause(scene: Scene, { id }: Readonly<Task>, otherwise: Because): Because {
  const held = scene.growth.held.find(({ need }) => need.task === id);
  if (!held || (otherwise.code !== "seat_busy" && otherwise.code !== "unexplained")) return otherwise;
  const { by, until } = held;
  if (typeof by === "object") return { ...otherwise, code: "cap_reached", text: `${otherwise.text}; ${by.text}` };
  const when = ends(scene, until);
  if (when.until === undefined) return otherwise;
  return by === "provider"
    ? because("provider", "nobody is free for it, and the provider of one more agent rests", WAIT, when)
    : because("cooling_down", "nobody is free for it, and others have just joined", WAIT, when);
}

function checkingBecause(scene: Scene, { id }: Readonly<Task>): Because {
  const own = owedFor(scene, "run_checks", ({ task }) => task === id);
  if (own) return effectBecause(scene, own);
  const other = scene.owed.find(({ kind }) => kind === "run_checks" || kind === "verify_merge");
  if (!other) return owedBecause(scene, other);
  const who = other.kind === "run_checks" ? other.task : other.kind === "verify_merge" ? `the merge of ${taskNames(other.tasks)}` : "";
  return because("check_worktree", `waits for the check worktree, which has ${who}`, effectBecause(scene, other).next);
}

const taskNames = (tasks: readonly { readonly task: TaskId }[]): string =>
  listed(
    tasks.map(({ task }) => task),
    4,
  );

function reviewingBecause(scene: Scene, task: Readonly<Task>): Because {
  const { state } = scene;
  const gate = openGateBecause(scene, task.gate);
  if (gate) return gate;
  const looks = task.openReview?.doubts.find(({ answer, verifier }) => answer === null && verifier !== null)?.verifier ?? task.reviewer;
  if (looks !== null) return seatBecause(scene, looks);
  const given = dueJob(scene, (job) => (job.kind === "review" || job.kind === "verify") && job.task === task.id);
  if (given) return moving(`${given.seat} takes up its review`);
  if (scene.reaction.due.some((command) => command.type === "ask_for_reviewer" && command.task === task.id))
    return moving("a person is asked who reviews it");
  const joins = joiningBecause(scene, task);
  if (joins) return joins;
  const stopped = standstill(scene);
  if (stopped) return stopped;
  const seats = reviewersOf(state, task);
  return growthBecause(
    scene,
    task,
    seats.length === 0 ? because("unexplained", "nobody may review it", EXAMINE) : freeBecause(scene, seats),
  );
}

function approvedBecause(scene: Scene, task: Readonly<Task>): Because {
  const { id } = task;
  const { state, reaction } = scene;
  const { batch, undo } = state.merges;
  const foreign = findGate(state, ({ kind }) => kind === "foreign_commit");
  if (foreign) return gateBecause(scene, foreign);
  const gate = openGateBecause(scene, task.gate);
  if (gate) return gate;
  if (reaction.due.some((command) => command.type === "ask_merge" && command.task === id))
    return moving("a person is asked whether it merges");
  if (batch?.trees === null && batch.tasks.some(({ task }) => task === id)) return verifyBecause(scene);
  const begun = reaction.due.some(({ type, ...command }) => type === "begin_merge" && "task" in command && command.task === id);
  const verified = reaction.due.some(({ type }) => type === "begin_verify") && nextMerges(state).some((task) => task.id === id);
  if (begun || verified) return moving("its merge begins");
  const undone = undo && owedFor(scene, "undo_task", () => true);
  if (undone) return because("merge_queue", `waits until ${undo.task} is taken out of the branch`, effectBecause(scene, undone).next);
  const [merging] = state.byStatus.merging;
  if (merging !== undefined) return behind(scene, merging, `waits until ${merging} is merged`);
  const stopped = standstill(scene);
  if (stopped) return stopped;
  const before = batch ? batch.tasks.map(({ task }) => task) : nextMerges(state).map((task) => task.id);
  const [first] = before.filter((task) => task !== id);
  if (first === undefined) return because("unexplained", "is approved and not merged", EXAMINE);
  return behind(scene, first, `waits in the merge queue behind ${listed(before, 4)}`);
}

function behind(scene: Scene, first: TaskId, text: string): Because {
  const task = scene.state.tasks.get(first);
  return because("merge_queue", text, (task && taskBecause(scene, task)?.next) ?? WAIT);
}

/** The result of its merge is checked, now or when the check worktree is free. */
function verifyBecause(scene: Scene): Because {
  const own = owedFor(scene, "verify_merge", () => true);
  if (own) return effectBecause(scene, own);
  const checks = owedFor(scene, "run_checks", () => true);
  if (!checks) return owedBecause(scene, checks);
  return because("check_worktree", "its merge waits for the check worktree", effectBecause(scene, checks).next);
}
