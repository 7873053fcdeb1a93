/** The environment of what the host runs by itself for a swarm: setup steps and checks. */
import { cleanEnv } from "../proc/env.ts";
import type { World } from "./effects/effect.ts";
import { STEP_MARK } from "./session-mark.ts";

/** Marked, so that a later host ends what a killed one left running in the folder it works in. */
export const stepEnv = ({ swarm, host }: Pick<World, "swarm" | "host">, pass: readonly string[] = []): Record<string, string> =>
  cleanEnv(host.env, { CI: "true", [STEP_MARK]: swarm.id }, pass);
