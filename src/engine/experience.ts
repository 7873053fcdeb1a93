/** What a new swarm will probably cost, by those before it. */
import { type Experience, experienceOf, type Reckoning, reckon } from "../domain/estimate.ts";
import type { SwarmHandle } from "./api.ts";

/** The newest swarms say most about the next one. */
const MOST_EXPERIENCE = 20;

/** null: there is too little to go by. */
export async function reckonBy(swarms: readonly SwarmHandle[]): Promise<Reckoning | null> {
  return reckon(await experience(swarms));
}

async function experience(swarms: readonly SwarmHandle[]): Promise<readonly Experience[]> {
  const told = await Promise.all(swarms.map((swarm) => swarm.look((state) => ({ at: state.createdAt, of: experienceOf(state) }))));
  return told
    .sort((a, b) => b.at - a.at)
    .flatMap(({ of }) => of ?? [])
    .slice(0, MOST_EXPERIENCE);
}
