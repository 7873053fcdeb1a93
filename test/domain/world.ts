/** A swarm in memory for tests of the pure machines: what a random mover may try, and the answers effects would give. */
import type { SeatId, SessionId, SwarmId, TaskId } from "../../src/base/ids.ts";
import type { AuditOrder } from "../../src/domain/audit.ts";
import type { Actor, AgentCommand, Command, EngineCommand, RulePlan } from "../../src/domain/commands.ts";
import { decide } from "../../src/domain/decide.ts";
import type { Decision } from "../../src/domain/decision.ts";
import type { Effect } from "../../src/domain/effects.ts";
import type { Event } from "../../src/domain/events.ts";
import { evolve } from "../../src/domain/evolve.ts";
import { DEFAULT_LIMITS, type Limits } from "../../src/domain/limits.ts";
import type { SeatSpec, Session, State, TaskSpec } from "../../src/domain/model.ts";
import type { ProblemFact } from "../../src/domain/provider.ts";
import { react } from "../../src/domain/react.ts";
import { emptyState } from "../../src/domain/state.ts";
import { AUDITORS, MINIMAL, taskSpec } from "./specs.ts";

export { MINIMAL, seatSpec, taskSpec } from "./specs.ts";

export interface Entry {
  readonly command: Command;
  readonly actor: Actor;
  readonly at: number;
  readonly events: readonly Event[];
}

const PROC = { pid: 7, start: "1", machine: "m", boot: "b" };

/** State, clock and history of one run. */
export class World {
  state: State = emptyState();
  now = 1_000;
  readonly history: Entry[] = [];

  /** A swarm that reviews `count` commits and does nothing else. */
  static audit(count: number, limits: Partial<Limits> = {}, seats: readonly SeatSpec[] = AUDITORS): World {
    const tasks = Array.from({ length: count }, (_, index) => taskSpec(`t${index + 1}`));
    const items = tasks.map((spec) => ({ spec, base: `base-${spec.id}`, sha: `sha-${spec.id}` }));
    return World.started(limits, seats, null, "s-test", { manifest: "{}", items });
  }

  static started(
    limits: Partial<Limits> = {},
    seats: readonly SeatSpec[] = MINIMAL,
    solo: TaskSpec | null = null,
    name = "s-test",
    audit: AuditOrder | null = null,
    byRule: RulePlan | null = null,
  ): World {
    const world = new World();
    world.must({
      type: "create_swarm",
      swarm: name as SwarmId,
      goal: "a goal",
      title: "a goal",
      team: solo || byRule ? "solo" : "minimal",
      solo: solo !== null || audit !== null || byRule !== null,
      base: "base",
      branch: `skep/${name}`,
      target: "main",
      unseen: [],
      settings: "{}",
      limits: { ...DEFAULT_LIMITS, ...limits },
      seats,
      task: solo,
      ...(audit ? { audit } : {}),
      ...(byRule ? { plan: byRule } : {}),
    });
    world.must({ type: "take_lease", over: 0, holder: { id: "h1", ...PROC }, address: "http://127.0.0.1:1/mcp" });
    world.must({ type: "record_opened", tip: "base" });
    return world;
  }

  get engine(): Actor {
    return { kind: "engine", epoch: this.state.epoch };
  }

  actorFor(command: Command, as?: Actor): Actor {
    if (as) return as;
    if (command.type === "create_swarm") return { kind: "operator" };
    return this.engine;
  }

  /** Decides and, when accepted, folds. */
  send(command: Command, as?: Actor): Decision {
    const actor = this.actorFor(command, as);
    const decision = decide(this.state, command, actor, this.now);
    if (decision.ok && decision.events.length > 0) {
      this.history.push({ command, actor, at: this.now, events: decision.events });
      for (const event of decision.events) evolve(this.state, event, this.now);
      this.state.seq += 1;
    }
    return decision;
  }

  /** Folds what was written down elsewhere. */
  remember({ at, events }: Pick<Entry, "at" | "events">): void {
    this.now = at;
    this.history.push({ command: { type: "pause_swarm" }, actor: this.engine, at, events });
    for (const event of events) evolve(this.state, event, at);
    this.state.seq += 1;
  }

  must(command: Command, as?: Actor): Decision {
    const decision = this.send(command, as);
    if (!decision.ok) throw new Error(`${command.type} refused: ${decision.refusal.code} ${decision.refusal.message}`);
    return decision;
  }

  session(seat: string): Session {
    const id = this.state.seats.get(seat as SeatId)?.session;
    const session = id ? this.state.sessions.get(id) : undefined;
    if (!session) throw new Error(`${seat} has no session`);
    return session;
  }

  by(seat: string): Actor {
    const session = this.session(seat);
    return { kind: "session", seat: seat as SeatId, session: session.id, run: session.run };
  }

  as(seat: string, command: AgentCommand): Decision {
    return this.send(command, this.by(seat));
  }

  owed(): readonly Effect[] {
    return react(this.state, this.now).effects;
  }

  due(): readonly EngineCommand[] {
    return react(this.state, this.now).due;
  }

  /** Lets the engine do all it owes and can do now: due commands and effects with their usual results. */
  settle(limit = 200): void {
    for (let step = 0; step < limit; step += 1) {
      const { effects, due } = react(this.state, this.now);
      if (effects.length === 0 && due.length === 0) return;
      for (const command of due) this.send(command);
      for (const effect of react(this.state, this.now).effects) this.send(usualResult(this.state, effect));
    }
    throw new Error(`not settled after ${limit} rounds: ${JSON.stringify(react(this.state, this.now))}`);
  }

