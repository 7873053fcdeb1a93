/** The agents' and checks' own times of a finished swarm, taken from its log and laid on its plan without skep between them. */
import type { Event } from "../src/domain/events.ts";
import type { Job } from "../src/domain/model.ts";

export type Logged = Event & { readonly at: number };
type Who = "worker" | "reviewer" | "queen" | "check";
interface Step {
  readonly who: Who;
  readonly ms: number;
}

export interface Layout {
  /** From the first event to the end of the swarm, as it was. */
  readonly realMs: number;
  /** The same work with nothing in between: as many workers, one reviewer, checks as many at once as there are. */
  readonly bareMs: number;
  /** The same, where an agent's wait for skep's commit of its submission counts as the agent's own time. */
  readonly bareWithWaitsMs: number;
}

export function layOut(log: readonly Logged[]): Layout {
  const [first] = log;
  const end = log.find(({ type }) => type === "swarm_ended");
  if (!first || !end) throw new Error("this swarm has not ended");
  return { realMs: end.at - first.at, bareMs: bare(log, false), bareWithWaitsMs: bare(log, true) };
}

function bare(log: readonly Logged[], waits: boolean): number {
  const sessions = sessionsOf(log, waits);
  const planning = sessions.filter(({ job }) => job.kind === "plan" || job.kind === "plan_review").reduce((ms, one) => ms + one.ms, 0);
  const chains = new Map<string, Step[]>();
  for (const { task, step } of taskSteps(log, sessions)) chains.set(task, [...(chains.get(task) ?? []), step]);
  const workers = new Set(log.flatMap((event) => (event.type === "task_claimed" ? [event.seat] : []))).size;
  return planning + makespan(chains, afterOf(log), { worker: workers, reviewer: 1 });
}

interface Turns {
  readonly job: Job;
  readonly begins: number;
  /** Sum of its turns. */
  readonly ms: number;
}

/** The queen is kept, so her one session holds every turn of hers. */
function sessionsOf(log: readonly Logged[], waits: boolean): readonly Turns[] {
  return log.flatMap((event) => {
    if (event.type !== "session_wanted") return [];
    const { session, job } = event;
    const own = log.filter((one) => "session" in one && one.session === session);
    const begins = own.find(({ type }) => type === "session_started")?.at;
    return begins === undefined ? [] : [{ job, begins, ms: turnsMs(own) - (waits ? 0 : waitsMs(log, job)) }];
  });
}

function turnsMs(own: readonly Logged[]): number {
  let [ms, since]: [number, number | null] = [0, null];
  for (const { type, at } of own) {
    if (type === "session_started" || type === "turn_started") since = at;
    if (since === null || (type !== "turn_ended" && type !== "session_ended")) continue;
    ms += at - since;
    since = null;
  }
  return ms;
}

/** `task_submit` answers when skep has committed: that part of a turn is skep's. */
function waitsMs(log: readonly Logged[], job: Job): number {
  if (job.kind !== "task") return 0;
  let [ms, since, attempt]: [number, number | null, number] = [0, null, 0];
  for (const event of log) {
    if (!("task" in event) || event.task !== job.task) continue;
    if (event.type === "task_claimed") attempt = event.attempt;
    if (attempt !== job.attempt) continue;
    if (event.type === "task_submitted") since = event.at;
    if (since === null || (event.type !== "submission_committed" && event.type !== "submission_refused")) continue;
    ms += event.at - since;
    since = null;
  }
  return ms;
}

/** Everything that was done for tasks, in the order it began. */
function taskSteps(log: readonly Logged[], sessions: readonly Turns[]): readonly { readonly task: string; readonly step: Step }[] {
  const turns = sessions.flatMap(({ job, begins, ms }) => {
    if (job.kind !== "task" && job.kind !== "review") return [];
    return [{ at: begins, task: job.task as string, step: { who: job.kind === "task" ? "worker" : "reviewer", ms } as Step }];
  });
  const checks = log.flatMap((event) =>
    event.type === "check_recorded" ? [{ at: event.at, task: event.task as string, step: { who: "check", ms: event.ms } as Step }] : [],
  );
  return [...turns, ...checks].sort((a, b) => a.at - b.at);
}

function afterOf(log: readonly Logged[]): ReadonlyMap<string, readonly string[]> {
  const plan = log.findLast((event) => event.type === "plan_submitted");
  return new Map(plan?.type === "plan_submitted" ? plan.plan.tasks.map(({ id, after }) => [id, after]) : []);
}

/** Greedy: whatever is ready first starts first, as soon as somebody of its kind is free. */
function makespan(
  chains: ReadonlyMap<string, readonly Step[]>,
  after: ReadonlyMap<string, readonly string[]>,
  hands: Readonly<Partial<Record<Who, number>>>,
): number {
  const free = new Map(Object.entries(hands).map(([who, count]) => [who, Array.from({ length: count }, () => 0)]));
  const ends = new Map<string, number>();
  const next = new Map([...chains.keys()].map((task) => [task, { index: 0, ready: 0 }]));
  while (next.size > 0) {
    const [task, at] = [...next]
      .filter(([id]) => (after.get(id) ?? []).every((earlier) => ends.has(earlier)))
      .map(
        ([id, { index, ready }]) =>
          [id, { index, ready: Math.max(ready, ...(after.get(id) ?? []).map((one) => ends.get(one) ?? 0)) }] as const,
      )
      .sort((a, b) => a[1].ready - b[1].ready)[0] ?? [null, { index: 0, ready: 0 }];
    if (task === null) throw new Error("tasks that wait for each other");
    const step = chains.get(task)?.[at.index];
    if (!step) {
      ends.set(task, at.ready);
      next.delete(task);
      continue;
    }
    const own = free.get(step.who);
    const hand = own ? own.indexOf(Math.min(...own)) : -1;
    const ready = Math.max(at.ready, own?.[hand] ?? 0) + step.ms;
    if (own) own[hand] = ready;
    next.set(task, { index: at.index + 1, ready });
  }
  return Math.max(0, ...ends.values());
}
