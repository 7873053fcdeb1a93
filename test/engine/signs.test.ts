import { expect, test } from "vitest";
import { Answer, isWork, Rows } from "../../src/engine/signs.ts";
import type { HarnessEvent } from "../../src/harness/harness.ts";

const usage = { inputTokens: 1, outputTokens: 1, cachedTokens: 0, usd: null };
const ended: HarnessEvent = { type: "turn_ended", ok: true, text: "", error: null, usage };

test("[supervision.evidence] calls, answers and output are work; echoes, keep-alives, retries and noise are none", () => {
  const work: readonly HarnessEvent[] = [
    { type: "text", text: "I look" },
    { type: "tool", name: "Bash", input: {} },
    { type: "tool_result", name: "Bash", ok: true, text: "" },
    { type: "denied", tool: "Bash", why: "no" },
    { type: "alive", output: true },
    ended,
  ];
  const none: readonly HarnessEvent[] = [
    { type: "alive" },
    { type: "receipt", receipt: "r1" },
    { type: "retry", why: "529" },
    { type: "noise", line: "⠋" },
    { type: "reply", lines: ["{}"] },
    { type: "ready", cliSession: "c", mcp: "connected" },
  ];
  expect(work.filter((event) => !isWork(event))).toEqual([]);
  expect(none.filter(isWork)).toEqual([]);
});

test("[supervision.loop] the same call is counted in a row, whatever the order of its arguments, and told at each full row", () => {
  const rows = new Rows(3);
  const call = (input: unknown, name = "Bash") => rows.see({ name, input });
  expect([call({ a: 1, b: [1] }), call({ b: [1], a: 1 }), call({ a: 1, b: [1] })]).toEqual([null, null, { tool: "Bash", times: 3 }]);
  expect([call({ a: 1, b: [1] }), call({ a: 1, b: [1] }), call({ a: 1, b: [1] })]).toEqual([null, null, { tool: "Bash", times: 6 }]);
  expect(call({ a: 2 })).toEqual({ tool: "Bash", times: 1 });
  expect([call({ a: 1 }), call({ a: 2 }), call({ a: 1 }), call({ a: 1 }, "Read")]).toEqual([null, null, null, null]);
});

test("[supervision.probe] an answer begins with the first sign of work; the turn that was cut for the question is none", async () => {
  const answer = new Answer();
  answer.see({ type: "receipt", receipt: "r1" });
  answer.see(ended);
  expect(answer.words).toBeNull();
  for (const text of ["half done", "tests hang"]) answer.see({ type: "text", text });
  expect(answer.words).toBe("half done\ntests hang");
  answer.see(ended);
  await answer.done;
});
