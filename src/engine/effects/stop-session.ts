import { endSession } from "../leftovers.ts";
import type { EffectHandler } from "./effect.ts";

const GRACE_MS = 2_000;
const OUTPUT_CHARS = 4_000;

/** Ends a session's process group: asks, waits, ends it. A process of an earlier host is ended when provably the same. */
export const stopSession: EffectHandler<"stop_session"> = async ({ session: id, run, why }, world) => {
  const exit = await world.sessions.stop(id, GRACE_MS);
  if (!exit) await endSession({ id, proc: world.swarm.state.sessions.get(id)?.proc ?? null }, world);
  const output = exit?.stderr ? await world.swarm.keep(exit.stderr.slice(-OUTPUT_CHARS)) : null;
  return { record: { type: "record_session_end", session: id, run, why, output } };
};
