/** What agent CLIs say on their streams, mutated: a codec answers events of its own form, or noise, and never throws. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mintUuid } from "../../src/base/ids.ts";
import { entryOf } from "../../src/engine/transcript/line.ts";
import type { Harness, HarnessEvent } from "../../src/harness/harness.ts";
import { HARNESSES, type HarnessId } from "../../src/harness/index.ts";
import { DIALECTS } from "../harness/support/dialects.ts";
import { orderFor } from "../harness/support/order.ts";
import { mutatedLine, recorded, runs } from "./support/mutate.ts";

const RECORDED: Readonly<Partial<Record<HarnessId, readonly string[]>>> = {
  acp: recorded("acp/gemini-session.jsonl", "acp/gemini-resumed.jsonl", "acp/gemini-unknown.jsonl"),
  gemini: recorded("acp/gemini-session.jsonl", "acp/gemini-resumed.jsonl", "acp/gemini-unknown.jsonl"),
  claude: recorded("claude/session.jsonl", "claude/errors.jsonl", "claude/refused.jsonl", "claude/resumed.jsonl"),
  codex: recorded("codex/session.jsonl", "codex/errors.jsonl", "codex/drop.jsonl", "codex/refused.jsonl", "codex/resumed.jsonl"),
  opencode: recorded("opencode/session.jsonl", "opencode/resumed.jsonl"),
};

/** What the contract suite says in each dialect joins what was recorded. */
function linesOf(id: HarnessId): readonly string[] {
  const dialect = DIALECTS[id];
  const spoken = dialect
    ? [...dialect.ready, dialect.started, dialect.receipt(1), dialect.text("a"), dialect.ended("a", null), dialect.ended("a", "b")]
    : [];
  return [...(RECORDED[id] ?? []), ...spoken.map((line) => JSON.stringify(line))].filter((line) => line.length < 20_000);
}

/** A whole session in its order, in which a few lines are something else: far enough in for turns to end. */
const inOrder = (lines: readonly string[]): fc.Arbitrary<readonly string[]> =>
  fc
    .array(fc.tuple(fc.nat({ max: lines.length - 1 }), mutatedLine(lines)), { maxLength: 8 })
    .map((changes) => lines.map((line, index) => changes.find(([at]) => at === index)?.[1] ?? line));

const settingsOf = (id: HarnessId): Readonly<Record<string, unknown>> =>
  DIALECTS[id]?.settings ?? (id === "acp" ? { command: ["agent"] } : {});

const finite = (value: number | null): boolean => value === null || (Number.isFinite(value) && value >= 0);

function isSound(event: HarnessEvent): boolean {
  if (event.type === "turn_ended") {
    const { inputTokens, outputTokens, cachedTokens, usd } = event.usage;
    return [inputTokens, outputTokens, cachedTokens, usd].every(finite) && typeof event.text === "string";
  }
  if (event.type === "text") return typeof event.text === "string";
  if (event.type === "reply") return event.lines.every((line) => typeof line === "string" && !line.includes("\n"));
  if (event.type === "tool_result") return typeof event.text === "string" && typeof event.ok === "boolean";
  if (event.type === "denied") return typeof event.tool === "string" && typeof event.why === "string";
  if (event.type === "receipt") return typeof event.receipt === "string";
  if (event.type === "broken") return event.problem.message.length <= 300;
  return typeof event.type === "string";
}

describe.each(Object.entries(HARNESSES) as [HarnessId, Harness][])("[fuzz.streams] %s", (id, harness) => {
  test("a stream of mutated lines is read as sound events, each of which can be written down", () => {
    const order = orderFor({ settings: settingsOf(id) });
    const receipt = mintUuid();
    const known = linesOf(id).map((line) => line.replaceAll("{{session}}", order.cliSession).replace(/\{\{uuid:\d\}\}/g, receipt));
    fc.assert(
      fc.property(fc.oneof(inOrder(known), fc.array(mutatedLine(known), { minLength: 1, maxLength: 12 })), (lines) => {
        const codec = harness.codec(order);
        codec.message("go", receipt, "next");
        for (const line of lines) {
          for (const event of codec.read(line.replaceAll("\n", " "))) {
            expect(isSound(event), JSON.stringify(event)).toBe(true);
            JSON.stringify(entryOf(event));
          }
        }
        for (const out of [...codec.interrupt(), ...codec.message("more", mintUuid(), "now"), ...codec.end()])
          expect(out).not.toContain("\n");
      }),
      runs(25),
    );
  });
});

test.each(["-7", "1e999", "-1e999", "1e308"])(
  "[fuzz.streams] a turn that claims to have used %s is counted with a number that adds up",
  (used) => {
    const codec = HARNESSES.claude.codec(orderFor({}));
    const usage = `{"input_tokens":${used},"cache_creation_input_tokens":${used},"output_tokens":${used}}`;
    const events = codec.read(
      `{"type":"result","subtype":"success","is_error":false,"result":"","total_cost_usd":${used},"usage":${usage}}`,
    );
    const ended = events.filter(({ type }) => type === "turn_ended");
    expect(ended).toHaveLength(1);
    expect(ended.every(isSound), JSON.stringify(ended)).toBe(true);
  },
);
