/** Every setting of `.skep/config.yaml`, and those of a person's own config alone. */
import { type ConfigField, configFields, userFields } from "../../src/config/fields.ts";
import { code, table } from "./table.ts";

export const configTable = (): string => tableOf(configFields());
export const userConfigTable = (): string => tableOf(userFields());

function tableOf(fields: readonly ConfigField[]): string {
  const rows = fields.map(({ path, type, default: value, env, about }) => [
    code(path),
    type,
    code(JSON.stringify(value) ?? ""),
    code(env ?? ""),
    about,
  ]);
  return table(["setting", "value", "default", "variable", "what it does"], rows);
}
