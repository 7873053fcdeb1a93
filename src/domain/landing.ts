/** How the work of a swarm can come to the user's branch. */
export const LAND_STRATEGIES = ["fast-forward", "merge", "squash", "pull-request"] as const;
export type LandStrategy = (typeof LAND_STRATEGIES)[number];
