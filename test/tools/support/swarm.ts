/**
 * A swarm in a real repository with a real store and the real rules, its agents as MCP clients. The engine's effects are
 * played by the test: what react owes is answered with the usual result, or with the one the test gives.
 */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { systemClock } from "../../../src/base/clock.ts";
import type { SeatId, TaskId } from "../../../src/base/ids.ts";
import type { EngineCommand } from "../../../src/domain/commands.ts";
import type { Effect } from "../../../src/domain/effects.ts";
import { react } from "../../../src/domain/react.ts";
import type { Caller } from "../../../src/engine/caller.ts";
import type { LiveSwarm } from "../../../src/engine/host/context.ts";
import type { StoredProject } from "../../../src/engine/project.ts";
import { buildServer } from "../../../src/mcp/build-server.ts";
import { projectServices } from "../../../src/tools/project-services.ts";
import type { Toolset } from "../../../src/tools/toolset.ts";
import { usualResult } from "../../domain/world.ts";
import { HARNESSES } from "../../engine/support/harnesses.ts";
import { commitAll, type Files, projectAt, quiet, repository, runGit } from "../../engine/support/repository.ts";

export interface Answer {
  readonly ok: boolean;
  readonly text: string;
  /** Structured facts; empty for prose and refusals. */
  readonly facts: Record<string, unknown>;
  /** Of a refusal. */
  readonly code: string | null;
  readonly raw: CallToolResult;
}
type Args = Readonly<Record<string, unknown>>;
type Done = EngineCommand | null | undefined;
export type Override = (effect: Effect) => Done | Promise<Done>;

export const FILES: Files = { "README.md": "# A library\n", "src/a.ts": "export const a = 1;\n", "src/b.ts": "export const b = 1;\n" };

export const PLAN = {
  goal: "add and double",
  conditions: ["add() adds", "double() doubles"],
  approach: "two small tasks",
  tasks: [
    {
      id: "t1",
      title: "Add add()",
      brief: "add it",
      files: ["src/a.ts"],
      criteria: ["add(1, 2) is 3", "it is exported"],
      proof: "tests_pass",
      meets: [1],
      contract: "add(a: number, b: number): number",
    },
    {
      id: "t2",
      title: "Add double()",
      brief: "add it",
      files: ["src/b.ts"],
      criteria: ["double(2) is 4"],
      proof: "tests_pass",
      meets: [2],
      after: ["t1"],
    },
  ],
} as const;

export class TestSwarm {
  readonly root: string;
  readonly project: StoredProject;
  readonly swarm: LiveSwarm;
  readonly #clients = new Map<string, Client>();

  private constructor(root: string, project: StoredProject, swarm: LiveSwarm) {
    this.root = root;
    this.project = project;
    this.swarm = swarm;
  }

  static async start(goal = "Add add() and double().", files: Files = FILES): Promise<TestSwarm> {
    const root = repository(files);
    const project = await projectAt(root);
    const { handle } = await project.create({ goal, team: null, flags: { "harness.default": "scripted" } });
    const made = new TestSwarm(root, project, await project.open(handle.id));
    await made.adopt();
    return made;
  }

  /** One that was made in another way. */
  static async of(project: StoredProject, id: string): Promise<TestSwarm> {
    const made = new TestSwarm(project.root, project, await project.open(id as never));
    await made.adopt();
    return made;
  }

  /** Takes the lease and lets everything owed happen. */
  async adopt(): Promise<void> {
    const holder = { id: "h1", pid: 7, start: "1", machine: "m", boot: "b" };
    await this.engine({ type: "take_lease", over: 0, holder, address: "http://127.0.0.1:1/mcp" });
    await this.settle();
  }

  /** A process of its own on the same swarm. */
  get state() {
    return this.swarm.state;
  }

  async engine(command: EngineCommand): Promise<void> {
    const answer = await this.swarm.submit(command, { kind: "engine", epoch: this.swarm.state.epoch });
    if (!answer.ok) throw new Error(`${command.type}: ${answer.refusal.code} ${answer.refusal.message}`);
  }

  /** Answers what is owed until nothing is. An override answers null to leave an effect undone, undefined for the usual. */
  async settle(override: Override = () => undefined): Promise<void> {
    for (let round = 0; round < 100; round++) {
      await this.swarm.refresh();
      const { effects, due } = react(this.swarm.state, systemClock.now());
      for (const command of due) await this.engine(command);
      let moved = due.length > 0;
      for (const effect of react(this.swarm.state, systemClock.now()).effects) {
        const given = await override(effect);
        if (given === null) continue;
        await this.engine(given ?? this.#usual(effect));
        moved = true;
      }
      if (!moved || (effects.length === 0 && due.length === 0)) return;
    }
    throw new Error("the swarm does not settle");
  }

  #usual(effect: Effect): EngineCommand {
    const usual = usualResult(this.swarm.state, effect);
    if (usual.type === "record_opened") return { ...usual, tip: this.swarm.state.base };
    return usual.type === "record_commit"
      ? { ...usual, sha: this.submission(effect as Extract<Effect, { kind: "commit_submission" }>) }
      : usual;
  }

