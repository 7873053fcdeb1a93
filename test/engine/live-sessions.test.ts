/** What the processes behind sessions say, as commands. The process is a double: only one can speak before it is in the log. */
import { expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { SkepError } from "../../src/base/errors.ts";
import type { SessionId } from "../../src/base/ids.ts";
import { createLogger } from "../../src/base/logger.ts";
import type { EngineCommand } from "../../src/domain/commands.ts";
import { LiveSessions, type Running } from "../../src/engine/live-sessions.ts";
import type { HarnessEvent } from "../../src/harness/harness.ts";
import { until } from "../support/until.ts";

const X1 = "x1" as SessionId;
const READY: HarnessEvent = { type: "ready", cliSession: "its-own-id", mcp: "connected" };
const NAMED = { type: "name_session", session: X1, run: 1, cli: "its-own-id" };

function sessions(submit?: (command: EngineCommand) => Promise<void>) {
  const told: EngineCommand[] = [];
  const live = new LiveSessions({
    clock: systemClock,
    logger: createLogger("test", "silent"),
    stallMs: 60_000,
    loop: 3,
    submit: async (command) => {
      await submit?.(command);
      told.push(command);
    },
    keep: async (text) => text,
  });
  const running = { session: X1, run: 1, resumed: false, live: { exited: new Promise(() => undefined) } } as unknown as Running;
  return { live, told, running };
}

test("[engine.sessions.named] the id a CLI gives itself is written down, also when it comes before its process is in the log", async () => {
  const early = sessions();
  early.live.hear(X1, 1)(READY);
  early.live.admit(early.running);
  await until(() => early.told.length > 0, { what: "the early name was written down" });
  expect(early.told).toEqual([NAMED]);

  const late = sessions();
  const hear = late.live.hear(X1, 1);
  late.live.admit(late.running);
  hear(READY);
  await until(() => late.told.length > 0, { what: "the late name was written down" });
  expect(late.told).toEqual([NAMED]);
});

test("[engine.sessions.full] what a session said while the disk was full is written down once there is room, in its order", async () => {
  let full = 2;
  const { live, told, running } = sessions(async () => {
    if (full-- > 0) throw new SkepError("STORE_FULL", "the disk is full", "free some space", { retryable: true });
  });
  const hear = live.hear(X1, 1);
  live.admit(running);
  hear(READY);
  hear({ type: "turn_started" });
  await until(() => told.length === 2, { what: "both reports" });
  expect(told.map(({ type }) => type)).toEqual(["name_session", "record_turn_started"]);
});
