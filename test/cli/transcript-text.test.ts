/** Transcripts at a terminal. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { SessionId } from "../../src/base/ids.ts";
import { transcriptText } from "../../src/cli/follow/transcript-text.ts";
import type { Entry } from "../../src/engine/transcript/line.ts";

const plain = { paint: (_style: unknown, text: string) => text };
const shown = (entry: Entry): string => transcriptText({ session: "x1" as SessionId, line: { v: 1, at: 0, run: 1, ...entry } }, plain);
const usage = { inputTokens: 1_200, outputTokens: 30, cachedTokens: 4_000, usd: 0.0123 };

test("[seen.logs.foreign] words keep their lines, each marked; numbers and ends are in skep's own words", () => {
  expect(shown({ type: "text", text: "first\n\nsecond\n" })).toBe("00:00:00 x1 says\n| first\n|\n| second");
  expect(shown({ type: "turn_ended", ok: true, error: null, usage: { ...usage, estimated: true } })).toBe(
    "00:00:00 x1 ends its turn (1,200 in, 4,000 cached, 30 out, about $0.0123)",
  );
  expect(shown({ type: "exit", code: 1, signal: null, stderr: "no\nway", unreadable: 2 })).toBe(
    "00:00:00 x1 its program ended with code 1, 2 lines were no events\n| no\n| way",
  );
});

const evil = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("\u001b[2J", "\u001b]0;title\u0007", "a\r00:00:00 x1 says", "b\u0085c", "\u202etxt", "\u009b31m"),
);
const entries = fc.oneof(
  fc.record({ type: fc.constant("text" as const), text: evil }),
  fc.record({ type: fc.constant("message" as const), text: evil, urgency: fc.constant("next") }),
  fc.record({ type: fc.constant("tool" as const), name: evil, input: evil }),
  fc.record({ type: fc.constant("tool_result" as const), name: evil, ok: fc.boolean(), text: evil }),
  fc.record({ type: fc.constant("denied" as const), tool: evil, why: evil }),
  fc.record({ type: fc.constant("broken" as const), kind: evil, message: evil }),
  fc.record({ type: fc.constant("turn_ended" as const), ok: fc.boolean(), error: evil, usage: fc.constant(usage) }),
  fc.record({ type: fc.constant("ready" as const), cli: evil, mcp: evil }),
  fc.record({
    type: fc.constant("exit" as const),
    code: fc.constant(0),
    signal: fc.option(evil),
    stderr: evil,
    unreadable: fc.constant(0),
  }),
);

test("[seen.logs.foreign] no text of an agent reaches the terminal as a control character, or as a line without its mark", () => {
  fc.assert(
    fc.property(entries, (entry) => {
      const [head = "", ...rest] = shown(entry).split("\n");
      expect(head).toMatch(/^00:00:00 x1 /);
      for (const line of rest) expect(line).toMatch(/^(\||\[cut: )/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
      expect([head, ...rest].join("")).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
    }),
  );
});
