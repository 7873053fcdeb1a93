/** Lines between the host and a scripted agent: one JSON object each way per line. `harness/scripted-codec.ts` is the other end. */
import { z } from "zod";

const id = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);

const start = z.strictObject({
  type: z.literal("start"),
  /** Names the state file; the same on every run of one session. */
  session: id,
  resume: z.boolean(),
  playbook: z.string().min(1),
  /** Folder of the state files. */
  state: z.string().min(1),
  mcp: z.strictObject({ url: z.url(), token: z.string().min(1) }),
});
const input = z.discriminatedUnion("type", [
  start,
  z.strictObject({ type: z.literal("message"), text: z.string(), receipt: z.string(), urgency: z.enum(["next", "now"]) }),
  z.strictObject({ type: z.literal("interrupt") }),
  z.strictObject({ type: z.literal("end") }),
]);
export type Input = z.output<typeof input>;
export type StartOrder = z.output<typeof start>;

export type Output =
  | { readonly type: "ready"; readonly session: string; readonly mcp: "connected" | "failed"; readonly why?: string }
  | { readonly type: "turn_started" }
  | { readonly type: "receipt"; readonly receipt: string }
  | { readonly type: "tool"; readonly name: string; readonly input: unknown }
  | { readonly type: "text"; readonly text: string }
  | {
      readonly type: "turn_ended";
      readonly ok: boolean;
      readonly text: string;
      readonly error: string | null;
      readonly usage: { readonly input: number; readonly output: number };
    };

/** null: not a line of this protocol. */
export function readInput(line: string): Input | null {
  try {
    const read = input.safeParse(JSON.parse(line));
    return read.success ? read.data : null;
  } catch {
    return null; // not JSON
  }
}
