/** Commands and ledgers of a swarm for tests of what stands around the domain. */
import { systemClock } from "../../../src/base/clock.ts";
import type { SwarmId } from "../../../src/base/ids.ts";
import type { Command } from "../../../src/domain/commands.ts";
import { decide } from "../../../src/domain/decide.ts";
import { evolve } from "../../../src/domain/evolve.ts";
import { DEFAULT_LIMITS } from "../../../src/domain/limits.ts";
import type { TaskSpec } from "../../../src/domain/model.ts";
import { emptyState } from "../../../src/domain/state.ts";
import type { Rules } from "../../../src/engine/ledger.ts";
import { MINIMAL } from "../../domain/world.ts";

export const RULES_OF_NOW: Rules = { decide, evolve, emptyState, clock: systemClock };

export const OPERATOR = { kind: "operator" } as const;
export const engine = (epoch: number) => ({ kind: "engine", epoch }) as const;

export const birth = (task: TaskSpec | null = null): Command => ({
  type: "create_swarm",
  swarm: "s-test" as SwarmId,
  goal: "a goal",
  title: "a goal",
  team: "minimal",
  solo: task !== null,
  base: "base",
  branch: "skep/s-test",
  target: "main",
  unseen: [],
  settings: "{}",
  limits: DEFAULT_LIMITS,
  seats: task ? MINIMAL.filter((seat) => seat.duty !== "queen") : MINIMAL,
  task,
});

export const lease = (over: number, id = "h1"): Command => ({
  type: "take_lease",
  over,
  holder: { id, pid: 7, start: "1", machine: "m", boot: "b" },
  address: "http://127.0.0.1:1/mcp",
});
