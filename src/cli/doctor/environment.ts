import { isSecretName } from "../../base/redact.ts";
import { listed } from "../../domain/foreign.ts";
import { type DoctorCheck, type Look, ok } from "./check.ts";
import { usesOf } from "./uses.ts";

/** Which of your variables sessions get beside the fixed ones: names only. */
export const environment: DoctorCheck = async (around) => {
  const { env, harnesses } = around;
  return [...usesOf(around)].flatMap(([id, { settings }]): readonly Look[] => {
    const harness = harnesses.get(id);
    if (!harness) return [];
    const names = [...harness.passes, ...(harness.passesFor?.(settings) ?? [])].filter((name) => env[name] !== undefined);
    if (names.length === 0) return [ok("env", `${id} gets nothing of your environment but PATH, HOME, locale and the like`)];
    const secret = names.filter(isSecretName);
    const readable = secret.length === 0 ? "" : `; its agents' shells can read ${listed(secret, 6)}`;
    return [ok("env", `${id} also gets ${listed(names, 12)}${readable}`)];
  });
};
