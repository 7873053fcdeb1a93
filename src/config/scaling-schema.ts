/** The block `scaling`: how many agents there may be, and whether a swarm grows by itself. */
import { z } from "zod";
import { DEFAULT_SCALING, type Scaling } from "../domain/scaling.ts";
import { id, minutes } from "./values.ts";

const agents = z.number().int().min(1).max(64);
const MINUTE = 60_000;

export const scaling = z
  .strictObject({
    max: z
      .strictObject({
        swarm: agents
          .min(2)
          .nullable()
          .default(DEFAULT_SCALING.max.swarm)
          .describe("Agents in all, queen and reviewers included; up to these a swarm grows by itself. Null: it does not."),
        roles: z.record(id, agents).default({}).describe("Agents of a role, e.g. {developer: 3, reviewer: 2}."),
        providers: z.record(z.string().min(1).max(200), agents).default({}).describe("Agents of a provider, e.g. {anthropic: 4}."),
      })
      .prefault({})
      .describe("Caps on agents at the same time, however they come."),
    perTick: agents.default(DEFAULT_SCALING.perTick).describe("Agents that may join by themselves within one cool-down."),
    coolDownMinutes: minutes.default(DEFAULT_SCALING.coolDownMs / MINUTE).describe("How long the cool-down is."),
    idleMinutes: minutes
      .default(DEFAULT_SCALING.idleMs / MINUTE)
      .describe("An agent that joined by itself and has nothing to do for this long leaves."),
  })
  .describe("How a swarm grows and shrinks with its work.");

/** In the engine's units; what may join is not the config's to say. */
export function scalingLimits({ max, perTick, coolDownMinutes, idleMinutes }: z.output<typeof scaling>): Scaling {
  return { max, perTick, coolDownMs: Math.round(coolDownMinutes * MINUTE), idleMs: Math.round(idleMinutes * MINUTE), grows: [] };
}
