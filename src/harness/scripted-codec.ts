/** The scripted agent's lines, both ways; `agent/protocol.ts` is the other end. */
import { z } from "zod";
import type { Codec, HarnessEvent, LaunchOrder } from "./harness.ts";
import { clip, count, jsonLine } from "./json-line.ts";

const output = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), session: z.string(), mcp: z.enum(["connected", "failed"]) }),
  z.object({ type: z.literal("turn_started") }),
  z.object({ type: z.literal("receipt"), receipt: z.string() }),
  z.object({ type: z.literal("tool"), name: z.string(), input: z.unknown() }),
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({
    type: z.literal("turn_ended"),
    ok: z.boolean(),
    text: z.string(),
    error: z.string().nullable(),
    usage: z.object({ input: z.number(), output: z.number() }),
  }),
]);

export function scriptedCodec(_order: LaunchOrder): Codec {
  return {
    read(line): readonly HarnessEvent[] {
      const read = output.safeParse(jsonLine(line));
      if (!read.success) return [{ type: "noise", line: clip(line, 2_000) }];
      const event = read.data;
      if (event.type === "ready") return [{ type: "ready", cliSession: event.session, mcp: event.mcp }];
      if (event.type === "text") return [{ type: "text", text: clip(event.text) }];
      if (event.type !== "turn_ended") return [event];
      const { input, output: written } = event.usage;
      const usage = { inputTokens: count(input), outputTokens: count(written), cachedTokens: 0, usd: null };
      return [{ type: "turn_ended", ok: event.ok, text: clip(event.text), error: event.error, usage }];
    },
    message: (text, receipt, urgency) => [JSON.stringify({ type: "message", text, receipt, urgency })],
    interrupt: () => [JSON.stringify({ type: "interrupt" })],
    end: () => [JSON.stringify({ type: "end" })],
  };
}
