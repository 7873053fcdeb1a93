/** Every setting of `.skep/config.yaml`. */
import { configFields } from "../../src/config/fields.ts";
import { code, table } from "./table.ts";

export function configTable(): string {
  const rows = configFields().map(({ path, type, default: value, env, about }) => [
    code(path),
    type,
    code(JSON.stringify(value) ?? ""),
    code(env ?? ""),
    about,
  ]);
  return table(["setting", "value", "default", "variable", "what it does"], rows);
}
