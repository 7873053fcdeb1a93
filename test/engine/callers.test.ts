/** From a token to who is calling. */
import { expect, test } from "vitest";
import { type SeatId, type SessionId, sha256, type TaskId } from "../../src/base/ids.ts";
import type { Command } from "../../src/domain/commands.ts";
import type { Job } from "../../src/domain/model.ts";
import { callersOf } from "../../src/engine/host/callers.ts";
import type { LiveSwarm } from "../../src/engine/host/context.ts";
import { openSwarmHandle } from "../../src/engine/swarm-handle.ts";
import { openMemoryStore } from "../../src/store/memory/store.ts";
import { taskSpec } from "../domain/world.ts";
import { SWARM } from "../store/support/adapters.ts";
import { birth, engine, lease, OPERATOR, RULES_OF_NOW } from "./support/born.ts";

const X1 = "x1" as SessionId;

async function sessionOf(handle: LiveSwarm, token: string): Promise<void> {
  const job: Job = { kind: "task", task: "t1" as TaskId, attempt: 1 };
  const proc = { pid: 7, start: "1", machine: "m", boot: "b" };
  const commands: readonly Command[] = [
    { type: "start_job", seat: "dev-0" as SeatId, job },
    { type: "record_worktree", session: X1, job, path: "/w", base: "base", conflict: [], discarded: [] },
    { type: "mint_token", session: X1, run: 1, tokenHash: sha256(token) },
    { type: "record_session", session: X1, run: 1, proc, cli: "c", turn: "running" },
  ];
  for (const command of commands) expect(await handle.submit(command, engine(1))).toMatchObject({ ok: true });
}

test("[host.callers] a token is its session's as long as the run lives, also right after another process started it", async () => {
  const store = openMemoryStore();
  const writer = await openSwarmHandle(await store.create(SWARM), RULES_OF_NOW);
  const reader = await openSwarmHandle(await store.open(SWARM), RULES_OF_NOW);
  const callers = callersOf("operator-token", () => [reader]);
  await writer.submit(birth(taskSpec("t1")), OPERATOR);
  await writer.submit(lease(0), engine(0));
  await writer.submit({ type: "record_opened", tip: "base" }, engine(1));
  expect(await callers.resolve("token-1")).toBeNull();
  await sessionOf(writer, "token-1");
  const caller = { kind: "session", swarm: SWARM, seat: "dev-0", session: X1, run: 1, duty: "worker" };
  expect(await callers.resolve("token-1")).toEqual(caller);
  expect(await callers.resolve("operator-token")).toEqual({ kind: "operator" });
  for (const wrong of ["", "token-2", sha256("token-1"), "operator-token "]) expect(await callers.resolve(wrong)).toBeNull();
  const end: Command = { type: "record_session_end", session: X1, run: 1, why: "ended", output: null };
  expect(await writer.submit(end, engine(1))).toMatchObject({ ok: true });
  await reader.refresh();
  expect(await callers.resolve("token-1")).toBeNull();
});

test("[security.token] a new start of a session takes its old token away, an ending one is refused everywhere, and another swarm knows neither", async () => {
  const store = openMemoryStore();
  const handle = await openSwarmHandle(await store.create(SWARM), RULES_OF_NOW);
  await handle.submit(birth(taskSpec("t1")), OPERATOR);
  await handle.submit(lease(0), engine(0));
  await handle.submit({ type: "record_opened", tip: "base" }, engine(1));
  await sessionOf(handle, "first");
  const callers = callersOf("operator-token", () => [handle]);
  const old = await callers.resolve("first");
  expect(old).toMatchObject({ kind: "session", run: 1 });
  const again: Command = { type: "mint_token", session: X1, run: 2, tokenHash: sha256("second") };
  expect(await handle.submit(again, engine(1))).toMatchObject({ ok: true });
  expect(await callers.resolve("first")).toBeNull();
  expect(await callers.resolve("second")).toMatchObject({ kind: "session", session: X1, run: 2 });
  if (old?.kind !== "session") throw new Error("no session");
  const replayed = { type: "report_progress", task: "t1" as TaskId, attempt: 1, progress: "late" } as const;
  const by = { kind: "session", seat: old.seat, session: old.session, run: old.run } as const;
  expect(await handle.submit(replayed, by)).toMatchObject({ ok: false, refusal: { code: "SESSION_ENDED" } });
  expect(await callersOf("operator-token", () => []).resolve("second")).toBeNull();
  expect(await handle.submit({ type: "stop_swarm", why: "enough" }, OPERATOR)).toMatchObject({ ok: true });
  const stopped = await handle.submit(replayed, { ...by, run: 2 });
  expect(stopped).toMatchObject({ ok: false, refusal: { code: expect.stringMatching(/^(SESSION_ENDED|SWARM_OVER)$/) } });
  const proc = { pid: 7, start: "2", machine: "m", boot: "b" };
  await handle.submit({ type: "record_session", session: X1, run: 2, proc, cli: "c", turn: "idle" }, engine(1));
  const ended: Command = { type: "record_session_end", session: X1, run: 2, why: "stopped", output: null };
  expect(await handle.submit(ended, engine(1))).toMatchObject({ ok: true });
  expect(await callers.resolve("second")).toBeNull();
});
