/** One round: a swarm on a stage of its own, blow after blow, and what is true after each and at the end. */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { sleep, systemClock } from "../../src/base/clock.ts";
import { describeError } from "../../src/base/errors.ts";
import { checkoutState } from "../support/repo.ts";
import { Crew } from "./crew.ts";
import * as judge from "./judge.ts";
import { ending, eventsOf, type Line, readLines } from "./log.ts";
import type { Fault, Round } from "./plan.ts";
import { type ChaosPlaybook, PLAYBOOKS } from "./playbooks.ts";
import { type Stage, setStage, swarmFolder, swarmFolders } from "./stage.ts";
import { Striker } from "./strike.ts";

export interface Outcome {
  readonly problems: readonly string[];
  /** Faults that happened, in order. */
  readonly struck: readonly { readonly fault: Fault; readonly did: string }[];
  /** Faults that found nothing to happen to. */
  readonly missed: readonly Fault[];
  readonly met: ReadonlySet<string>;
  readonly acked: { readonly commands: number; readonly letters: number };
  readonly lost: number;
  readonly commits: number;
  readonly status: string | null;
  readonly ms: number;
  /** Kept when something is wrong, null when it was removed. */
  readonly dir: string | null;
}

/** For the commits a blow waits for; a swarm that stands still is struck all the same. */
const STEP_MS = 3_000;
const END_MS = 90_000;
const LEAVE_MS = 20_000;
/** Two agents may share a worktree only while the older is being ended. */
const OVERLAP_MS = 8_000;

