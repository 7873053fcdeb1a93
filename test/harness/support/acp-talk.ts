/** An ACP codec without a program: past its handshake, or wherever the lines at the start bring it. */
import { acp } from "../../../src/harness/acp.ts";
import type { Codec, HarnessEvent, LaunchOrder } from "../../../src/harness/harness.ts";
import { initialized, opened } from "./acp-dialect.ts";
import { orderFor } from "./order.ts";

export function talk(change: Partial<LaunchOrder> = {}, start: readonly unknown[] = [initialized(), ...opened]) {
  const order = orderFor({ cwd: "/tree", settings: { command: ["agent"] }, ...change });
  const codec: Codec = acp.codec(order);
  const say = (line: unknown): readonly HarnessEvent[] =>
    codec.read(JSON.stringify(line).replaceAll("{{session}}", order.resume ? order.cliSession : "session-of-the-agent"));
  const told = start.filter((line) => !(line as { $?: string }).$).flatMap(say);
  return { codec, say, told, order };
}
/** What it writes back. */
export const lines = (events: readonly HarnessEvent[]): Record<string, unknown>[] =>
  events.flatMap((event) => (event.type === "reply" ? event.lines.map((line) => JSON.parse(line) as Record<string, unknown>) : []));
export const OPTIONS = ["allow_always", "allow_once", "reject_once"].map((kind) => ({ kind, optionId: `${kind}!` }));
