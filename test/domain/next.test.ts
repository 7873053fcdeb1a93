import fc from "fast-check";
import { expect, test } from "vitest";
import type { Actor, AgentCommand } from "../../src/domain/commands.ts";
import { decide } from "../../src/domain/decide.ts";
import { tokens } from "../../src/domain/foreign.ts";
import { jobState } from "../../src/domain/job.ts";
import { OVER, type Session, type State } from "../../src/domain/model.ts";
import { type NextStep, nextStep } from "../../src/domain/next.ts";
import { textsFrom } from "../../src/domain/prose.ts";
import { whoamiAnswer } from "../../src/domain/whoami.ts";
import { whoamiFacts } from "../../src/domain/whoami-facts.ts";
import { interpret, move } from "./moves.ts";
import { approval, id, MINIMAL, plan, taskSpec, World } from "./world.ts";

const LIMITS = { attempts: 3, rounds: 2, lapses: 2, refusals: 2, effectTries: 3, turns: 8, planRevisions: 6 };
const RUNS = Number(process.env.SKEP_PROPERTY_RUNS ?? 200);

/** The command an agent would send when it does exactly what the sentence says. */
function obey(state: Readonly<State>, session: Readonly<Session>, { tool, text }: NextStep): AgentCommand {
  const { job } = session;
  const word = (name: string): string => new RegExp(`\\b${name} ([\\w-]+)`).exec(text)?.[1] ?? "";
  const numbers = (n: number): readonly number[] => Array.from({ length: n }, (_, index) => index + 1);
  switch (tool) {
    case "plan_submit": {
      const fresh = `n${state.tasks.size + state.plan.revision + 1}`;
      return plan([taskSpec(fresh, [], { files: [`src/${fresh}.ts`] })], fresh);
    }
    case "plan_review_submit":
      return { ...approval(state), revision: Number(word("revision")), hash: word("plan_hash") };
    case "task_cancel":
      return { type: "cancel_task", task: id.task(word("task_cancel with task")), why: "declined" };
    case "swarm_complete":
      return { type: "complete_swarm", summary: "done" };
    case "task_claim":
      return { type: "claim_task", task: id.task(word("with task")) };
    case "task_submit": {
      const task = state.tasks.get(id.task(word("task_submit with task")));
      return {
        type: "submit_task",
        task: id.task(word("task_submit with task")),
        attempt: Number(word("attempt")),
        evidence: numbers(task?.criteria ?? 0),
        submission: "{}",
      };
    }
    case "diff_get": {
      const page = Number(word("cursor").slice(1)) || 1;
      const sha = job.kind === "review" ? job.sha : "";
      return { type: "read_diff", task: id.task(word("with task")), sha, page, pages: Math.max(page, session.pages.of, 2) };
    }
    case "task_review_submit": {
      const criteria = numbers(Number(/and (\d+) criteria/.exec(text)?.[1])).map((n) => ({ n, met: "yes" as const }));
      return { type: "review_task", task: id.task(word("with task")), sha: word("sha"), criteria, findings: [], text: "{}" };
    }
    case "finding_verify": {
      const [task, sha, finding] = [id.task(word("finding_verify with task")), word("sha"), word("finding")];
      const after = state.tasks.get(task)?.openReview?.doubts.filter(({ answer }) => answer !== null).length ?? 0;
      return { type: "verify_finding", task, sha, finding, answer: "refuted", after, text: "{}" };
    }
    default:
      throw new Error(`next names ${tool}, which this test cannot obey`);
  }
}

/** What is wrong with the advice every live session would get now. */
function wrongAdvice(world: World): string[] {
  const { state, now } = world;
  return [...state.sessions.values()].flatMap((session) => {
    if (session.status !== "live") return [];
    const step = nextStep(state, session);
    if (step.tool === null)
      return mayEnd(state, session) ? [] : [`${session.id} (${session.job.kind}) is told to end its turn with its job open: ${step.text}`];
    const actor: Actor = { kind: "session", seat: session.seat, session: session.id, run: session.run };
    const decision = decide(state, obey(state, session, step), actor, now);
    return decision.ok ? [] : [`${step.text} → ${decision.refusal.code} ${decision.refusal.message}`];
  });
}

/** Ending the turn is right when nothing is open for this session, or when a person has to answer first. */
const mayEnd = (state: Readonly<State>, session: Readonly<Session>): boolean =>
  OVER.has(state.status) || jobState(state, session) !== "open" || (session.job.kind === "plan" && state.openGates.size > 0);

/** Every answer of whoami keeps its size, whatever the state. */
function tooLong(world: World): string[] {
  return [...world.state.sessions.keys()].flatMap((session) => {
    const facts = whoamiFacts(world.state, session, world.now);
    const size = facts ? tokens(JSON.stringify(whoamiAnswer(facts, textsFrom(new Map())))) : 0;
    return size > 400 ? [`${session}: ${size} tokens`] : [];
  });
}

test("[prompts.next.property] whoami.next names a call that is accepted, or rightly the end of the turn, in every reachable state", () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 250, size: "max" }), (moves) => {
      const world = World.started(LIMITS);
      for (const one of moves) {
        const sent = interpret(world, one);
        if (sent) world.send(sent.command, sent.actor);
        expect(
          [...wrongAdvice(world), ...tooLong(world)],
          `after ${JSON.stringify(world.history.map((past) => past.command.type))}`,
        ).toEqual([]);
      }
    }),
    { numRuns: RUNS },
  );
});

test("[prompts.next.property-solo] the same in a swarm without a queen", () => {
  const team = MINIMAL.filter(({ seat }) => seat === "reviewer" || seat === "dev-0");
  fc.assert(
    fc.property(fc.array(move, { maxLength: 200, size: "max" }), (moves) => {
      const world = World.started(LIMITS, team, taskSpec("t1"));
      for (const one of moves) {
        const sent = interpret(world, one);
        if (sent) world.send(sent.command, sent.actor);
        expect(wrongAdvice(world)).toEqual([]);
      }
    }),
    { numRuns: RUNS },
  );
});

test("[prompts.next.path] obeying next alone carries a swarm from its goal to its end", () => {
  const world = World.started();
  for (let step = 0; step < 60 && !OVER.has(world.state.status); step++) {
    world.settle();
    for (const session of [...world.state.sessions.values()]) {
      if (session.status !== "live" || session.turn !== "running") continue;
      const next = nextStep(world.state, session);
      if (next.tool === null) world.endTurn(session.seat);
      else world.must(obey(world.state, session, next), world.by(session.seat));
    }
  }
  expect(world.state.status).toBe("completed");
  expect(world.state.byStatus.merged.size).toBe(1);
});
