/** What `skep watch` shows of a swarm: state and clock in, plain rows out. Pure; how rows look is decided in `parts/`. */
import { inline } from "../../domain/foreign.ts";
import { OVER, type Seat, type Session, type State } from "../../domain/model.ts";
import type { Spend } from "../../domain/spend.ts";
import { type AgentView, type SwarmView, swarmView } from "../../domain/view.ts";
import { nextStep, type Reason, reasons, type Waiting, waiting } from "../../domain/why.ts";
import { REASONS, type WaitsFor } from "../../domain/why-codes.ts";
import type { HostFacts } from "../../domain/why-host.ts";
import { stepCommand } from "../../domain/why-step.ts";
import { type Board, boardOf } from "./board.ts";

export interface Picture {
  readonly swarm: string;
  readonly title: string;
  readonly status: State["status"];
  readonly over: boolean;
  readonly ms: number;
  readonly plan: string;
  readonly spent: Pick<Spend, "usd" | "tokens">;
  /** Budgets that near their cap, in words. */
  readonly budgets: readonly string[];
  readonly board: Board;
  /** Why the whole swarm does not move; null: it moves, or a gate says it. */
  readonly still: Still | null;
  readonly gates: readonly GateRow[];
  readonly seats: readonly SeatRow[];
  /** What else does not move, those with one reason together. */
  readonly waits: readonly WaitRow[];
  readonly next: string;
}
export interface Still {
  readonly waitsFor: WaitsFor;
  readonly text: string;
  readonly until: number | null;
}
export interface GateRow {
  readonly gate: string;
  readonly title: string;
  /** `dev-0 about t3` */
  readonly who: string;
  /** As the gate takes them, so foreign text: whatever shows one makes a line of it. */
  readonly options: readonly string[];
  readonly fallback: string | null;
  readonly ms: number;
  readonly leftMs: number | null;
}
export interface SeatRow {
  readonly seat: string;
  readonly role: string;
  readonly harness: string;
  readonly doing: string;
  readonly task: string | null;
  /** Turns it has finished in its session; null: it has none. */
  readonly turns: number | null;
  readonly turnRuns: boolean;
  /** Since its last sign of life; null: it has no session. */
  readonly quietMs: number | null;
  /** Something is wrong with it, or it waits for a person. */
  readonly troubled: boolean;
  readonly usd: number;
}
export interface WaitRow {
  readonly who: readonly string[];
  readonly text: string;
  readonly waitsFor: WaitsFor;
  readonly until: number | null;
  /** null: it goes on by itself. */
  readonly command: string | null;
}

/** `host` is what the state cannot know; null: nobody looked. */
export function pictureOf(state: Readonly<State>, now: number, host: HostFacts | null): Picture {
  const view = swarmView(state);
  const why = reasons(state, now, host);
  const over = OVER.has(state.status);
  return {
    swarm: view.swarm,
    title: inline(view.title, 300),
    status: view.status,
    over,
    ms: Math.max(0, (view.endedAt ?? now) - view.startedAt),
    plan: planWords(view),
    spent: view.spent,
    budgets: view.budgets,
    board: boardOf(state, why),
    still: stillOf(why),
    gates: over ? [] : view.gates.map((gate) => gateRow(gate, state, now)),
    seats: view.agents.map((agent) => seatRow(agent, state, why, now)),
    waits: waiting(why.filter(({ of }) => of === "task" || of === "agent")).map((one) => waitRow(one, state.id)),
    next: stepCommand(nextStep(why), view.swarm),
  };
}

const planWords = ({ plan }: SwarmView): string => (plan.revision === 0 ? "no plan yet" : `plan ${plan.revision} ${plan.status}`);

function stillOf([swarm]: readonly Reason[]): Still | null {
  if (!swarm || swarm.code === "moving" || swarm.code === "gate") return null;
  return { waitsFor: REASONS[swarm.code].waitsFor, text: swarm.text, until: swarm.until ?? null };
}

function gateRow(
  { gate, title, agent, task, options, fallback, deadlineAt }: SwarmView["gates"][number],
  state: State,
  now: number,
): GateRow {
  const who = [agent, task === null ? null : `about ${task}`].filter((part) => part !== null).join(" ");
  const openedAt = state.gates.get(gate as never)?.openedAt ?? now;
  return {
    ...{ gate, who, title: inline(title, 300) },
    options,
    fallback: fallback === null ? null : inline(fallback, 80),
    ms: Math.max(0, now - openedAt),
    leftMs: deadlineAt === null ? null : Math.max(0, deadlineAt - now),
  };
}

function seatRow({ agent, role, doing }: AgentView, state: Readonly<State>, why: readonly Reason[], now: number): SeatRow {
  const seat = state.seats.get(agent as never) as Seat;
  const session = seat.session === null ? undefined : state.sessions.get(seat.session);
  const its = why.find(({ of, id }) => of === "agent" && id === agent);
  return {
    ...{ seat: agent, role: inline(role, 40), harness: inline(seat.harness, 24), doing: inline(doing, 200) },
    task: taskOf(seat, session),
    turns: session ? session.turns : null,
    turnRuns: session?.turn === "running",
    quietMs: session ? Math.max(0, now - session.seenAt) : null,
    troubled: its !== undefined && TROUBLE.has(its.code),
    usd: seat.spent.usd,
  };
}

const TROUBLE: ReadonlySet<Reason["code"]> = new Set(["failing", "provider", "retrying", "silent", "resting", "person", "gate"]);

function taskOf(seat: Seat, session: Session | undefined): string | null {
  if (session && "task" in session.job) return session.job.task;
  return seat.task;
}

/** The words of a gate stand above, where it is answered. */
function waitRow({ who, text, code, until, next }: Waiting, swarm: string): WaitRow {
  const { waitsFor } = REASONS[code];
  if (next.do === "answer" && (code === "gate" || code === "budget"))
    return { who, waitsFor, text: `waits for ${next.gate}`, until: null, command: null };
  const command = next.do === "answer" ? `answer ${next.gate}` : stepCommand(next, swarm);
  return { who, waitsFor, text: inline(text, 240), until: until ?? null, command: next.do === "wait" ? null : command };
}
