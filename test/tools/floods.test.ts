/** Agents that send and call too fast, as MCP clients: a typed no that says when, nothing stored, others unhindered. */
import { expect, test } from "vitest";
import { FILES, TestSwarm } from "./support/swarm.ts";

const CONFIG = "floods: { messagesPerMinute: 3, callsPerMinute: 12 }\n";
const started = () => TestSwarm.start("Add add() and double().", { ...FILES, ".skep/config.yaml": CONFIG });
const letter = (n: number, to = "operator") => ({ to, subject: `letter ${n}`, body: "b" });
const when = /^TOO_FAST: .+ a minute\. Next: the same call in (a second|\d+ seconds)\.$/;

test("[flood.messages] a sender above its rate is refused with the time to wait, and its letter is not stored", async () => {
  const swarm = await started();
  for (let n = 0; n < 3; n++) await swarm.must("queen", "message_send", letter(n));
  const fourth = await swarm.call("queen", "message_send", letter(3));
  expect(fourth).toMatchObject({ ok: false, code: "TOO_FAST", text: expect.stringMatching(when) });
  expect(fourth.raw._meta).toMatchObject({ "dev.skep/error": { retryable: true } });
  expect(await swarm.swarm.mail.list("operator", ["stored"])).toHaveLength(3);
  // Another sender has a measure of its own, and the operator's is wider.
  for (let n = 0; n < 8; n++) await swarm.must("operator", "message_send", letter(n, "queen"));
});

test("[flood.calls] a session above its rate is refused in every tool, also unknown ones; others are not", async () => {
  const swarm = await started();
  for (let n = 0; n < 12; n++) expect((await swarm.call("queen", n % 2 ? "task_list" : "no_such_tool")).code).not.toBe("TOO_FAST");
  for (const tool of ["task_list", "no_such_tool", "message_send"])
    expect(await swarm.call("queen", tool)).toMatchObject({ code: "TOO_FAST", text: expect.stringMatching(when) });
  await swarm.must("operator", "swarm_status");
});
