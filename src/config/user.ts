/**
 * A person's own config, below that of every project: `~/.config/skep/config.yaml`. It may say all that a project's may, which
 * then wins, and what is theirs alone to say.
 */
import path from "node:path";
import { z } from "zod";
import { readYaml } from "../base/yaml-source.ts";
import { type Notify, notify } from "./notify-schema.ts";
import { configSchema } from "./schema.ts";

/** What a repository may not set. */
export const USER_ONLY: ReadonlySet<string> = new Set(["notify"]);

export const userSchema = configSchema.extend({ notify: notify.optional() });

export interface UserText {
  readonly text: string;
  /** How errors name the file. */
  readonly file: string;
}

/** Where it is; null: the environment names no home. */
export function userConfigFile({ XDG_CONFIG_HOME = "", HOME = "" }: Readonly<Record<string, string | undefined>>): string | null {
  // As the specification has it: a relative path there is none.
  if (path.isAbsolute(XDG_CONFIG_HOME)) return path.join(XDG_CONFIG_HOME, "skep", "config.yaml");
  return path.isAbsolute(HOME) ? path.join(HOME, ".config", "skep", "config.yaml") : null;
}

const justNotify = z.looseObject({ notify: notify.optional() });

/** What notifies, of a file that `resolveConfig` has nothing against; null: nothing does. */
export function notifyIn({ text, file }: UserText): Notify | null {
  if (text.trim() === "") return null;
  const set = justNotify.parse(readYaml(text, { file, code: "CONFIG_INVALID" }).value ?? {}).notify;
  return set && (set.command !== null || set.url !== null) ? set : null;
}
