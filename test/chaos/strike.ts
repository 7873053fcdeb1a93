/** Does to a stage what a fault says, and answers whether it happened. */
import type { ChildProcess } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { sleep, systemClock } from "../../src/base/clock.ts";
import type { Program } from "./control.ts";
import type { Crew } from "./crew.ts";
import { readLines } from "./log.ts";
import type { Fault } from "./plan.ts";
import { type Stage, swarmFolder } from "./stage.ts";

/** How long something is waited for that is to be hit: a process, a failpoint, a lock. */
const WAIT_MS = 2_500;
const LOOK_MS = 5;

export class Striker {
  readonly #stage: Stage;
  readonly #crew: Crew;
  readonly #others: ChildProcess[] = [];
  /** Where nobody has stopped yet is the next client. */
  #next = 0;
  #clock = 0;
  readonly #arms = new Map<Fault, string>();

  constructor(stage: Stage, crew: Crew) {
    this.#stage = stage;
    this.#crew = crew;
  }

  /** What it did, in a few words for the report; null when there was nothing to do it to. */
  async strike(fault: Fault): Promise<string | null> {
    const { control } = this.#stage;
    switch (fault.kind) {
      case "kill":
        return this.#kill(fault.who);
      case "failpoint": {
        const id = `arm-${this.#arms.size + 1}`;
        this.#arms.set(fault, id);
        control.arm({ id, point: fault.point, who: fault.who, act: fault.act });
        const hit = await this.#until(() => control.firedBy(id));
        return hit === null ? null : `${fault.act} ${fault.point}`;
      }
      case "stop":
        return this.#stop(fault.who, fault.ms);
      case "disk":
        control.breakDisk(fault.errno);
        await sleep(fault.ms);
        control.mendDisk();
        return `disk ${fault.errno}`;
      case "clock":
        this.#clock += fault.ms;
        control.setClock(this.#clock);
        return `clock ${fault.ms}`;
      case "locks":
        return this.#locks(fault.how);
      case "two-hosts":
        if (fault.killed) await this.#kill("host");
        this.#others.push(this.#stage.startHost(), this.#stage.startHost());
        return fault.killed ? "two hosts at once" : "two hosts beside one";
      case "torn-tail":
        return this.#tear(fault.bytes, fault.zeros);
    }
  }

  /** A failpoint may be come by after its time: what happened there, as `strike` would have told it. */
  met(fault: Fault): { readonly fault: Fault; readonly did: string } | null {
    const id = this.#arms.get(fault);
    if (id === undefined || fault.kind !== "failpoint" || this.#stage.control.firedBy(id) === null) return null;
    return { fault, did: `${fault.act} ${fault.point}` };
  }

  /** Hosts of its own: they end by themselves once nothing needs them. */
  close(): void {
    for (const child of this.#others) if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
  }

  #pid(who: Program | "agent"): number | null {
    if (who === "host" || who === "keeper") return this.#stage.pidOf(who);
    if (who === "agent") return this.#stage.agents()[0]?.pid ?? null;
    return this.#crew.operators[this.#next++ % this.#crew.operators.length]?.pid ?? null;
  }

  async #kill(who: Program | "agent"): Promise<string | null> {
    const pid = await this.#until(() => this.#pid(who));
    return pid !== null && send(pid, "SIGKILL") ? `kill ${who}` : null;
  }

  async #stop(who: "host" | "mcp", ms: number): Promise<string | null> {
    const pid = await this.#until(() => this.#pid(who));
    if (pid === null || !send(pid, "SIGSTOP")) return null;
    // Somebody has to want what the stopped one holds.
    if (who === "host") this.#others.push(this.#stage.startHost());
    await sleep(ms);
    send(pid, "SIGCONT");
    return `stop ${who}`;
  }

  async #locks(how: "delete" | "leave"): Promise<string | null> {
    const folder = swarmFolder(this.#stage);
    if (folder === null) return null;
    const locks = [path.join(folder, "events.jsonl.lock"), path.join(this.#stage.home, "host", "start.lock")];
    if (how === "leave") {
      for (const lock of locks) mkdirSync(lock, { recursive: true });
      return "locks of dead holders";
    }
    const gone = await this.#until(() => locks.filter((lock) => existsSync(lock) && removed(lock)).length || null);
    return gone === null ? null : "locks deleted";
  }

  #tear(bytes: number, zeros: boolean): string | null {
    const folder = swarmFolder(this.#stage);
    if (folder === null) return null;
    const next = readLines(folder).length + 1;
    const line = JSON.stringify({
      v: 1,
      seq: next,
      id: "torn",
      at: 0,
      by: "operator",
      command: "pause_swarm",
      events: [],
      pad: "x".repeat(400),
    });
    appendFileSync(path.join(folder, "events.jsonl"), zeros ? Buffer.alloc(bytes) : line.slice(0, bytes));
    return "torn tail";
  }

  async #until<T>(look: () => T | null): Promise<T | null> {
    const deadline = systemClock.monotonic() + WAIT_MS;
    for (;;) {
      const found = look();
      if (found !== null || systemClock.monotonic() >= deadline) return found;
      await sleep(LOOK_MS);
    }
  }
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // it ended a moment ago
  }
}

function removed(lock: string): boolean {
  rmSync(lock, { recursive: true, force: true });
  return true;
}
