/** The project a command works in, with the real services of its tools: wired here for the terminal and the stdio server. */
import { systemClock } from "../../base/clock.ts";
import type { Logger } from "../../base/logger.ts";
import { openProject, type StoredProject } from "../../engine/project.ts";
import { HARNESSES } from "../../harness/index.ts";
import { TOOLS_BY_DUTY } from "../../tools/index.ts";
import { projectServices } from "../../tools/project-services.ts";
import type { Services } from "../../tools/services.ts";

export interface OpenGround {
  readonly project: StoredProject;
  readonly services: Services;
}

/** Throws NO_PROJECT and its kin. */
export async function openGround(explicit: string | undefined, env: NodeJS.ProcessEnv, logger: Logger): Promise<OpenGround> {
  const harnesses = new Map(Object.entries(HARNESSES));
  const place = { explicit, env, cwd: process.cwd() };
  const project = await openProject({ ...place, clock: systemClock, logger, harnesses, tools: TOOLS_BY_DUTY });
  return { project, services: projectServices(project, harnesses) };
}
