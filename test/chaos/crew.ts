/** The operators of a round: one begins the swarm and answers its gates, one writes letters, one pauses and resumes. */
import { sleep } from "../../src/base/clock.ts";
import { Operator } from "./operator.ts";
import type { ChaosPlaybook } from "./playbooks.ts";
import type { Stage } from "./stage.ts";

const GOAL = "Make every file of the plan";
/** Gates that only a wrong turn of the chaos itself opens are answered so that the work goes on. */
const GO_ON = ["retry", "another", "wait", "raise", "adopt", "back", "today"];
const ROOM_MS = 150;

export class Crew {
  readonly lead: Operator;
  readonly writer: Operator;
  readonly halter: Operator;
  readonly #team: string;
  readonly #work: Promise<void>;
  readonly #over = new AbortController();
  #letters = true;

  constructor(stage: Stage, { team }: ChaosPlaybook) {
    this.#team = team;
    [this.lead, this.writer, this.halter] = [new Operator("lead", stage), new Operator("writer", stage), new Operator("halter", stage)];
    this.#work = this.#all();
  }

  get operators(): readonly Operator[] {
    return [this.lead, this.writer, this.halter];
  }

  /** New wishes end; a swarm that is paused is resumed. */
  calm(): void {
    this.#letters = false;
  }

  async close(): Promise<void> {
    this.#over.abort();
    for (const operator of this.operators) await operator.close();
    await this.#work;
  }

  async #all(): Promise<void> {
    const { signal } = this.#over;
    const made = await this.lead.wish("swarm_create", { goal: GOAL, team: this.#team }, signal);
    if (made === null) return;
    const swarm = String(made.swarm);
    await Promise.all([this.#answer(swarm), this.#write(swarm), this.#halt(swarm)]);
  }

  async #answer(swarm: string): Promise<void> {
    const { signal } = this.#over;
    for (; !signal.aborted; await sleep(ROOM_MS * 2, signal)) {
      const status = await this.lead.look("swarm_status", { swarm });
      const gates = (status?.gates ?? []) as readonly { gate: string; options: readonly string[] }[];
      for (const { gate, options } of gates) {
        const answer = options.find((option) => GO_ON.includes(option)) ?? options[0] ?? "go on";
        await this.lead.wish("gate_answer", { swarm, gate, answer }, signal);
      }
    }
  }

  async #write(swarm: string): Promise<void> {
    const { signal } = this.#over;
    for (let n = 1; !signal.aborted; n++, await sleep(ROOM_MS, signal)) {
      if (!this.#letters) continue;
      const to = ["dev-0", "dev-1", "queen", "reviewer"][n % 4] ?? "queen";
      await this.writer.wish("message_send", { swarm, to, subject: `letter ${n}`, body: "x".repeat(n % 7 === 0 ? 20_000 : 50) }, signal);
    }
  }

  async #halt(swarm: string): Promise<void> {
    const { signal } = this.#over;
    for (; !signal.aborted; await sleep(ROOM_MS * 10, signal)) {
      if (!this.#letters) continue;
      await this.halter.wish("swarm_pause", { swarm }, signal);
      await this.halter.wish("swarm_resume", { swarm }, signal);
    }
  }
}
