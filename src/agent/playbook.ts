/** A playbook from its YAML text. The format is `playbook-schema.ts`. */
import { readYaml } from "../base/yaml-source.ts";
import { PLAYBOOK_CODE, type Playbook, toPlaybook } from "./playbook-schema.ts";

export type { Numbered, Playbook, Script, Step, Turn } from "./playbook-schema.ts";

/** @param file how errors name it. Throws PLAYBOOK_INVALID with file, line and what is wrong there. */
export function parsePlaybook(source: string, file: string): Playbook {
  const yaml = readYaml(source, { file, code: PLAYBOOK_CODE });
  return toPlaybook(yaml.value, file, (at) => yaml.place(at));
}
