/** What a new swarm will probably cost, by those before it. */
import { type Experience, estimate, experienceOf } from "../domain/estimate.ts";
import type { SwarmHandle } from "./api.ts";

/** The newest swarms say most about the next one. */
const MOST_EXPERIENCE = 20;

export async function estimateFor(swarms: readonly SwarmHandle[], solo: boolean): Promise<string | null> {
  return estimate(await experience(swarms), solo);
}

async function experience(swarms: readonly SwarmHandle[]): Promise<readonly Experience[]> {
  const told = await Promise.all(swarms.map((swarm) => swarm.look((state) => ({ at: state.createdAt, of: experienceOf(state) }))));
  return told
    .sort((a, b) => b.at - a.at)
    .flatMap(({ of }) => of ?? [])
    .slice(0, MOST_EXPERIENCE);
}