  /** A real commit on the task's base, as skep would make it. */
  submission({ task, attempt }: { readonly task: TaskId; readonly attempt: number }, text?: string): string {
    const { base, files } = this.task(task);
    runGit(this.root, "checkout", "--quiet", "--detach", base ?? "HEAD");
    const content = text ?? `export const ${task} = ${attempt};\n// second line\n`;
    const sha = commitAll(this.root, { [files[0] ?? "x"]: content }, `${task} ${attempt}`);
    runGit(this.root, "checkout", "--quiet", "main");
    return sha;
  }

  task(id: string) {
    const task = this.swarm.state.tasks.get(id as TaskId);
    if (!task) throw new Error(`no task ${id}`);
    return task;
  }

  session(seat: string) {
    const id = this.swarm.state.seats.get(seat as SeatId)?.session;
    const session = id && this.swarm.state.sessions.get(id);
    if (!session) throw new Error(`${seat} has no session`);
    return session;
  }

  caller(seat: string): Caller {
    if (seat === "operator") return { kind: "operator" };
    const { id, run } = this.session(seat);
    const duty = this.swarm.state.seats.get(seat as SeatId)?.duty ?? "worker";
    return { kind: "session", swarm: this.swarm.id, seat: seat as SeatId, session: id, run, duty };
  }

  /** A client of its own for each session of each seat. */
  async client(seat: string, caller: Caller = this.caller(seat)): Promise<Client> {
    const name = JSON.stringify(caller);
    const known = this.#clients.get(name);
    if (known) return known;
    const client = await connect(caller, this.project);
    this.#clients.set(name, client);
    return client;
  }

  async call(seat: string, tool: string, args: Args = {}, meta?: Args): Promise<Answer> {
    return ask(await this.client(seat), tool, args, meta);
  }

  /** The answer of a call that must succeed. */
  async must(seat: string, tool: string, args: Args = {}, meta?: Args): Promise<Answer> {
    const answer = await this.call(seat, tool, args, meta);
    if (!answer.ok) throw new Error(`${tool}: ${answer.text}`);
    return answer;
  }

  /** To the point where tasks of PLAN are given out. */
  async approve(plan: Args = PLAN): Promise<void> {
    const submitted = await this.must("queen", "plan_submit", plan);
    await this.settle();
    const conditions = (plan.conditions as readonly string[]).length;
    const tasks = (plan.tasks as readonly { id: string; meets: readonly number[] }[]) ?? [];
    const coverage = Array.from({ length: conditions }, (_, index) => ({
      condition: index + 1,
      tasks: tasks.filter((task) => task.meets.includes(index + 1)).map((task) => task.id),
    }));
    await this.must("reviewer", "plan_review_submit", {
      revision: submitted.facts.revision,
      plan_hash: submitted.facts.plan_hash,
      coverage,
      findings: [],
    });
    await this.endTurn("reviewer");
    await this.settle();
  }

  async endTurn(seat: string): Promise<void> {
    const { id, run } = this.session(seat);
    const usage = { inputTokens: 1, outputTokens: 1, cachedTokens: 0, usd: null };
    await this.engine({ type: "record_turn_ended", session: id, run, ok: true, error: null, usage });
  }

  /** The seat that holds a claim on the task. */
  holder(task: string): string {
    const { seat } = this.task(task);
    if (!seat) throw new Error(`nobody holds ${task}`);
    return seat;
  }
}

export async function connect(
  caller: Caller,
  project: StoredProject | null,
  closing: AbortSignal = new AbortController().signal,
  toolset: Toolset = "full",
): Promise<Client> {
  const ground = project ? { project, services: projectServices(project, HARNESSES) } : null;
  const parts = { caller, ground: async () => ground, clock: systemClock, logger: quiet, version: "0.0.0", closing };
  const server = buildServer({ ...parts, lasting: true, toolset });
  const client = new Client({ name: "test", version: "0" });
  const [mine, its] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(its), client.connect(mine)]);
  return client;
}

export async function ask(client: Client, name: string, args: Args = {}, meta?: Args): Promise<Answer> {
  const raw = (await client.callTool({ name, arguments: { ...args }, ...(meta ? { _meta: { ...meta } } : {}) })) as CallToolResult;
  const [first] = raw.content;
  const error = raw._meta?.["dev.skep/error"] as { code?: string } | undefined;
  return {
    ok: raw.isError !== true,
    text: first?.type === "text" ? first.text : "",
    facts: (raw.structuredContent ?? {}) as Record<string, unknown>,
    code: error?.code ?? null,
    raw,
  };
}