export async function playRound(program: string, { playbook: name, blows }: Round, keep = false): Promise<Outcome> {
  const begun = systemClock.monotonic();
  const playbook: ChaosPlaybook = PLAYBOOKS[name];
  const stage = setStage(program, playbook);
  // However the runner ends, nothing of a round outlives it.
  const sweep = (): void => stage.living().forEach(({ pid }) => void end(pid));
  process.on("exit", sweep);
  const checkout = checkoutState(stage.repo);
  const problems: string[] = [];
  const struck: { fault: Fault; did: string }[] = [];
  const unmet: Fault[] = [];
  let known: readonly Line[] = [];
  const look = (): readonly Line[] => {
    const now = readLines(swarmFolder(stage));
    problems.push(...judge.lostCommits(known, now));
    known = now;
    return now;
  };

  // What is met at the very beginning is armed before anybody begins.
  const crew = new Crew(stage, playbook);
  const striker = new Striker(stage, crew);
  const watch = watchAgents(stage, problems);
  try {
    for (const { fault, after } of blows) {
      const from = look().length;
      await until(() => look().length >= from + after || ending(known).status !== null, STEP_MS);
      const did = ending(known).status === null ? await striker.strike(fault) : null;
      if (did === null) unmet.push(fault);
      else struck.push({ fault, did });
      look();
      if (JSON.stringify(checkoutState(stage.repo)) !== JSON.stringify(checkout)) problems.push(`the user's checkout changed after ${did}`);
    }
    stage.control.disarm();
    crew.calm();
    const ended = await until(() => look().length > 0 && ending(known).status !== null && ending(known).closed, END_MS);
    if (!ended) problems.push(`the swarm did not end in ${END_MS} ms: ${ending(known).status ?? "running"}`);
    if (ended && playbook.undo !== undefined) await undo(crew, playbook.undo, path.basename(swarmFolder(stage) ?? ""), problems);
  } catch (error) {
    problems.push(`the runner failed: ${describeError(error)}`);
  } finally {
    watch.end();
    await crew.close();
    problems.push(...(await leave(stage, striker)));
    process.off("exit", sweep);
  }
  look();
  const late = unmet.flatMap((fault) => striker.met(fault) ?? []);
  const missed = unmet.filter((fault) => striker.met(fault) === null);
  const acks = crew.operators.flatMap((operator) => operator.acks);
  problems.push(...crew.operators.flatMap((operator) => operator.problems));
  const lost = [...judge.lostAcks(acks, known, swarmFolder(stage) ?? ""), ...judge.lostCounts(acks, known)];
  problems.push(...lost, ...judged(stage, known));
  if (JSON.stringify(checkoutState(stage.repo)) !== JSON.stringify(checkout)) problems.push("the user's checkout changed");
  const { status } = ending(known);
  if (status !== null && status !== "completed") problems.push(`the swarm is ${status}`);
  const met = stage.control.met();
  const good = problems.length === 0 && !keep;
  if (good) rmSync(stage.dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  const letters = acks.filter(({ tool }) => tool === "message_send").length;
  return {
    ...{ problems: [...new Set(problems)], struck: [...struck, ...late], missed, met, lost: lost.length, commits: known.length, status },
    acked: { commands: acks.length - letters, letters },
    ms: Math.round(systemClock.monotonic() - begun),
    dir: good ? null : stage.dir,
  };
}

function judged(stage: Stage, lines: readonly Line[]): readonly string[] {
  const folder = swarmFolder(stage);
  if (folder === null) return ["no swarm was made"];
  const swarms = swarmFolders(stage);
  return [
    ...(swarms.length === 1 ? [] : [`${swarms.length} swarms were made of one wish`]),
    ...judge.badStates(lines),
    ...judge.unapproved(eventsOf(lines), stage.repo),
    ...judge.badBranch(eventsOf(lines), stage.repo),
    ...judge.doubleLetters(lettersIn(folder)),
  ];
}

function lettersIn(folder: string): readonly { from: string; subject: string }[] {
  const mail = path.join(folder, "mail");
  return readdirSync(mail).flatMap((inbox) =>
    ["new", "offered", "cur"].flatMap((state) =>
      readdirSync(path.join(mail, inbox, state)).map((name) => {
        const { from, subject } = JSON.parse(readFileSync(path.join(mail, inbox, state, name), "utf8")) as {
          from: string;
          subject: string;
        };
        return { from, subject: `${inbox}: ${subject}` };
      }),
    ),
  );
}

/** A merged task goes out of the swarm that has ended: once, whatever happens to the host. */
async function undo(crew: Crew, task: string, swarm: string, problems: string[]): Promise<void> {
  const done = await crew.lead.wish("task_undo", { swarm, task, drop: true, why: "not wanted" }, new AbortController().signal);
  if (done === null) problems.push(`${task} was not undone: ${crew.lead.refused.at(-1)}`);
}

/** Everything ends by itself: nothing needs a host any more. What does not is named, and ended. */
async function leave(stage: Stage, striker: Striker): Promise<readonly string[]> {
  if (await until(() => stage.living().length === 0, LEAVE_MS)) return [];
  const left = stage.living();
  striker.close();
  for (const { pid } of left) end(pid);
  await until(() => stage.living().length === 0, LEAVE_MS);
  return left.map(({ pid, command }) => `process ${pid} is left: ${command}`);
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it ended by itself meanwhile
  }
}

/** No worktree has two agents in it for long. */
function watchAgents(stage: Stage, problems: string[]): { end(): void } {
  const since = new Map<string, number>();
  const over = new AbortController();
  const work = async (): Promise<void> => {
    for (; !over.signal.aborted; await sleep(500, over.signal)) {
      const agents = stage.agents();
      const pairs = agents.flatMap((a) =>
        agents.flatMap((b) => (a.cwd === b.cwd && a.pid < b.pid ? [`${a.pid} and ${b.pid} in ${a.cwd}`] : [])),
      );
      for (const pair of [...since.keys()]) if (!pairs.includes(pair)) since.delete(pair);
      for (const pair of pairs) {
        const first = since.get(pair) ?? systemClock.monotonic();
        since.set(pair, first);
        if (systemClock.monotonic() - first > OVERLAP_MS) problems.push(`two agents: ${pair}`);
      }
    }
  };
  void work();
  return { end: () => over.abort() };
}

async function until(holds: () => boolean, ms: number): Promise<boolean> {
  const deadline = systemClock.monotonic() + ms;
  while (!holds()) {
    if (systemClock.monotonic() >= deadline) return false;
    await sleep(20);
  }
  return true;
}
