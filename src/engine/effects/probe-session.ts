import { sleep } from "../../base/clock.ts";
import { mintUuid } from "../../base/ids.ts";
import { stuckMessage } from "../session-texts.ts";
import { type EffectHandler, owed } from "./effect.ts";

const NOTE_CHARS = 8_000;

/** Asks a session that is about to be ended for a note, cutting its turn where the CLI can, and waits a bounded time. */
export const probeSession: EffectHandler<"probe_session"> = async ({ session: id, run }, world) => {
  const { swarm, sessions, signal } = world;
  owed(swarm.state.sessions.get(id));
  const running = sessions.get(id);
  const reachable = running && (running.live.can.steer || running.live.can.interrupt);
  if (!reachable) return { record: { type: "record_probe", session: id, run, answered: false, note: null } };
  const answer = sessions.listen(id);
  const over = new AbortController();
  void running.live.deliver(await stuckMessage(id, "probe", world), mintUuid(), "now");
  const wait = sleep(swarm.state.limits.supervision.probeMs, AbortSignal.any([signal, over.signal]));
  await Promise.race([answer.done, running.live.exited, wait]);
  over.abort();
  const { words } = answer;
  const note = words ? await swarm.keep(words.slice(0, NOTE_CHARS)) : null;
  return { record: { type: "record_probe", session: id, run, answered: words !== null, note } };
};
