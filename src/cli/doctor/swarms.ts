import { count } from "../../domain/foreign.ts";
import type { Damage } from "../../engine/damage/damage.ts";
import { type DoctorCheck, fail, ok, warn } from "./check.ts";
import type { Code } from "./codes.ts";

const CODE: Readonly<Record<Damage["kind"], Code>> = {
  lease: "lease-stale",
  worktree: "worktree-dead",
  index: "index-broken",
  branch: "branch-missing",
};

/** What is wrong with the files of swarms; `skep doctor --fix` puts it right. */
export const swarms: DoctorCheck = async ({ inspection }) => {
  if (inspection === null) return [];
  const { damage, unreadable, swarms: all } = inspection;
  if (damage.length + unreadable.length === 0) return [ok("swarms", `${count(all, "swarm")}, nothing of them is broken`)];
  return [
    ...unreadable.map(({ swarm, why }) =>
      fail("swarms", "swarm-unreadable", `${swarm} cannot be read: ${why}`, "restore its log from a backup, or leave it as it is"),
    ),
    ...damage.map(({ kind, found, mend, next }) => (mend === null ? fail : warn)("swarms", CODE[kind], found, next)),
  ];
};
