/** Kills writers at random moments, starts them again, and at the end counts what they were told was done. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { systemClock } from "../../../src/base/clock.ts";
import type { SeatId } from "../../../src/base/ids.ts";
import type { Commit } from "../../../src/store/ports.ts";
import { until } from "../../support/until.ts";
import { fileSwarm, SWARM } from "./adapters.ts";
import { startScript } from "./child.ts";
import type { Order, Said } from "./crash-writer.ts";
import { seeded } from "./seeded.ts";

export interface CrashPlan {
  readonly writers: number;
  readonly kills: number;
  readonly seed: number;
  readonly tearOneIn: number;
  /** Of so many kills one is a stop instead, ended after `stopMs`. */
  readonly stopOneIn: number;
  readonly stopMs: number;
}

interface Acked {
  readonly commits: Map<number, { seq: number; id: string }>;
  readonly letters: Map<number, string>;
}
export interface CrashOutcome {
  readonly violations: string[];
  readonly facts: { kills: number; tore: number; stops: number; commits: number; letters: number; torn: number; losers: number };
}

const INBOX = "inbox-0" as SeatId;

export async function crash(plan: CrashPlan): Promise<CrashOutcome> {
  const { root, open, swarm } = await fileSwarm();
  await swarm.close();
  const violations: string[] = [];
  const taken = new Set<string>();
  const acked = new Map<string, Acked>();
  const count = { kills: 0, tore: 0, stops: 0 };

  /** One writer after another under one name, each going on where the last one's acknowledgements end. */
  async function life(name: string, random: () => number): Promise<void> {
    const mine: Acked = { commits: new Map(), letters: new Map() };
    acked.set(name, mine);
    while (count.kills < plan.kills) {
      const next = { commit: mine.commits.size + 1, letter: mine.letters.size + 1 };
      const order: Order = { root, swarm: SWARM, name, seed: random() * 2 ** 32, tearOneIn: plan.tearOneIn, ...next };
      const child = await startScript("crash-writer.ts", [JSON.stringify(order)]);
      const exit = once(child, "close");
      let heard = 0;
      let stopAt = Math.floor(random() * 40);
      const killAt = stopAt + (random() * plan.stopOneIn < 1 ? 10 : 0);
      if (killAt === stopAt) stopAt = -1;
      for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
        hear(JSON.parse(line) as Said, mine);
        heard++;
        if (heard === stopAt) await stopAWhile(child);
        if (heard === killAt + 1 && child.kill("SIGKILL")) count.kills++;
      }
      const [code, signal] = await exit;
      if (signal !== "SIGKILL") violations.push(`${name} ended with ${code ?? signal}`);
      else if (heard <= killAt) count.tore++;
    }
  }

  async function stopAWhile(child: ChildProcess): Promise<void> {
    count.stops++;
    child.kill("SIGSTOP");
    const end = systemClock.monotonic() + plan.stopMs;
    await until(() => systemClock.monotonic() >= end, { timeoutMs: plan.stopMs + 5_000 });
    child.kill("SIGCONT");
  }

  function hear(said: Said, mine: Acked): void {
    if (said.did === "commit") mine.commits.set(said.n, said);
    else if (said.did === "letter") mine.letters.set(said.n, said.id);
    else if (taken.has(said.id)) violations.push(`letter ${said.id} was handed out twice`);
    else taken.add(said.id);
  }

  const lives = Array.from({ length: plan.writers }, (_, n) => life(`writer-${n}`, seeded(plan.seed * 1_000 + n)));
  await Promise.all(lives);

  const after = await open();
  const commits = await after.log.read(0);
  for (const [name, mine] of acked) violations.push(...checkCommits(name, mine, commits));
  for (const { seq, events } of commits) {
    if ((events[0] as { after: number }).after !== seq - 1) violations.push(`commit ${seq} was decided on another state`);
  }
  // One listing per state: a letter in two of them shows twice.
  const ids = (await Promise.all((["stored", "offered", "seen"] as const).map((state) => after.mail.list(INBOX, [state])))).flat();
  const letters = await after.mail.read(INBOX, ids);
  if (letters.length !== ids.length) violations.push(`${ids.length - letters.length} letters cannot be read`);
  for (const [name, mine] of acked) violations.push(...checkLetters(name, mine, letters));
  const { torn, losers } = after.log as unknown as { torn: number; losers: number };
  await after.close();
  return { violations, facts: { ...count, commits: commits.length, letters: letters.length, torn, losers } };
}

/** Each acknowledged commit is there once, and the writer's keys are 1, 2, 3 … without hole or repetition. */
function checkCommits(name: string, mine: Acked, commits: readonly Commit[]): string[] {
  const own = commits.filter(({ by }) => by === name);
  const problems = own.flatMap(({ key }, n) => (key === `${name}-${n + 1}` ? [] : [`${name} has ${key} in place ${n + 1}`]));
  for (const [n, { seq, id }] of mine.commits) {
    const found = own.filter(({ key }) => key === `${name}-${n}`);
    if (found.length !== 1 || found[0]?.id !== id || found[0].seq !== seq)
      problems.push(`${name}: acknowledged commit ${n} is there ${found.length} times`);
  }
  return problems;
}

function checkLetters(name: string, mine: Acked, letters: readonly { id: string; from: string; subject: string }[]): string[] {
  const own = letters.filter(({ from }) => from === name);
  const problems: string[] = [];
  for (const [n, id] of mine.letters) {
    const found = own.filter(({ subject }) => subject === String(n));
    if (found.length !== 1 || found[0]?.id !== id) problems.push(`${name}: acknowledged letter ${n} is there ${found.length} times`);
  }
  const unacked = own.length - mine.letters.size;
  if (unacked < 0 || unacked > 1) problems.push(`${name} has ${own.length} letters, ${mine.letters.size} acknowledged`);
  return problems;
}
