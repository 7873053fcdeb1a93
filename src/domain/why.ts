/**
 * Why is nothing moving? For the swarm, each open gate, each task that has not ended and each agent: one reason, and what to
 * do about it. Every reason is the mirror of a condition under which `react` owes nothing yet; a property test holds that they agree.
 */
import { OVER, type State } from "./model.ts";
import { agentBecause } from "./why-agent.ts";
import { REASONS, type ReasonCode } from "./why-codes.ts";
import { type HostFacts, hostBecause } from "./why-host.ts";
import { type Because, gateBecause, sceneOf } from "./why-scene.ts";
import { type Step, WAIT } from "./why-step.ts";
import { swarmBecause } from "./why-swarm.ts";
import { taskBecause } from "./why-task.ts";

export interface Reason extends Because {
  readonly of: "swarm" | "gate" | "task" | "agent";
  readonly id: string;
}

/**
 * The swarm's own reason first, then gates, tasks and agents. `host` is what the state cannot know; null: nobody looked.
 * Of a swarm that is over only its own is given.
 */
export function reasons(state: Readonly<State>, now: number, host: HostFacts | null = null): readonly Reason[] {
  if (state.status === "none") return [];
  const scene = sceneOf(state, now);
  const parts: Reason[] = [];
  for (const id of state.openGates) {
    const gate = state.gates.get(id);
    if (gate) parts.push({ of: "gate", id, ...gateBecause(scene, gate) });
  }
  if (!OVER.has(state.status)) {
    for (const task of state.tasks.values()) {
      const why = taskBecause(scene, task);
      if (why) parts.push({ of: "task", id: task.id, ...why });
    }
    for (const seat of state.seats.values())
      if (seat.status !== "stopped") parts.push({ of: "agent", id: seat.seat, ...agentBecause(scene, seat) });
  }
  const all: readonly Reason[] = [{ ...swarmBecause(scene, parts), of: "swarm", id: state.id }, ...parts];
  const down = host && !OVER.has(state.status) ? hostBecause(state, host) : null;
  return down === null
    ? all
    : all.map((reason) =>
        needsHost(reason) || (host?.full && reason.of === "swarm") ? { of: reason.of, id: reason.id, ...down } : reason,
      );
}

/** What a person does now: a question comes before everything else. */
export function nextStep(all: readonly Reason[]): Step {
  const [swarm] = all;
  const gate = all.find(({ of }) => of === "gate");
  return (swarm?.code === "disk_full" ? swarm : (gate ?? swarm))?.next ?? WAIT;
}

/** Of one reason and one next step, with everybody it is true of. */
export interface Waiting extends Omit<Reason, "of" | "id"> {
  readonly who: readonly string[];
}

/** What does not move, the swarm's reason first, then tasks and agents with the same reason together. */
export function waiting(all: readonly Reason[]): readonly Waiting[] {
  const found = new Map<string, Waiting>();
  for (const { of, id, ...why } of all) {
    if (why.code === "moving" || why.code === "over" || (of === "agent" && QUIET.has(why.code))) continue;
    const key = JSON.stringify([of === "swarm" || of === "gate" ? of : "", why.code, why.text, why.next, why.until]);
    found.set(key, { ...why, ...found.get(key), who: [...(found.get(key)?.who ?? []), id] });
  }
  return [...found.values()];
}

/** Of an agent these are no hindrance: it has nothing to do. */
const QUIET: ReadonlySet<ReasonCode> = new Set(["idle", "kept"]);

/** Without a host nothing moves, and no time that comes changes anything for the swarm. */
const needsHost = ({ of, code }: Reason): boolean =>
  code === "moving" || (of === "swarm" && ["time", "others", "nobody"].includes(REASONS[code].waitsFor));
