/** A swarm as it would begin now: its team, its caps and what those before it cost. Nothing is made for it. */
import { limitsOf } from "../config/effective.ts";
import { atBirth } from "../domain/decide-swarm.ts";
import { estimate } from "../domain/estimate.ts";
import type { State } from "../domain/model.ts";
import type { SwarmHandle } from "./api.ts";
import { reckonBy } from "./experience.ts";
import { growing, joiners } from "./joiners.ts";
import { type Harnesses, readBaseSettings, type SettingsOrder, teamSeats } from "./settings.ts";

export interface OutlookGround extends SettingsOrder {
  readonly harnesses: Harnesses;
  readonly swarms: readonly SwarmHandle[];
}

/** Throws NO_TEAM, NO_HARNESS and what else keeps a swarm from being made. */
export async function swarmOutlook({ harnesses, swarms, ...order }: OutlookGround): Promise<Readonly<State>> {
  const settings = await readBaseSettings(order);
  const seats = teamSeats(settings, harnesses);
  const limits = growing(limitsOf(settings.config), await joiners({ settings, harnesses, team: seats, env: order.env }));
  const reckoning = await reckonBy(swarms);
  const { id: team, solo } = settings.team;
  const said = reckoning === null ? {} : { reckoning, estimate: estimate(reckoning, solo) };
  return { ...atBirth({ limits, seats }), team, solo, ...said };
}
