/** What every adapter promises of swarms, stored texts and holders of a lease. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { type SwarmId, sha256 } from "../../../src/base/ids.ts";
import { thisProcess } from "../../../src/proc/identity.ts";
import { until } from "../../support/until.ts";
import { ADAPTERS, SWARM, twoViews } from "../support/adapters.ts";

describe.each(ADAPTERS)("store over $name", (adapter) => {
  test("[store.swarms] a new swarm is listed and can be opened; a second of its name or none at all is refused", async () => {
    const { store, again } = await adapter.bench();
    expect(await store.list()).toEqual([]);
    await expect(store.open(SWARM)).rejects.toMatchObject({ code: "NO_SWARM" });
    const made = await store.create(SWARM);
    expect(await made.log.read(0)).toEqual([]);
    await expect(store.create(SWARM)).rejects.toMatchObject({ code: "SWARM_EXISTS" });
    await store.create("s-a" as SwarmId);
    const other = await again();
    expect(await other.list()).toEqual(["s-a", SWARM]);
    expect((await other.open(SWARM)).swarm).toBe(SWARM);
    await made.log.append(0, { at: 1, by: "a", command: "go", events: [] });
    await expect(store.create(SWARM)).rejects.toMatchObject({ code: "SWARM_EXISTS" });
    expect(await made.log.read(0)).toHaveLength(1);
  });

  test("[store.swarms] of two who create one swarm at once, one does", async () => {
    const { store, again } = await adapter.bench();
    const results = await Promise.allSettled([store.create(SWARM), (await again()).create(SWARM), store.create(SWARM)]);
    expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected", "rejected"]);
  });

  test("[store.swarms.changes] a new swarm is noticed", async () => {
    const { store, again } = await adapter.bench();
    const stop = new AbortController();
    let seen = -1;
    const listening = (async () => {
      for await (const _ of store.changes(stop.signal)) seen = (await store.list()).length;
    })();
    await until(() => seen === 0);
    await (await again()).create(SWARM);
    await until(() => seen === 1, { timeoutMs: 2_000 });
    stop.abort();
    await listening;
  });

  test.each(["../meta", "S-1", "", "a/b", "a".repeat(41)])("[store.names] %j is no swarm", async (bad) => {
    const { store } = await adapter.bench();
    await expect(store.create(bad as SwarmId)).rejects.toMatchObject({ code: "BAD_ID" });
    await expect(store.open(bad as SwarmId)).rejects.toMatchObject({ code: expect.stringMatching(/^(BAD_ID|NO_SWARM)$/) });
    expect(await store.list()).toEqual([]);
  });

  test("[store.artifacts] a text is stored once under its hash and comes back as it was", async () => {
    const [one, two] = await twoViews(adapter);
    const text = "line\n\u0000 ünï 🐝".repeat(10_000);
    const shas = await Promise.all([one.artifacts.put(text), two.artifacts.put(text), one.artifacts.put("")]);
    expect(shas).toEqual([sha256(text), sha256(text), sha256("")]);
    expect(await one.artifacts.put(text)).toBe(sha256(text));
    expect(await two.artifacts.get(sha256(text))).toBe(text);
    expect(await two.artifacts.get(sha256(""))).toBe("");
  });

  test.each(["../events.jsonl", "", "0".repeat(64), "A".repeat(64), `${"0".repeat(63)}\n`])(
    "[store.artifacts.missing] %j is no stored text",
    async (bad) => {
      const [one] = await twoViews(adapter);
      await expect(one.artifacts.get(bad)).rejects.toMatchObject({ code: "ARTIFACT_MISSING" });
    },
  );

  test("[store.alive] a holder is told apart from a dead one, a later one with its pid, another boot and another machine", async () => {
    const [{ log }] = await twoViews(adapter);
    const me = thisProcess();
    expect(await log.alive(me)).toBe("yes");
    expect(await log.alive({ ...me, start: "1" })).toBe("no");
    expect(await log.alive({ ...me, boot: "earlier" })).toBe("no");
    expect(await log.alive({ ...me, machine: "elsewhere" })).toBe("unknown");
    const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: ["pipe", "ignore", "ignore"] });
    await once(child, "spawn");
    const pid = child.pid ?? 0;
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await log.alive({ ...me, pid })).toBe("no");
  });
});
