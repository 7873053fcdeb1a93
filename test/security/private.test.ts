/** Other users of the machine: what lies on the disk is the owner's alone, whatever the umask says. */
import { lstatSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { TestSwarm } from "../tools/support/swarm.ts";

test("[security.private] with a umask that hides nothing the state folder is closed to others, and each file with a secret or a text in it is too", async () => {
  const before = process.umask(0);
  try {
    const swarm = await TestSwarm.start();
    await swarm.must("operator", "message_send", { to: "queen", subject: "s", body: "b ".repeat(20_000) });
    await swarm.must("queen", "human_ask", { question: "why? ".repeat(100), fallback: "none" });
    const { home } = swarm.project;
    expect(lstatSync(home).mode & 0o077).toBe(0);
    const open = readdirSync(home, { recursive: true, encoding: "utf8" }).filter((name) => {
      const stat = lstatSync(path.join(home, name));
      return stat.isFile() && stat.size > 0 && (stat.mode & 0o077) !== 0;
    });
    expect(open).toEqual([]);
  } finally {
    process.umask(before);
  }
});
