/** How much an operator's client is offered: everything, or what a small context can bear. */
export type Toolset = "full" | "core";
export const TOOLSETS: readonly Toolset[] = ["full", "core"];

/** The fewest with which a swarm can be run, watched, answered and landed. */
const CORE = ["gate_answer", "swarm_create", "swarm_land", "swarm_wait"] as const;

/** null: all of the operator's. */
export const toolsIn = (toolset: Toolset): readonly string[] | null => (toolset === "core" ? CORE : null);
