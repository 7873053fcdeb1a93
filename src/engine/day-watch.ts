/**
 * What the other swarms of the project spent today, told to a swarm whose budget counts them. Derived from their logs: looked
 * at when this swarm starts, after each of its own turns, and after each turn of one that runs beside it.
 */
import type { Clock } from "../base/clock.ts";
import { describeError } from "../base/errors.ts";
import type { SwarmId } from "../base/ids.ts";
import type { Logger } from "../base/logger.ts";
import type { EngineCommand } from "../domain/commands.ts";
import type { Event } from "../domain/events.ts";
import { OVER, type State } from "../domain/model.ts";
import { dayOf, NOTHING, plus, type Spend } from "../domain/spend.ts";
import type { HostContext, LiveSwarm } from "./host/context.ts";

export interface DayWatchParts {
  readonly swarm: LiveSwarm;
  readonly project: HostContext["project"];
  readonly clock: Clock;
  readonly logger: Logger;
  submit(command: EngineCommand): Promise<unknown>;
}

type Day = State["day"];

export class DayWatch {
  readonly #parts: DayWatchParts;
  /** Swarms that are over: what they spent on their last day stays as it is. */
  readonly #settled = new Map<SwarmId, Day>();
  readonly #hearing = new Map<SwarmId, () => void>();
  #round: Promise<void> | null = null;
  #again = false;
  #stopped = false;

  constructor(parts: DayWatchParts) {
    this.#parts = parts;
  }

  start(): void {
    const { swarm } = this.#parts;
    if (Object.values(swarm.state.limits.budgets.day).every((cap) => cap === null)) return;
    this.#hear(swarm);
    this.#look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const unhear of this.#hearing.values()) unhear();
    await this.#round;
  }

  #hear(swarm: Pick<LiveSwarm, "id" | "onCommit">): void {
    if (this.#hearing.has(swarm.id)) return;
    this.#hearing.set(
      swarm.id,
      swarm.onCommit(({ events }: { readonly events: readonly Event[] }) => {
        if (events.some(({ type }) => type === "turn_ended")) this.#look();
      }),
    );
  }

  #look(): void {
    this.#again = true;
    this.#round ??= this.#rounds()
      .catch((error: unknown) => this.#parts.logger.warn({ error: describeError(error) }, "what was spent elsewhere today is not known"))
      .finally(() => {
        this.#round = null;
      });
  }

  async #rounds(): Promise<void> {
    const { swarm, project, clock, submit } = this.#parts;
    while (this.#again && !this.#stopped) {
      this.#again = false;
      const today = dayOf(clock.now());
      let sum: Spend = NOTHING;
      for (const id of await project.swarms()) {
        if (id === swarm.id) continue;
        const { day, ...spend } = await this.#dayOf(id).catch((error: unknown) => this.#unread(id, error));
        if (day === today) sum = plus(sum, spend);
      }
      const { usd, tokens, turns } = sum;
      if (!this.#stopped) await submit({ type: "record_elsewhere", day: today, usd, tokens, turns });
    }
  }

  /** One that cannot be read does not hide what the others spent. */
  #unread(swarm: SwarmId, error: unknown): Day {
    this.#parts.logger.warn({ swarm, error: describeError(error) }, "what this swarm spent today is not known");
    return { day: 0, ...NOTHING };
  }

  async #dayOf(id: SwarmId): Promise<Day> {
    const settled = this.#settled.get(id);
    if (settled) return settled;
    const { project } = this.#parts;
    const other = await project.open(id);
    const { day, over } = await other.look((state) => ({ day: { ...state.day }, over: OVER.has(state.status) && state.closed }));
    if (over) {
      this.#settled.set(id, day);
      this.#hearing.get(id)?.();
      await project.release(id);
    } else this.#hear(other);
    return day;
  }
}
