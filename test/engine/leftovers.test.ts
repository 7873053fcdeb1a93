/** What a stop does about a process that an earlier host wrote down; the process is a real one. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import type { Effect } from "../../src/domain/effects.ts";
import { stopSession } from "../../src/engine/effects/stop-session.ts";
import { identify, thisProcess } from "../../src/proc/identity.ts";

const effect = { key: "k", kind: "stop_session", session: "x1", run: 2, why: "the swarm is stopped" } as unknown as Extract<
  Effect,
  { kind: "stop_session" }
>;

function stop(proc: { readonly pid: number; readonly start: string; readonly boot?: string; readonly machine?: string }) {
  const { machine, boot } = thisProcess();
  const world = {
    swarm: { id: "s-leftovers", state: { sessions: new Map([["x1", { proc: { machine, boot, ...proc } }]]) } },
    sessions: { stop: async () => undefined },
    host: { holder: { machine, boot } },
  };
  return stopSession(effect, world as never);
}

test("[host.leftovers.recycled] a pid that was written down is ended when it is that process, and not when another has it by now", async () => {
  const child = spawn(process.execPath, ["-e", "process.stdin.pipe(process.stdout)"], {
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
  });
  await once(child, "spawn");
  const proc = { pid: child.pid ?? 0, start: identify(child.pid ?? 0) ?? "" };
  const over = { record: { type: "record_session_end", session: "x1", run: 2, why: "the swarm is stopped", output: null } };
  for (const other of [{ start: "1" }, { boot: "an earlier one" }, { machine: "another" }])
    expect(await stop({ ...proc, ...other })).toEqual(over);
  child.stdin.write("still here");
  expect(String((await once(child.stdout, "data"))[0])).toBe("still here");
  const ended = once(child, "exit");
  expect(await stop(proc)).toEqual(over);
  expect((await ended)[1]).toBe("SIGTERM");
});
