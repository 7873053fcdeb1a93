/** Every resource of the operator's client, one line each, from the whole to its parts. A test compares this list with the folder. */
import { diffResource } from "./diff.ts";
import { inboxResource } from "./inbox.ts";
import { planResource } from "./plan.ts";
import type { ResourceSpec } from "./resource.ts";
import { swarmResource } from "./swarm.ts";
import { taskResource } from "./task.ts";
import { tasksResource } from "./tasks.ts";
import { transcriptResource } from "./transcript.ts";

export const RESOURCES: readonly ResourceSpec[] = [
  swarmResource,
  planResource,
  tasksResource,
  taskResource,
  diffResource,
  transcriptResource,
  inboxResource,
];
