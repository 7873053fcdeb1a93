/** Whether somebody acts for the swarm: what only a look at the machine tells. */
import { inline } from "./foreign.ts";
import type { State } from "./model.ts";
import { type Because, because } from "./why-scene.ts";
import { WAIT } from "./why-step.ts";

export interface HostFacts {
  /** silent: its process lives and does not answer. down: it ended too often, and its keeper gave up. */
  readonly state: "up" | "starting" | "silent" | "down" | "none";
  /** Which process run answers; null when none does. */
  readonly holder: string | null;
  /** The last words of one that would not stay up. */
  readonly why: string | null;
  /** Nothing more fits on the disk that holds the state. */
  readonly full: boolean;
}

/** null: a host acts for this swarm, or nobody has to. */
export function hostBecause(state: Readonly<State>, { state: host, holder, why, full }: HostFacts): Because | null {
  if (full) return because("disk_full", "the disk that holds its state is full: free some space", { do: "examine" });
  switch (host) {
    case "up":
      // A swarm that is paused has no engine, and needs none.
      if (state.status === "paused" || holder === null || state.lease?.holder.id === holder) return null;
      return because("host_elsewhere", "the host runs and does not act for this swarm yet", { do: "examine" });
    case "starting":
      return because("host_starting", "the host is coming up", WAIT);
    case "silent":
      return because("host_silent", "the host's process does not answer", { do: "serve", replace: true });
    case "down":
      return because("host_down", `the host does not stay up: ${inline(why ?? "", 300)}`, { do: "serve", replace: false });
    case "none":
      return because("no_host", "no host runs; nothing is lost, and the next step starts one", WAIT);
    default: {
      const never: never = host;
      throw new Error(`unhandled ${String(never)}`);
    }
  }
}
