import { mintUuid } from "../../base/ids.ts";
import { turnMessage } from "../session-texts.ts";
import { type EffectHandler, owed } from "./effect.ts";

/** Hands an idle session its next turn: a digest, a reminder, an answer. */
export const startTurn: EffectHandler<"start_turn"> = async ({ session, run, turn }, world) => {
  const running = owed(world.sessions.get(session));
  const text = await turnMessage(session, turn, world);
  const reasons = turn.kind === "digest" ? turn.reasons.length : 0;
  return {
    record: { type: "record_turn_started", session, run, asked: turn.n, reasons },
    afterwards: async (accepted) => {
      if (accepted) void running.live.deliver(text, mintUuid(), "next");
    },
  };
};
