import { SkepError } from "../../base/errors.ts";
import { mintToken, mintUuid, sha256 } from "../../base/ids.ts";
import type { Effect } from "../../domain/effects.ts";
import type { Harness, LaunchOrder } from "../../harness/harness.ts";
import { startSession as startProcess } from "../../harness/session.ts";
import { launchOrder } from "../launch-order.ts";
import { endSession } from "../leftovers.ts";
import { firstMessage, resumeMessage, returnedMessage } from "../session-texts.ts";
import { choiceOf } from "../settings.ts";
import { recording } from "../transcript/recorded.ts";
import { type EffectHandler, NotOwed, owed, type World } from "./effect.ts";

type StartEffect = Extract<Effect, { kind: "start_session" }>;

/**
 * Starts the process of a session, or starts it again under a new host. The token is in the log before the process is: it
 * connects at once. The first message follows when the process itself is in the log.
 */
export const startSession: EffectHandler<"start_session"> = async (effect, world) => {
  const { swarm, host, epoch, sessions } = world;
  const session = owed(swarm.state.sessions.get(effect.session));
  const [rests, returned] = [session.turn === "idle" && (session.proc !== null || session.asleep === true), session.person?.back === true];
  await sessions.stop(effect.session, 0);
  if (effect.resume) await endSession(session, world);
  const token = mintToken();
  host.secrets.add(token);
  const minted = await swarm.submit(
    { type: "mint_token", session: effect.session, run: effect.run, tokenHash: sha256(token) },
    { kind: "engine", epoch },
  );
  if (!minted.ok) throw new NotOwed(minted.refusal.message);
  const { harness, order } = await ordered(effect, token, world);
  host.secrets.addFrom(order.env);
  const write = world.transcripts.of(effect.session, effect.run);
  const model = order.model ?? null;
  const hear = sessions.hear(effect.session, effect.run);
  const { onEvent, session: recorded } = recording({ write, redact: host.secrets.redact, hear, prices: world.settings.prices, model });
  write({ type: "started", seat: order.seat, harness: harness.id, model, resumed: order.resume });
  const live = recorded(await startProcess(harness, order, { clock: host.clock, onEvent }));
  const { machine, boot } = host.holder;
  const proc = { pid: live.pid, start: live.start, machine, boot };
  const turn = order.resume && rests ? "idle" : "running";
  return {
    record: { type: "record_session", session: effect.session, run: effect.run, proc, cli: order.cliSession, turn },
    afterwards: async (accepted) => {
      if (!accepted) return void (await live.stop(0));
      const { diagnose } = harness;
      const { watchable } = harness.capabilities;
      const running = {
        session: effect.session,
        run: effect.run,
        live,
        watchable,
        resumed: order.resume,
        ...(diagnose ? { diagnose } : {}),
      };
      const compose = !order.resume ? firstMessage : returned ? returnedMessage : resumeMessage;
      // Composed first: from the moment it is admitted a session gets mail, and its job has to come before that.
      const composed = turn === "idle" ? null : compose(effect.session, world);
      const text = await composed?.catch((error: unknown) => {
        sessions.admit(running);
        throw error;
      });
      sessions.admit(running);
      // Not awaited: a message is taken when the program gets to it, and its end is told by the exit.
      if (text !== undefined) void live.deliver(text, mintUuid(), "next");
    },
  };
};

async function ordered(effect: StartEffect, token: string, world: World): Promise<{ harness: Harness; order: LaunchOrder }> {
  const { swarm, host } = world;
  const seat = owed(swarm.state.seats.get(effect.seat));
  const session = owed(swarm.state.sessions.get(effect.session));
  const harness = host.harness(seat.harness);
  if (!harness)
    throw new SkepError(
      "NO_HARNESS",
      `there is no harness ${JSON.stringify(seat.harness)} in this version`,
      "stop this swarm and start another with a harness this version has",
    );
  const found = await harness.detect(host.env, choiceOf(world.settings, seat.role, seat.harness).settings);
  if (!found.found) throw new SkepError("HARNESS_MISSING", `${harness.id} was not found: ${found.why}`, found.fix);
  const resume = effect.resume && harness.capabilities.resume && session.cli !== null;
  const cliSession = resume && session.cli !== null ? session.cli : mintUuid();
  const order = launchOrder({ session, seat, harness, binary: found.path, cliSession, resume, token }, world);
  return { harness, order };
}
