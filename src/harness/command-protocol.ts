/** Lines between the host and the program that runs a command once per message. */
import { z } from "zod";

const turn = z.strictObject({
  type: z.literal("turn"),
  /** Receipt of the message; comes back with what is said of this turn. */
  id: z.string().min(1).max(100),
  argv: z.array(z.string()).min(1),
  /** The whole stdin; null: closed at once. */
  stdin: z.string().nullable(),
  /** Written first, for the owner alone. */
  file: z.strictObject({ path: z.string().min(1), text: z.string() }),
  timeoutMs: z.number().positive(),
});
const order = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("begin") }),
  turn,
  z.strictObject({ type: z.literal("cut") }),
  z.strictObject({ type: z.literal("end") }),
]);
const report = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready") }),
  z.object({ type: z.literal("started"), id: z.string() }),
  z.object({ type: z.literal("out"), id: z.string(), line: z.string() }),
  z.object({
    type: z.literal("exit"),
    id: z.string(),
    code: z.number().nullable(),
    signal: z.string().nullable(),
    /** The end of what it wrote to stderr. */
    stderr: z.string(),
    why: z.enum(["ended", "cut", "timed_out", "not_started"]),
  }),
]);
export type TurnOrder = z.output<typeof turn>;
export type RunnerOrder = z.output<typeof order>;
export type RunnerReport = z.output<typeof report>;

export const readOrder = (line: string): RunnerOrder | null => parsed(order, line);
export const readReport = (line: string): RunnerReport | null => parsed(report, line);

function parsed<T extends z.ZodType>(schema: T, line: string): z.output<T> | null {
  try {
    return schema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null; // not JSON
  }
}
