/** Every check, one line each; a test compares this list with the folder. */
import type { Check } from "./check.ts";
import { commands } from "./commands.ts";
import { forbiddenPatterns } from "./forbidden-patterns.ts";
import { scope } from "./scope.ts";
import { secrets } from "./secrets.ts";

export const CHECKS: Readonly<Record<string, Check>> = {
  commands: commands as Check,
  "forbidden-patterns": forbiddenPatterns as Check,
  scope: scope as Check,
  secrets: secrets as Check,
};
