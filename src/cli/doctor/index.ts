/** Every look of `skep doctor`, one file and one line each, in the order they are shown. */
import { agents } from "./agents.ts";
import { budgets } from "./budgets.ts";
import type { DoctorCheck } from "./check.ts";
import { clients } from "./clients.ts";
import { config } from "./config.ts";
import { environment } from "./environment.ts";
import { floods } from "./floods.ts";
import { git } from "./git.ts";
import { host } from "./host.ts";
import { inotify } from "./inotify.ts";
import { node } from "./node.ts";
import { notify } from "./notify.ts";
import { prices } from "./prices.ts";
import { project } from "./project.ts";
import { rules } from "./rules.ts";
import { state } from "./state.ts";
import { swarms } from "./swarms.ts";
import { worktrees } from "./worktrees.ts";

export const LOOKS: readonly DoctorCheck[] = [
  node,
  git,
  project,
  state,
  worktrees,
  swarms,
  config,
  rules,
  host,
  inotify,
  clients,
  notify,
  agents,
  environment,
  budgets,
  floods,
  prices,
];
