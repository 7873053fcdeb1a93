/** The person's own config as it lies on their disk now. */
import { readFileSync, statSync } from "node:fs";
import { describeError, quote, SkepError } from "../base/errors.ts";
import { resolveConfig } from "../config/load.ts";
import type { Notify } from "../config/notify-schema.ts";
import { notifyIn, type UserText, userConfigFile } from "../config/user.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** null: there is none. Throws CONFIG_INVALID where it is not for them alone to write. */
export function readUserConfig(env: Env): UserText | null {
  const file = userConfigFile(env);
  if (file === null) return null;
  const invalid = (why: string, next: string): SkepError => new SkepError("CONFIG_INVALID", `${quote(file, 300)} ${why}`, next);
  try {
    // It may start programs, so whoever else may write it could start them as this user.
    if ((statSync(file).mode & 0o002) !== 0) throw invalid("may be written by everybody", `chmod o-w ${quote(file, 300)}`);
    return { text: readFileSync(file, "utf8"), file };
  } catch (error) {
    if (error instanceof SkepError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw invalid(`cannot be read: ${describeError(error)}`, "make it readable for you, or remove it");
  }
}

/** How they want to be told; null: not at all. Throws like the above, and when what it says cannot be taken. */
export function notifyOf(env: Env): Notify | null {
  const user = readUserConfig(env);
  if (user === null) return null;
  resolveConfig({ user });
  return notifyIn(user);
}
