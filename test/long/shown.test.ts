/** Names and words made to move a cursor, hide text or pass for skep's own, at a terminal and in refusals. */

import { expect, test } from "vitest";
import { endHost, StdioDoor, skep } from "../bad-input/support/doors.ts";
import { makeRepo } from "../support/repo.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const RAW = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;
const EVIL = "a \u001b]0;owned\u0007\u009b2J \u202etxt.exe\u2066 \u2028b\u0085c\r\u200bd";

test("[security.shown] a goal, a file and a message with control characters reach a terminal as signs, in every command that shows them", async () => {
  const { root, write } = makeRepo();
  write({ "evil\u009b2J\u202e.txt": "x" });
  const door = await new StdioDoor({ cwd: root }).initialize();
  try {
    const made = await door.tool("swarm_create", { goal: EVIL, harness: "scripted" });
    expect(made.ok, made.text).toBe(true);
    const swarm = String(made.facts.swarm);
    await door.tool("message_send", { to: "queen", subject: "s\u009b2J\u202e", body: EVIL });
    const commands = [
      ["status"],
      ["status", "--json"],
      ["logs"],
      ["logs", "--json"],
      ["doctor"],
      ["doctor", "--json"],
      ["send", "no\u009b2Jbody", EVIL],
    ];
    for (const args of [...commands, ["status", "x\u009b2J"], ["stop", swarm], ["logs", swarm], ["gc"]]) {
      const { out, err } = await skep({ cwd: root }, ...args);
      expect([args, RAW.exec(out)?.index ?? null, RAW.exec(err)?.index ?? null, (out + err).length > 0]).toEqual([args, null, null, true]);
    }
  } finally {
    await door.end();
    await endHost(root);
  }
}, 60_000);
