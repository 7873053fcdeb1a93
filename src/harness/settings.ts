/** Settings of one harness, as its adapter reads them. */
import { z } from "zod";
import { SkepError } from "../base/errors.ts";

/** Names of variables of the user's that a session may see; skep's own and git's redirections never are. */
export const envNames = z
  .array(z.string().regex(/^(?!SKEP_|GIT_)[A-Za-z_][A-Za-z0-9_]*$/, "is no variable a session may see"))
  .max(50)
  .default([]);

const argument = z.string().max(4_096);
export const argv = z.array(argument).min(1).max(100);

/** Throws HARNESS_SETTINGS with the field and what is wrong there. */
export function readSettings<T extends z.ZodType>(id: string, schema: T, settings: unknown, next: string): z.output<T> {
  const read = schema.safeParse(settings);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const what = `harness ${id}: ${issue?.path.join(".") || "settings"}: ${issue?.message ?? "missing"}`;
  throw new SkepError("HARNESS_SETTINGS", what, next);
}