  /** Does what is owed of one kind, with the usual result. */
  doOwed(kind: string): void {
    for (const effect of react(this.state, this.now).effects) if (effect.kind === kind) this.must(usualResult(this.state, effect));
  }

  endTurn(seat: string, ok = true, problem: ProblemFact | null = null): Decision {
    const session = this.session(seat);
    return this.send({
      type: "record_turn_ended",
      session: session.id,
      run: session.run,
      ok: ok && !problem,
      error: ok && !problem ? null : "model error",
      usage: USAGE,
      ...(problem ? { problem } : {}),
    });
  }
}

export const USAGE = { inputTokens: 10, outputTokens: 5, cachedTokens: 0, usd: 0.01 };

/** What an effect reports when all goes well. */
export function usualResult(state: Readonly<State>, effect: Effect): EngineCommand {
  switch (effect.kind) {
    case "open_swarm":
      return { type: "record_opened", tip: "base" };
    case "open_worktree":
      return {
        type: "record_worktree",
        session: effect.session,
        job: effect.job,
        path: `/w/${effect.seat}`,
        base: state.tip,
        conflict: [],
        discarded: [],
      };
    case "start_session":
      return {
        type: "record_session",
        session: effect.session,
        run: effect.run,
        proc: PROC,
        cli: `cli-${effect.session}`,
        turn: effect.resume && !effect.interrupted ? "idle" : "running",
      };
    case "start_turn":
      return {
        type: "record_turn_started",
        session: effect.session,
        run: effect.run,
        asked: effect.turn.n,
        reasons: effect.turn.kind === "digest" ? effect.turn.reasons.length : 0,
      };
    case "stop_session":
      return { type: "record_session_end", session: effect.session, run: effect.run, why: effect.why, output: null };
    case "look_at_session": {
      const { because, tier } = effect.due;
      const seen = { active: null, readable: true, reachable: true };
      return { type: "record_look", session: effect.session, run: effect.run, because, tier, ...seen };
    }
    case "probe_session":
      return { type: "record_probe", session: effect.session, run: effect.run, answered: false, note: null };
    case "commit_submission":
      return {
        type: "record_commit",
        task: effect.task,
        attempt: effect.attempt,
        submission: effect.submission,
        sha: `sha-${effect.task}-${effect.attempt}-${effect.submission}`,
        outside: [],
        conflict: [],
      };
    case "save_work":
      return { type: "record_saved", task: effect.task, attempt: effect.attempt, sha: `saved-${effect.task}-${effect.attempt}` };
    case "save_contribution": {
      const { task, attempt, step, place } = effect;
      return { type: "record_contribution", task, attempt, step, place, sha: `together-${task}-${attempt}-${step}-${place}` };
    }
    case "run_checks":
      return {
        type: "record_checks",
        task: effect.task,
        attempt: effect.attempt,
        sha: effect.sha,
        checks: [{ check: "commands", passed: true, input: "i", ms: 1 }],
        findings: null,
        findingsCount: 0,
        results: "[]",
      };
    case "verify_merge": {
      const tasks = effect.tasks.map(({ task }) => task);
      const trees = effect.tasks.map(({ sha }) => `tree-${sha}`);
      const checks = [{ check: "commands", passed: true, input: "i", ms: 1 }];
      const outcome = { kind: "checked" as const, tasks, trees, passed: true, checks, findings: null, findingsCount: 0 };
      return { type: "record_verify", batch: effect.batch, outcome };
    }
    case "merge_task":
      return {
        type: "record_merge",
        task: effect.task,
        attempt: effect.attempt,
        outcome: { kind: "merged", sha: `merged-${effect.task}-${effect.attempt}` },
      };
    case "undo_task": {
      const { task, sha, merges } = effect.undo;
      const reverts = merges.map((one) => ({ task: one.task, sha: `undo-${one.sha}` }));
      return { type: "record_undo", task, sha, outcome: { kind: "undone", reverts } };
    }
    case "write_operator":
      return { type: "record_written", session: effect.letter.session, at: effect.letter.at };
    case "close_swarm":
      return { type: "record_closed" };
    default: {
      const never: never = effect;
      throw new Error(`unhandled ${JSON.stringify(never)}`);
    }
  }
}

export const plan = (tasks: readonly TaskSpec[], hash = "h1"): Extract<AgentCommand, { type: "submit_plan" }> => ({
  type: "submit_plan",
  hash,
  goal: "the goal",
  conditions: ["it works"],
  text: "{}",
  tasks,
});

export const approval = (state: Readonly<State>): Extract<AgentCommand, { type: "review_plan" }> => ({
  type: "review_plan",
  revision: state.plan.pending?.revision ?? 0,
  hash: state.plan.pending?.hash ?? "",
  coverage: [{ condition: 1, tasks: state.plan.pending?.tasks.map((task) => task.id) ?? [] }],
  findings: [],
  text: "[]",
});

export const id = {
  task: (text: string): TaskId => text as TaskId,
  seat: (text: string): SeatId => text as SeatId,
  session: (text: string): SessionId => text as SessionId,
};
