/** Every check, one line each; a test compares this list with the folder. */
import type { Check } from "./check.ts";
import { commands } from "./commands.ts";
import { dangerousOutput } from "./dangerous-output.ts";
import { dependencies } from "./dependencies.ts";
import { forbiddenPatterns } from "./forbidden-patterns.ts";
import { mergePreview } from "./merge-preview.ts";
import { metric } from "./metric.ts";
import { requiredOutputs } from "./required-outputs.ts";
import { scope } from "./scope.ts";
import { secrets } from "./secrets.ts";
import { size } from "./size.ts";
import { taskChecks } from "./task-checks.ts";

export const CHECKS: Readonly<Record<string, Check>> = {
  commands: commands as Check,
  "dangerous-output": dangerousOutput as Check,
  dependencies: dependencies as Check,
  "forbidden-patterns": forbiddenPatterns as Check,
  "merge-preview": mergePreview as Check,
  metric: metric as Check,
  "required-outputs": requiredOutputs as Check,
  scope: scope as Check,
  secrets: secrets as Check,
  size: size as Check,
  "task-checks": taskChecks as Check,
};
