/** What `skep doctor` may find wrong, by its code. */
import { CODES } from "../../src/cli/doctor/codes.ts";
import { code, table } from "./table.ts";

export function doctorTable(): string {
  return table(
    ["code", "what you notice", "why", "what to do"],
    Object.entries(CODES).map(([name, { symptom, cause, remedy }]) => [code(name), symptom, cause, remedy]),
  );
}
