/** A state folder nobody may write to: what can be read is shown, what would change is refused, nothing is lost. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { makeRepo } from "../support/repo.ts";
import { endHost, type Place, REFUSAL, StdioDoor, skep } from "./support/doors.ts";

/** Root may write anywhere, so the program runs as somebody else there. */
const uid = process.getuid?.() === 0 ? 65_534 : undefined;
const closed: string[] = [];
afterEach(async () => {
  for (const root of closed.splice(0)) {
    execFileSync("chmod", ["-R", "u+w", root]);
    await endHost(root);
  }
});

function open(root: string): Place {
  // The folder above is the test's own and closed to others.
  execFileSync("chmod", ["a+rx", path.dirname(root)]);
  if (uid !== undefined) execFileSync("chown", ["-R", String(uid), root]);
  closed.push(root);
  return { cwd: root, ...(uid === undefined ? {} : { uid, env: { HOME: root } }) };
}

const readOnly = (dir: string): void => void execFileSync("chmod", ["-R", "a-w", dir]);

test("[bad-input.read-only.new] a repository that cannot hold skep's state is refused by code and folder, at each door", async () => {
  const { root } = makeRepo();
  const place = open(root);
  readOnly(path.join(root, ".git"));
  for (const args of [["status"], ["run", "a goal", "--harness", "scripted"]]) {
    const ran = await skep(place, ...args);
    expect([args[0], ran.code, REFUSAL.exec(ran.err)?.[1] ?? ran.err]).toEqual([args[0], 1, "STORE_READONLY"]);
    expect(ran.err).toContain(".git/skep");
  }
  const door = await new StdioDoor(place).initialize();
  expect(await door.tool("swarm_create", { goal: "a goal", harness: "scripted" })).toMatchObject({ ok: false, code: "STORE_READONLY" });
  await door.end();
  expect(existsSync(path.join(root, ".git/skep"))).toBe(false);
});

describe("[bad-input.read-only] a state folder that became read-only", () => {
  test("is still read; each change is refused by code; writable again, everything is there", async () => {
    const { root } = makeRepo();
    const place = open(root);
    const first = await new StdioDoor(place).initialize();
    const made = await first.tool("swarm_create", { goal: "a goal", harness: "scripted" });
    expect([made.ok, made.text]).toEqual([true, made.text]);
    const letter = { to: "queen", subject: "kept", body: "words that were acknowledged" };
    const sent = await first.tool("message_send", letter);
    expect(sent.ok).toBe(true);
    expect((await first.tool("swarm_pause")).ok).toBe(true);
    await first.end();
    await endHost(root);

    readOnly(path.join(root, ".git/skep"));
    const door = await new StdioDoor(place).initialize();
    const status = await door.tool("swarm_status");
    expect([status.text, status.facts]).toEqual([status.text, expect.objectContaining({ swarm: made.facts.swarm, status: "paused" })]);
    expect((await door.tool("swarm_list")).facts.swarms).toHaveLength(1);
    for (const [tool, args] of [
      ["message_send", { ...letter, subject: "another" }],
      ["swarm_resume", {}],
      ["swarm_stop", {}],
      ["swarm_create", { goal: "another goal", harness: "scripted" }],
    ] as const) {
      const told = await door.tool(tool, args);
      expect([tool, told.code, told.text]).toEqual([tool, "STORE_READONLY", expect.stringContaining("write access")]);
    }
    const stop = await skep(place, "stop");
    expect([stop.code, REFUSAL.exec(stop.err)?.[1] ?? stop.err]).toEqual([1, "STORE_READONLY"]);
    expect((await skep(place, "status")).code).toBe(0);

    execFileSync("chmod", ["-R", "u+w", path.join(root, ".git/skep")]);
    // What was said of the reader was said of a swarm that ran.
    const again = await door.tool("message_send", letter);
    expect(again).toMatchObject({
      ok: true,
      facts: { repeated: true, sent: [{ id: (sent.facts.sent as readonly { id: string }[])[0]?.id, state: "stored" }] },
    });
    expect((await door.tool("swarm_stop")).ok).toBe(true);
    await door.end();
  });
});
