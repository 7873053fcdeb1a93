import { SkepError } from "../../base/errors.ts";
import { OVER } from "../../domain/model.ts";
import { type Inspect, MEND } from "./damage.ts";

/** A swarm at work whose host is gone, and no other came: after a reboot, or when its keeper was killed as well. */
export const staleLease: Inspect = async ({ swarm, worked, wantHost }) => {
  if (worked) return [];
  const found = await swarm.look(({ status, lease, sessions }) => {
    const active = status === "opening" || status === "running" || (sessions.size > 0 && OVER.has(status));
    return active ? { status, pid: lease?.holder.pid ?? null } : null;
  });
  if (found === null) return [];
  const whose = found.pid === null ? "no host ever worked on it" : `its host, process ${found.pid}, is gone`;
  const mend = async (): Promise<string> => {
    if (await wantHost()) return `${swarm.id}: started a host, which takes its lease and goes on`;
    throw new SkepError("HOST_DOWN", `${swarm.id}: no host came up`, "skep serve, to see what it says");
  };
  return [{ kind: "lease", found: `${swarm.id} is ${found.status} and ${whose}`, mend, next: MEND }];
};
