/** A disk that fills up under a swarm: no yes that is not kept, a typed no, and service again once there is room. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { makeRepo } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";
import { endHost, StdioDoor, type Told } from "./support/doors.ts";

/** A mount of our own needs root, or a kernel that lets users have namespaces. */
const UNSHARE = ["unshare", ...(process.getuid?.() === 0 ? [] : ["-r"]), "-m", "--propagation", "private"];
const mayMount = spawnSync(UNSHARE[0] ?? "", [...UNSHARE.slice(1), "mount", "-t", "tmpfs", "none", tempDir()]).status === 0;

let door: StdioDoor | undefined;
let state = "";
afterEach(async () => {
  if (state) await endHost(path.resolve(state, "../.."));
  await door?.end();
});

/** The small disk as the test sees it from outside the program's namespace. */
const MOUNT = 'mount -t tmpfs -o size=6m,mode=700 tmpfs "$1" && shift && exec "$@"';

function fill(): string {
  const ballast = path.join(state, "ballast");
  for (const size of [1 << 18, 1 << 12, 1 << 6, 1]) {
    try {
      for (;;) writeFileSync(ballast, Buffer.alloc(size), { flag: "a" });
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe("ENOSPC");
    }
  }
  return ballast;
}

test.runIf(mayMount)(
  "[bad-input.full-disk] what was acknowledged is kept, the rest is refused by code, and room makes it work again",
  async () => {
    const { root } = makeRepo();
    const home = path.join(root, ".git/skep");
    mkdirSync(home);
    door = new StdioDoor({ cwd: root, wrap: [...UNSHARE, "sh", "-c", MOUNT, "sh", home] });
    await door.initialize();
    // Through the program's own root: its mount is nobody else's.
    state = path.join("/proc", String(door.child.pid), "root", home);
    const made = await door.tool("swarm_create", { goal: "a goal", harness: "scripted" });
    expect([made.ok, made.text]).toEqual([true, made.text]);
    expect(existsSync(path.join(state, "swarms"))).toBe(true);
    const send = (n: number): Promise<Told> =>
      (door as StdioDoor).tool("message_send", { to: "dev-0", subject: `letter ${n}`, body: `${n} ${"x".repeat(200_000)}` });

    const kept: string[] = [];
    let refused: Told | null = null;
    for (let n = 0; n < 100 && refused === null; n++) {
      const told = await send(n);
      if (told.ok) kept.push((told.facts.sent as [{ id: string }])[0].id);
      else refused = told;
    }
    expect(refused).toMatchObject({ code: "STORE_FULL", text: expect.stringContaining("free some space") });
    expect(kept.length).toBeGreaterThan(5);

    const ballast = fill();
    for (const [tool, args] of [
      ["message_send", { to: "dev-0", subject: "small", body: "x".repeat(5_000) }],
      ["swarm_create", { goal: "another goal", harness: "scripted" }],
    ] as const) {
      const told = await door.tool(tool, args);
      expect([tool, told.code, told.text]).toEqual([tool, "STORE_FULL", expect.stringContaining("free some space")]);
    }
    expect((await door.tool("swarm_status")).facts).toMatchObject({ swarm: made.facts.swarm });

    rmSync(ballast);
    const again = await send(kept.length);
    expect(again.code).toBe("STORE_FULL");
    const small = await door.tool("message_send", { to: "dev-0", subject: "small", body: "x".repeat(5_000) });
    expect(small).toMatchObject({ ok: true });
    // Exactly what was acknowledged lies in the inbox: none lost, none half, none of the refused ones.
    const inbox = path.join(state, "swarms", String(made.facts.swarm), "mail", "dev-0", "new");
    const acknowledged = [...kept, (small.facts.sent as [{ id: string }])[0].id];
    expect(readdirSync(inbox)).toHaveLength(acknowledged.length);
    for (const id of acknowledged) {
      const [file, ...more] = readdirSync(inbox).filter((name) => name.includes(id));
      expect(more).toEqual([]);
      expect(JSON.parse(readFileSync(path.join(inbox, file ?? id), "utf8"))).toMatchObject({ id, from: "operator" });
    }
    expect((await door.tool("swarm_stop")).ok).toBe(true);
  },
  60_000,
);
