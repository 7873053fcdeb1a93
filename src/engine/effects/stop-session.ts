import { isSame } from "../../proc/identity.ts";
import { killTree } from "../../proc/tree.ts";
import type { EffectHandler } from "./effect.ts";

const GRACE_MS = 2_000;
const OUTPUT_CHARS = 4_000;

/** Ends a session's process group: asks, waits, ends it. A process of an earlier host is ended when provably the same. */
export const stopSession: EffectHandler<"stop_session"> = async ({ session: id, run, why }, { sessions, swarm, host }) => {
  const exit = await sessions.stop(id, GRACE_MS);
  const proc = swarm.state.sessions.get(id)?.proc;
  const { machine, boot } = host.holder;
  if (!exit && proc?.machine === machine && proc.boot === boot && isSame(proc.pid, proc.start)) await killTree(proc.pid);
  const output = exit?.stderr ? await swarm.keep(exit.stderr.slice(-OUTPUT_CHARS)) : null;
  return { record: { type: "record_session_end", session: id, run, why, output } };
};
