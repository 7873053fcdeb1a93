/** What a look at a session finds; its process is a real one, ended before. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { Effect } from "../../src/domain/effects.ts";
import { lookAtSession } from "../../src/engine/effects/look-at-session.ts";
import { identify, thisProcess } from "../../src/proc/identity.ts";

type Look = Extract<Effect, { kind: "look_at_session" }>;
const X1 = { session: "x1", seat: "dev-0", run: 1 };
const effect = { key: "k", kind: "look_at_session", ...X1, due: { because: "silence", tier: 0 } } as unknown as Look;

function look(proc: { readonly pid: number; readonly start: string }) {
  const { machine, boot } = thisProcess();
  const world = {
    swarm: { state: { sessions: new Map([["x1", { proc: { ...proc, machine, boot } }]]) } },
    sessions: { get: () => undefined },
    host: { holder: { machine, boot }, clock: systemClock, logger: { warn: () => undefined } },
    worktree: () => Promise.reject(new Error("no such place")),
  };
  return lookAtSession(effect, world as never);
}

test("[supervision.gone] a process that is proven gone ends its session; one that may live is only told of", async () => {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: ["pipe", "ignore", "ignore"] });
  const proc = { pid: child.pid ?? 0, start: identify(child.pid ?? 0) ?? "" };
  expect((await look(proc)).record).toMatchObject({ type: "record_look", active: null, readable: false, reachable: false });
  // The same pid with another start is another process.
  expect((await look({ ...proc, start: "1" })).record).toMatchObject({ type: "record_session_end", why: "its process is gone" });
  child.kill("SIGKILL");
  await once(child, "exit");
  expect((await look(proc)).record).toMatchObject({ type: "record_session_end", session: "x1", run: 1 });
});
